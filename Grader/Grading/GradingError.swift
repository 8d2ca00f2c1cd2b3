import Foundation

/// Why a class cannot be graded; the description is one sentence for the instructor.
public enum GradingError: Error, Equatable, Sendable, LocalizedError, CustomStringConvertible {
  /// The output folder belongs to another unit.
  case otherUnit(folder: String, unit: String)
  /// What the output folder's files would replace is somebody's.
  case occupied(path: String)
  /// Submissions lack the verdict of a check.
  case notJudged(count: Int)
  /// A submission cannot be judged again.
  case cannotReplay(submission: String, reason: String)
  /// Somebody cannot be taken out of the gradebook.
  case cannotRemove(String, reason: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .otherUnit(let folder, let unit):
      "\(folder) holds the grades of \(unit): name another folder with --out"
    case .occupied(let path):
      "\(path) is not of an earlier run, and the results would take its place: name another folder with "
        + "--out, or move it away"
    case .cannotReplay(let submission, let reason):
      "\(submission) cannot be judged again: \(reason)"
    case .cannotRemove(let name, let reason):
      "\(name) cannot be taken out of the gradebook: \(reason)"
    case .notJudged(let count):
      "a check of assignment.yml has not been run on \(count) submissions: "
        + "./rhythm regrade comes first"
    }
  }

  /// The same sentence.
  public var errorDescription: String? { description }
}
