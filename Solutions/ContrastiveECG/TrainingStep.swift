import Examples
import NeuralNetworks
import TensorCore

/// A step of a training (given): the model, its batches, and what is done with each.
///
/// While training each ECG is turned round in time by a number of samples of its own: what leaves at one end comes in at the
/// other. A beat then lies anywhere, and the network has to know it everywhere. At evaluation ECGs stay as they are.
public final class TrainingStep: Module, BatchChoosing, RandomModule {
  /// What is trained.
  public let model: any EmbeddingModel
  /// The projection of the texts; one or none.
  private let texts: [Linear]
  /// What the numbers of samples are drawn from.
  public var generator: RandomGenerator
  private let choices: TrainingChoices
  /// k at the start.
  private let firstScale: Float

  /// Makes a step.
  ///
  /// - Parameters:
  ///   - leadCount, sampleCount, textSize: as the model's.
  ///   - choices: what is another than in the handout.
  ///   - generator: where all draws come from, those of the model first.
  public init(
    leadCount: Int, sampleCount: Int, textSize: Int, choices: TrainingChoices = TrainingChoices(),
    using generator: inout RandomGenerator
  ) throws {
    let width = choices.textProjection > 0 ? choices.textProjection : textSize
    model =
      choices.encoder == .own
      ? try ContrastiveModel(
        leadCount: leadCount, sampleCount: sampleCount, textSize: width, using: &generator)
      : VariantModel(
        choices.encoder, leadCount: leadCount, sampleCount: sampleCount, textSize: width,
        using: &generator)
    self.generator = generator.split()
    self.choices = choices
    firstScale = try model.logScale.item
    texts = choices.textProjection > 0 ? [Linear(textSize, width, using: &generator)] : []
  }

  /// Batches in which no caption comes twice. Records of one caption share a row of the input `caption`.
  public func batches(
    of examples: ExampleSet, size: Int, using generator: inout RandomGenerator
  ) throws -> [[Int]] {
    guard let caption = examples.inputs.first(where: { $0.name == "caption" }) else {
      throw TensorError("TrainingStep", "the records have no captions")
    }
    // as if each record had a caption of its own
    let captions =
      choices.repeatsCaptions
      ? Array(0..<Int32(examples.count)) : caption.firstRows.map { Int32(clamping: $0) }
    let sampler = try DistinctCaptions(captions: captions, batchSize: size)
    return sampler.batches(using: &generator)
  }

  /// The embeddings of a batch's ECGs.
  public func predictions(_ batch: Batch) throws -> Predictions {
    var ecg = try batch["ecg"]
    if isTraining, choices.shifts {
      let count = ecg.shape[2]
      let offsets = (0..<ecg.shape[0]).map { _ in
        min(Int(generator.nextUniform() * Float(count)), count - 1)
      }
      ecg = try ecg.rolled(byRow: offsets, axis: 2)
    }
    var embeddings = try model(ecg)
    // a projected text has the cosine z · (tW) / ‖tW‖ = (z Wᵀ) · t / ‖tW‖ with an ECG: all ECGs stand in the order of (z Wᵀ) · t
    if !isTraining, let projection = texts.first {
      embeddings = try embeddings.matmul(projection.weight.transposed(0, 1))
    }
    return Predictions([("embeddings", embeddings)])
  }

  /// The loss of the embeddings with the batch's texts: the contrastive one, if nothing else is chosen.
  public func loss(
    _ predictions: Predictions, _ batch: Batch, classWeights: [Float]?
  ) throws -> Tensor {
    let Z = try predictions["embeddings"]
    // names apart are in the batches of a training only, and only where somebody has asked for them
    let names = try batch.lengths["names"].map { try SingleNames(batch, $0, using: &generator) }
    var T = try names?.texts ?? batch["text"]
    if let projection = texts.first { T = try normalised(T.matmul(projection.weight)) }
    guard choices.loss == .contrastive else {
      let captions = try batch["caption"].array.map { Int32($0) }
      return try batchTriplets(Z, T, captions: captions, choices.loss, using: &generator)
    }
    let k = choices.learnsScale ? model.logScale : Tensor(firstScale)
    return try names?.loss(Z, T, logScale: k) ?? contrastiveLoss(Z, T, logScale: k)
  }
}
