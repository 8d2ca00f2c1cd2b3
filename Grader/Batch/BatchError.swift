import Foundation

/// Why a class cannot be graded; the description is one sentence for the instructor.
public enum BatchError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// A file of ours cannot be written.
  case cannotWrite(path: String, reason: String)
  /// A file of ours cannot be read.
  case cannotRead(path: String, reason: String)
  /// The output folder belongs to another unit.
  case otherUnit(folder: String, unit: String)
  /// Submissions lack the verdict of a check.
  case notJudged(count: Int)
  /// A submission cannot be judged again.
  case cannotReplay(submission: String, reason: String)
  /// Somebody cannot be taken out of the gradebook.
  case cannotRemove(String, reason: String)
  /// The compiler failed for a reason that is not the student's.
  case buildFailed(reason: String)

  /// A program has what its tasks may not use.
  case partInProgram(String)

  /// The unit's own files do not compile: whatever a student handed in would not either.
  static func untouchedFails(unit: String, _ errors: [String]) -> Self {
    .buildFailed(
      reason: "the untouched files of \(unit) do not compile either: "
        + errors.joined(separator: "; "))
  }

  /// One sentence.
  public var description: String {
    switch self {
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written (\(reason)): choose another place or free this one"
    case .cannotRead(let path, let reason):
      "\(path) cannot be read: \(reason)"
    case .otherUnit(let folder, let unit):
      "\(folder) holds the grades of \(unit): name another folder with --out"
    case .cannotReplay(let submission, let reason):
      "\(submission) cannot be judged again: \(reason)"
    case .cannotRemove(let name, let reason):
      "\(name) cannot be taken out of the gradebook: \(reason)"
    case .notJudged(let count):
      "a check of assignment.yml has not been run on \(count) submissions: "
        + "./rhythm regrade comes first"
    case .partInProgram(let problem):
      "nothing was graded, since \(problem): remove .build and start again; where that does not help, "
        + "./rhythm unit check says what is there"
    case .buildFailed(let reason):
      "the build failed for a reason that is not the student's: \(reason)"
    }
  }

  /// The same sentence.
  public var errorDescription: String? { description }
}
