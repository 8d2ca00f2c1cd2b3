import Foundation
import People

/// The gradebook against what came: whoever was in it and is not in the delivery keeps the grade.
public struct Continuity: Codable, Equatable, Sendable {
  /// A submission that an instructor's word took out of the gradebook.
  public struct Removed: Codable, Equatable, Sendable {
    /// Its name.
    public var submission: String
    /// When.
    public var date: Date

    /// Describes a removal.
    public init(submission: String, date: Date) {
      self.submission = submission
      self.date = date
    }
  }

  /// The submissions that are in the gradebook and not in this delivery, and were kept.
  public var kept: [String]
  /// Those that came again with other files, which count now.
  public var changed: [String]
  /// Those that were taken out, now or before, and have not come again.
  public var removed: [Removed]

  /// Describes what became of those in the gradebook.
  public init(kept: [String] = [], changed: [String] = [], removed: [Removed] = []) {
    self.kept = kept
    self.changed = changed
    self.removed = removed
  }

  /// What there is to say, a line each, with so many names.
  public func sentences(names limit: Int = 10) -> [String] {
    func list(_ names: [String]) -> String {
      names.prefix(limit).map(shown).joined(separator: ", ")
        + (names.count > limit ? " and \(names.count - limit) more" : "")
    }
    var sentences: [String] = []
    if !kept.isEmpty {
      sentences.append(
        "in the gradebook and not in this delivery: \(list(kept)); kept with their grades "
          + "(--remove-missing drops them, --remove NAME one of them)")
    }
    if !changed.isEmpty {
      sentences.append("handed in again, other files than before: \(list(changed))")
    }
    if !removed.isEmpty {
      sentences.append("taken out of the gradebook: \(list(removed.map(\.submission)))")
    }
    return sentences
  }
}
