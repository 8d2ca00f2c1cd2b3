import Foundation

/// The points that a person gave for a check, which count in place of the judge's.
public struct PointsByHand: Codable, Sendable, Equatable {
  /// What is not as it was when they were given.
  public enum Change: String, Codable, Sendable {
    case files, check, maximum
  }

  /// The points that the judge gave.
  public var judged: Double
  /// Why, as the student reads it.
  public var reason: String
  /// Who gave them, and when.
  public var person: String
  /// When, in ISO 8601.
  public var date: String
  /// What has changed since: with anything in it, somebody should look again.
  public var changes: [Change]

  /// Describes them.
  public init(
    judged: Double, reason: String, person: String, date: String, changes: [Change] = []
  ) {
    self.judged = judged
    self.reason = reason
    self.person = person
    self.date = date
    self.changes = changes
  }

  /// That they were given for something else than what there is now; nil where nothing has changed.
  public var lookAgain: String? {
    guard !changes.isEmpty else { return nil }
    let words = changes.map { change in
      switch change {
      case .files: "other files were handed in"
      case .check: "the check has changed"
      case .maximum: "it is worth other points"
      }
    }
    return
      "points given by hand for an earlier version (\(words.joined(separator: ", ")) since): look again"
  }
}

extension SubmissionResult {
  /// Points by hand that were given for an earlier version, a sentence each.
  public var pointsToLookAt: [String] {
    checks.compactMap { check in check.byHand?.lookAgain.map { "\(check.id): \($0)" } }
  }
}
