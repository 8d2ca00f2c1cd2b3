import Examples

/// The examples of a training as they go over the pipe: training examples with targets, validation
/// examples without. Whoever receives them sees no row that is not theirs.
public struct TrainingQuestion: Sendable {
  /// What the tensors say.
  public struct Description: Codable, Sendable {
    let training: ExampleSet.Description
    let validation: ExampleSet.Description
  }

  /// What the tensors say.
  public let description: Description
  /// The numbers.
  public let tensors: [PipeTensor]

  /// Packs the examples.
  public init(train: ExampleSet, validation: ExampleSet) {
    let training = train.compacted().packed("training")
    let validation = validation.compacted().with(.none).packed("validation")
    description = Description(
      training: training.description, validation: validation.description)
    tensors = training.tensors + validation.tensors
  }
}

extension TrainingQuestion.Description {
  /// The examples that such tensors hold.
  ///
  /// - Throws: `Frame.Malformed` where something is missing or does not fit.
  public func examples(
    in tensors: [PipeTensor]
  ) throws -> (training: ExampleSet, validation: ExampleSet) {
    (
      try ExampleSet(training, in: tensors, "training"),
      try ExampleSet(validation, in: tensors, "validation")
    )
  }
}
