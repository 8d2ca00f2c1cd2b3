import Foundation

/// Why a student's program cannot be built that is not the student's fault, in one sentence.
public enum BuildError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// The compiler failed.
  case failed(reason: String)
  /// A program has what its tasks may not use.
  case partInProgram(String)

  /// The unit's own files do not compile: whatever a student handed in would not either.
  package static func untouchedFails(unit: String, _ errors: [String]) -> Self {
    .failed(
      reason: "the untouched files of \(unit) do not compile either: "
        + errors.joined(separator: "; "))
  }

  /// One sentence.
  public var description: String {
    switch self {
    case .partInProgram(let problem):
      "nothing was graded, since \(problem): remove .build and start again; where that does not help, "
        + "./rhythm unit check says what is there"
    case .failed(let reason):
      "the build failed for a reason that is not the student's: \(reason)"
    }
  }

  /// The same sentence.
  public var errorDescription: String? { description }
}
