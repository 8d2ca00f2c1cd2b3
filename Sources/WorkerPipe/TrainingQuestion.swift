import Examples

/// The examples of a training as they go over the pipe: training examples with targets, validation
/// examples without. Whoever receives them sees no row that is not theirs.
public struct TrainingQuestion: Sendable {
  /// What the tensors say.
  public struct Description: Codable, Sendable {
    let training: ExampleSet.Description
    let validation: ExampleSet.Description
  }

  private let training, validation: ExampleSet

  /// Takes the examples, and of each table no row that is nobody's.
  public init(train: ExampleSet, validation: ExampleSet) {
    self.init(train: train, validation: validation, limit: .inMemory)
  }

  /// - Parameter limit: tables with more bytes are put into files.
  package init(train: ExampleSet, validation: ExampleSet, limit: Int) {
    training = train.compacted(limit: limit)
    self.validation = validation.compacted(limit: limit).with(.none)
  }

  /// The files that tables are in: those of large sets. A worker that is given them is sent no copy.
  public var files: [NumberFile] {
    (training.inputs + validation.inputs).compactMap { $0.table.numbers.position?.file }
  }

  /// What goes over the pipe: what the tensors say, and the numbers.
  ///
  /// - Parameter files: those that the worker has open.
  public func packed(
    sharing files: [NumberFile] = []
  ) -> (description: Description, tensors: [PipeTensor]) {
    let training = training.packed("training", sharing: files)
    let validation = validation.packed("validation", sharing: files)
    return (
      Description(training: training.description, validation: validation.description),
      training.tensors + validation.tensors
    )
  }

  /// Gives all numbers in the order in which they are packed, piece by piece.
  public func forEachPiece(_ body: (PipeTensor.Elements) -> Void) {
    training.forEachPiece(body)
    validation.forEachPiece(body)
  }
}

extension TrainingQuestion.Description {
  /// The examples that such tensors hold.
  ///
  /// - Parameter file: gives the files that the other side shares, by their numbers.
  /// - Throws: `Frame.Malformed` where something is missing or does not fit.
  public func examples(
    in tensors: [PipeTensor], file: (Int) -> NumberFile? = { _ in nil }
  ) throws -> (training: ExampleSet, validation: ExampleSet) {
    (
      try ExampleSet(training, in: tensors, "training", file: file),
      try ExampleSet(validation, in: tensors, "validation", file: file)
    )
  }
}
