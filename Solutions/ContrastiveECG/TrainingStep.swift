import Examples
import NeuralNetworks
import TensorCore

/// A step of a training (given): the model, its batches, and what is done with each.
///
/// While training each ECG is turned round in time by a number of samples of its own: what leaves at one end comes in at the
/// other. A beat then lies anywhere, and the network has to know it everywhere. At evaluation ECGs stay as they are.
public final class TrainingStep: Module, BatchChoosing, RandomModule {
  /// What is trained.
  public let model: ContrastiveModel
  /// What the numbers of samples are drawn from.
  public var generator: RandomGenerator
  /// Whether ECGs are turned round in time.
  private let shifts: Bool

  /// Makes a step.
  ///
  /// - Parameters:
  ///   - model: what is trained.
  ///   - shifts: whether ECGs are turned round in time.
  ///   - generator: where the numbers of samples come from.
  public init(_ model: ContrastiveModel, shifts: Bool, using generator: inout RandomGenerator) {
    self.model = model
    self.shifts = shifts
    self.generator = generator.split()
  }

  /// Batches in which no caption comes twice. Records of one caption share a row of the input `caption`.
  public func batches(
    of examples: ExampleSet, size: Int, using generator: inout RandomGenerator
  ) throws -> [[Int]] {
    guard let caption = examples.inputs.first(where: { $0.name == "caption" }) else {
      throw TensorError("TrainingStep", "the records have no captions")
    }
    let sampler = try DistinctCaptions(
      captions: caption.firstRows.map { Int32(clamping: $0) }, batchSize: size)
    return sampler.batches(using: &generator)
  }

  /// The embeddings of a batch's ECGs.
  public func predictions(_ batch: Batch) throws -> Predictions {
    var ecg = try batch["ecg"]
    if isTraining, shifts {
      let count = ecg.shape[2]
      let offsets = (0..<ecg.shape[0]).map { _ in
        min(Int(generator.nextUniform() * Float(count)), count - 1)
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
