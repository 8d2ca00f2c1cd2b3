import Foundation

/// Why a class cannot be graded; the description is one sentence for the instructor.
public enum BatchError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// A file of ours cannot be written.
  case cannotWrite(path: String, reason: String)
  /// A file of ours cannot be read.
  case cannotRead(path: String, reason: String)
  /// The compiler failed for a reason that is not the student's.
  case buildFailed(reason: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written (\(reason)): choose another place or free this one"
    case .cannotRead(let path, let reason):
      "\(path) cannot be read: \(reason)"
    case .buildFailed(let reason):
      "the build failed for a reason that is not the student's: \(reason)"
    }
  }

  /// The same sentence.
  public var errorDescription: String? { description }
}
