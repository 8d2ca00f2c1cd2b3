import WorkerPipe

/// Several tensors as one row of numbers: of each its rank, its sizes, the number of its elements
/// and these. One of integers has −1 − rank, and two halves for each, since a float holds 24 bits. A file
/// of few large tensors is smaller than one of many small ones.
enum PackedTensors {
  /// How many numbers of a gradient are kept.
  static let samples = 16

  static func packed(_ tensors: [PipeTensor]) -> [Float] {
    var numbers: [Float] = []
    for tensor in tensors {
      let rank = tensor.shape.count
      numbers.append(Float(tensor.integers == nil ? rank : -1 - rank))
      numbers += tensor.shape.map(Float.init)
      numbers.append(Float(tensor.values.count))
      numbers += tensor.integers.map(halves) ?? tensor.values
    }
    return numbers
  }

  static func unpacked(_ numbers: [Float], names: [String]) -> [PipeTensor] {
    var rest = numbers[...]
    func take(_ count: Int) -> [Float] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    return names.map { name in
      let code = take(1).first.map { Int($0) } ?? 0
      let shape = take(code < 0 ? -1 - code : code).map { Int($0) }
      let count = take(1).first.map { Int($0) } ?? 0
      return PipeTensor(
        name: name, shape: shape,
        elements: code < 0 ? .integers(integers(take(2 * count))) : .floats(take(count)))
    }
  }

  /// Of each integer the upper and the lower 16 bits.
  static func halves(_ integers: [Int32]) -> [Float] {
    integers.flatMap { [Float($0 >> 16), Float($0 & 0xffff)] }
  }

  static func integers(_ halves: [Float]) -> [Int32] {
    stride(from: 0, to: halves.count - 1, by: 2).map {
      Int32(halves[$0]) << 16 | Int32(halves[$0 + 1])
    }
  }
}
