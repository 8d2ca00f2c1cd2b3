import Examples

/// What can be asked of examples by texts: which of them show what a text names. An example is ranked by the product
/// of its embedding with the question's vector.
public struct TextQuestions: Sendable {
  /// A question.
  public struct Question: Sendable, Equatable {
    /// The group that figures are given by, such as `seen` or `described`.
    public let group: String
    /// What is asked for, such as `left bundle branch block`.
    public let name: String
    /// The numbers of the labels that a right example has, all of them.
    public let labels: [Int]
    /// The texts that ask for it, each a unit vector of `width` numbers.
    public let prompts: [[Float]]
    /// Their mean, divided by its length.
    public let vector: [Float]
    /// Whether it is asked of the examples at `heldBack` alone.
    public let asksHeldBackOnly: Bool
  }

  /// Numbers of a text.
  public let width: Int
  /// The questions, group after group.
  public let questions: [Question]
  /// Numbers of the validation examples that no training could have had; the others were left out of the training for
  /// a label that they have.
  public let heldBack: [Int]
  /// How many different sets of labels the training examples have: their captions are numbered from 0 up to it.
  public let captionCount: Int
  /// Examples of another source, on which all is asked of all; nil where there are none.
  public let other: ExampleSet?
  /// The vector of some texts together: the mean of their vectors, divided by its length.
  ///
  /// - Throws: a sentence where the table has no such text.
  public let vector: @Sendable (_ texts: [String]) throws -> [Float]

  /// The groups, in order.
  public var groups: [String] {
    var seen: Set<String> = []
    return questions.map(\.group).filter { seen.insert($0).inserted }
  }

  /// The numbers of the validation examples that a question is asked of.
  public func examples(of question: Question, in validation: ExampleSet) -> [Int] {
    question.asksHeldBackOnly ? heldBack : Array(0..<validation.count)
  }

  /// Whether each example of a set is right for a question. Its targets are sets of labels.
  public static func answers(_ question: Question, in examples: ExampleSet) -> [Bool] {
    guard case .labelSets(let flags, let count) = examples.targets else { return [] }
    return (0..<examples.count).map { index in
      question.labels.allSatisfy { flags[index * count + $0] == 1 }
    }
  }
}
