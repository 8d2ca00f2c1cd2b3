/// A mistake in the use of the tensor core that a student can make and mend: shapes that do not
/// fit, an axis that does not exist, a file that is not one.
///
/// The text names the operation, the operands (parameters by their names), their shapes, the two
/// numbers that clash and, where there is one, a remedy:
/// `matmul: X [32, 5] × W_xi [4, 16]: the inner dimensions differ, 5 and 4`.
public struct TensorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The operation that refused its arguments.
  public let operation: String
  /// What was wrong.
  public let reason: String
  /// What to do about it, where that is known.
  public let remedy: String?

  /// Makes an error.
  public init(_ operation: String, _ reason: String, remedy: String? = nil) {
    self.operation = operation
    self.reason = reason
    self.remedy = remedy
  }

  /// The whole sentence.
  public var description: String {
    "\(operation): \(reason)" + (remedy.map { ". \($0)" } ?? "")
  }
}
