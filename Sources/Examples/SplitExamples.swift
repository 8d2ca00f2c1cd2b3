/// Examples to train on and examples to validate on, as a kind of data prepares them, and those that decide nothing of
/// a training.
public struct SplitExamples: Sendable {
  /// Examples to train on.
  public let training: ExampleSet
  /// Examples to validate on.
  public let validation: ExampleSet
  /// Examples by which trainings are chosen; nil where the data are not split so far.
  public let test: ExampleSet?
  /// Examples that are looked at once, when everything is chosen; nil where the data are not split so far.
  public let holdOut: ExampleSet?
  /// What the validation examples are ranked by; empty where nothing is.
  public let queries: [RankingQuery]

  /// Names the sets.
  public init(
    training: ExampleSet, validation: ExampleSet, test: ExampleSet? = nil,
    holdOut: ExampleSet? = nil, queries: [RankingQuery] = []
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.holdOut = holdOut
    self.queries = queries
  }
}
