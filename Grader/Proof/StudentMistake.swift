import Assignment

/// Something that students hand in: the solution with a mistake in it, or written in another way.
public struct StudentMistake: Sendable {
  /// How a mistake is told in the feedback.
  enum Called: Equatable, Sendable {
    /// As a known mistake, whatever is said of it.
    case known(MistakeName)
    /// In words of a check's own: any of these, where the draw decides which check comes first.
    case words([String])
  }

  /// Kebab case, beginning with the task, or with `right` where it is no mistake.
  public let name: String
  /// The task's name in `assignment.yml`.
  public let task: String
  /// What the feedback must call it; nil where nothing is wrong.
  let called: Called?
  /// What the student reads, for the table.
  public let says: String?
  /// What a student may ask herself.
  public let hint: String?
  /// The checks that must catch it: names, or `lstm.*` for all that begin so.
  public let fails: [String]

  /// The checks that it may cost as well: that depends on the draw. Those that must catch it may wait for them.
  public let may: [String]

  /// What is otherwise than in the solution, by file.
  let edits: [String: [SourceEdit]]
  /// What is handed in; the stubs stand for the rest.
  public internal(set) var files: [String: String] = [:]

  /// Whether all checks must pass.
  public var isRight: Bool { fails.isEmpty }

  /// Whether a check must catch it.
  public func fails(_ check: String) -> Bool {
    fails.contains { $0.hasSuffix("*") ? check.hasPrefix($0.dropLast()) : $0 == check }
  }
}
