import Assignment
import Examples

/// What is true of a unit, as far as its checks need it.
public struct UnitFacts: Sendable {
  /// The unit's name, which is that of its folders.
  public let name: String
  /// What its students write.
  public let subjects: [Subject]
  /// What is known of mistakes; nil in a student's copy, where their results are among the recorded
  /// answers.
  public let mistakes: (any MistakeBook)?
  /// The examples that a self-check trains on, which everybody has; nil where nothing is trained.
  public let examples: (@Sendable () throws -> SplitExamples)?

  /// Describes a unit.
  public init(
    name: String, subjects: [Subject], mistakes: (any MistakeBook)? = nil,
    examples: (@Sendable () throws -> SplitExamples)? = nil
  ) {
    self.name = name
    self.subjects = subjects
    self.mistakes = mistakes
    self.examples = examples
  }

  /// The known mistakes that its checks call by their names, and what they say of them.
  public var mistakeSentences: [MistakeName: String] {
    let pairs = (mistakes?.named ?? [:]).flatMap { subject, named in
      named.map { (MistakeName(subject: subject, id: $0.id), $0.sentence) }
    }
    return Dictionary(pairs) { first, _ in first }
  }
}
