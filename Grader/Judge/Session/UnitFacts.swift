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
  /// What its networks learn from; nil where nothing is trained.
  public let data: TrainingData?

  /// What the networks of a unit learn from.
  public struct TrainingData: Sendable {
    /// The kind of data, by the name that it has in `assignment.yml`.
    public let kind: String
    /// How the examples of a grading run are made unrecognisable.
    public let disguise: Disguise
    /// The examples that a self-check trains on, which everybody has, by the settings in
    /// `assignment.yml`.
    public let examples: @Sendable (_ settings: [String: String]) throws -> SplitExamples

    /// Describes data.
    public init(
      kind: String, disguise: Disguise,
      examples: @escaping @Sendable (_ settings: [String: String]) throws -> SplitExamples
    ) {
      self.kind = kind
      self.disguise = disguise
      self.examples = examples
    }
  }

  /// Describes a unit.
  public init(
    name: String, subjects: [Subject], mistakes: (any MistakeBook)? = nil,
    data: TrainingData? = nil
  ) {
    self.name = name
    self.subjects = subjects
    self.mistakes = mistakes
    self.data = data
  }

  /// The known mistakes that its checks call by their names, and what they say of them.
  public var mistakeSentences: [MistakeName: String] {
    let pairs = (mistakes?.named ?? [:]).flatMap { subject, named in
      named.map { (MistakeName(subject: subject, id: $0.id), $0.sentence) }
    }
    return Dictionary(pairs) { first, _ in first }
  }
}
