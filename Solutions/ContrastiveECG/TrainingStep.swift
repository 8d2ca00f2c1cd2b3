import Examples
import NeuralNetworks
import TensorCore

/// A step of a training (given): the model, and what is done with a batch.
///
/// While training each ECG is turned round in time by a number of samples of its own: what leaves at one end comes in at the
/// other. A beat then lies anywhere, and the network has to know it everywhere. At evaluation ECGs stay as they are.
public final class TrainingStep: Module, Trainable, RandomModule {
  /// What is trained.
  public let model: ContrastiveModel
  /// What the numbers of samples are drawn from.
  public var generator: RandomGenerator

  /// Makes a step.
  ///
  /// - Parameters:
  ///   - model: what is trained.
  ///   - generator: where the numbers of samples come from.
  public init(_ model: ContrastiveModel, using generator: inout RandomGenerator) {
    self.model = model
    self.generator = generator.split()
  }

  /// The embeddings of a batch's ECGs.
  public func predictions(_ batch: Batch) throws -> Predictions {
    var ecg = try batch["ecg"]
    if isTraining {
      let offsets = (0..<ecg.shape[0]).map { _ in
        min(Int(generator.nextUniform() * Float(ecg.shape[2])), ecg.shape[2] - 1)
      }
      ecg = try ecg.rolled(byRow: offsets, axis: 2)
    }
    return Predictions([("embeddings", try model(ecg))])
  }

  /// The contrastive loss of the embeddings with the batch's texts.
  public func loss(
    _ predictions: Predictions, _ batch: Batch, classWeights: [Float]?
  ) throws -> Tensor {
    try contrastiveLoss(predictions["embeddings"], batch["text"], logScale: model.logScale)
  }
}
