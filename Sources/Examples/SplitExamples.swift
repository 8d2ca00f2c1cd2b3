/// Examples to train on and examples to validate on, as a kind of data prepares them.
public struct SplitExamples: Sendable {
  /// Examples to train on.
  public let training: ExampleSet
  /// Examples to validate on.
  public let validation: ExampleSet

  /// Names the two sets.
  public init(training: ExampleSet, validation: ExampleSet) {
    self.training = training
    self.validation = validation
  }
}
