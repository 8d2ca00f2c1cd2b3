import CKernels

// Sizes are checked before memory is asked for. A system hands out more than it has, and ends the
// process that writes to it, which no `catch` sees: so an operation that throws asks first whether
// there is room for its result, and one that does not throw ends with a sentence.

extension Shape {
  /// Refuses a result of this shape when there is no memory for it, or no tensor has such a shape.
  ///
  /// To be called before `count`, by every operation whose result may be larger than its operands.
  ///
  /// - Parameter operands: as a message names them; nothing where the shape alone is the operand.
  func checkRoom(
    _ operation: String, _ operands: @autoclosure () -> String = ""
  ) throws(TensorError) {
    guard let reason = shortage else { return }
    let operands = operands()
    throw TensorError(
      operation, (operands.isEmpty ? "" : operands + ": ") + "the result \(reason)",
      remedy: "Smaller batches or sizes need less")
  }

  /// Why no tensor of this shape is to be had; `nil` when one is.
  var shortage: String? {
    guard let count = checkedCount else {
      return "\(self) has a negative size, or more elements than any memory"
    }
    return rk_has_room(count) ? nil : "\(self) takes \(Memory.shortage(count))"
  }
}

/// Sentences on memory.
enum Memory {
  /// As in `40.0 GB of memory, and 22.4 GB are free`.
  static func shortage(_ count: Int) -> String {
    let free = rk_available_memory()
    return "\(gigabytes(4 * Double(count))) of memory, and \(gigabytes(Double(free))) are free"
  }

  private static func gigabytes(_ bytes: Double) -> String {
    let (size, unit) =
      bytes >= 1e12 ? (bytes / 1e12, "TB") : bytes >= 1e9 ? (bytes / 1e9, "GB") : (bytes / 1e6, "MB")
    return "\((size * 10).rounded() / 10) \(unit)"
  }
}

/// Ends the program where a function that does not throw cannot go on.
///
/// Not by a precondition: its message is left out of an optimised build.
package func stop(_ operation: String, _ reason: String) -> Never {
  fatalError("\(operation): \(reason)")
}
