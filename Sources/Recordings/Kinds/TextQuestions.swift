import Examples

/// What is behind the queries that ask by texts which examples show what a text names.
public struct TextQuestions: Sendable {
  /// Numbers of a text.
  public let width: Int
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
}
