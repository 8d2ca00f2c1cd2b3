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
  package func checkRoom(
    _ operation: String, _ operands: @autoclosure () -> String = ""
  ) throws(TensorError) {
    guard let reason = shortage else { return }
    let operands = operands()
    throw TensorError(
      operation, (operands.isEmpty ? "" : operands + ": ") + "the result \(reason)",
      remedy: "Smaller batches or sizes need less")
  }

  /// Ends the program with a sentence when no tensor of this shape is to be had, where a function that
  /// does not throw is given its sizes by a caller.
  package func requireRoom(_ operation: String) {
    if let reason = shortage { stop(operation, "a tensor of the shape \(reason)") }
  }

  /// Why no tensor of this shape is to be had; `nil` when one is.
  package var shortage: String? {
    guard let count = checkedCount else {
      return "\(self) has a negative size, or more elements than any memory"
    }
    return rk_has_room(count) ? nil : "\(self) takes \(Memory.shortage(count))"
  }
}

extension Tensor {
  /// Refuses more results than there is memory for: tensors without elements may be cut into any number.
  static func checkRoom(forResults count: Int, _ operation: String) throws(TensorError) {
    // a tensor is an object, and has a shape and a place in a graph
    guard Shape([count, 64]).shortage != nil else { return }
    throw TensorError(
      operation, "the result would be \(count) tensors, more than memory has room for")
  }
}

extension Tensor {
  /// Refuses to keep more numbers in between than there is memory for.
  ///
  /// - Parameter count: of the largest buffer; as large as no number is for more than that.
  func checkRoom(
    inBetween count: Int, _ operation: String, _ operands: @autoclosure () -> String
  ) throws(TensorError) {
    guard count < 0 || !rk_has_room(count) else { return }
    throw TensorError(
      operation,
      "\(operands()): what is kept in between "
        + (count < 0 || count == .max
          ? "has more elements than any memory" : "takes \(Memory.shortage(count))"),
      remedy: "Smaller batches or sizes need less")
  }
}

/// The sizes of windows, from settings that may be any number: all that they are computed with is
/// checked here, so that no sum or product of them overflows.
enum WindowSizes {
  /// An axis of more elements than this has no place in any memory.
  private static let longest = 1 << 40

  /// `dilation · (kernel − 1) + 1`, of positive numbers.
  static func span(
    kernel: Int, dilation: Int, _ operation: String, _ operands: @autoclosure () -> String
  ) throws(TensorError) -> Int {
    let (reach, overflows) = dilation.multipliedReportingOverflow(by: kernel - 1)
    guard !overflows, reach < longest else {
      throw TensorError(
        operation,
        "\(operands()): a kernel of \(kernel) with dilation \(dilation) spans more elements than any "
          + "memory")
    }
    return reach + 1
  }

  /// Refuses padding, not negative, that no memory holds.
  static func check(
    padding: Int, at length: Int, _ operation: String, _ operands: @autoclosure () -> String
  ) throws(TensorError) {
    guard padding < longest, length < longest else {
      throw TensorError(
        operation,
        "\(operands()): a length of \(length) with padding \(padding) is more than any memory")
    }
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
      bytes >= 1e12
      ? (bytes / 1e12, "TB") : bytes >= 1e9 ? (bytes / 1e9, "GB") : (bytes / 1e6, "MB")
    return "\((size * 10).rounded() / 10) \(unit)"
  }
}

/// Ends the program where a function that does not throw cannot go on.
///
/// Not by a precondition: its message is left out of an optimised build.
package func stop(_ operation: String, _ reason: String) -> Never {
  fatalError("\(operation): \(reason)")
}
