import TensorCore

extension ReaderProbe {
  private func bits(_ tensor: Tensor) -> [UInt32] { tensor.array.map(\.bitPattern) }

  /// Tensors are no larger than the file, and come back when they are written.
  func readSafeTensors(_ bytes: [UInt8]) throws {
    let entries = try SafeTensors.decode(bytes)
    try BrokenProperty.unless(
      entries.reduce(0) { $0 + $1.tensor.count } <= bytes.count, "tensors are larger than the file")
    let again = try BrokenProperty.unlessWorks {
      try SafeTensors.decode(SafeTensors.encode(entries))
    }
    try BrokenProperty.unless(
      again.map(\.name) == entries.map(\.name)
        && zip(again, entries).allSatisfy {
          $0.tensor.shape == $1.tensor.shape && bits($0.tensor) == bits($1.tensor)
        }, "other tensors are read than were written")
  }

  /// The same of one array.
  func readNumPy(_ bytes: [UInt8]) throws {
    let tensor = try NumPyArray.decode(bytes)
    try BrokenProperty.unless(tensor.count <= bytes.count, "the array is larger than the file")
    let again = try BrokenProperty.unlessWorks {
      try NumPyArray.decode(NumPyArray.encode(tensor))
    }
    try BrokenProperty.unless(
      again.shape == tensor.shape && bits(again) == bits(tensor),
      "another array is read than was written")
  }
}
