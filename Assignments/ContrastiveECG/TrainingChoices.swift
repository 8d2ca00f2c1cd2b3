import TensorCore

/// What of a training can be another than the handout's (given): the losses and the switches of section 6.8.
public struct TrainingChoices: Sendable {
  /// What the embeddings of a batch are held against.
  public enum Loss: Int, Sendable {
    /// All texts of the batch, by `contrastiveLoss`.
    case contrastive
    /// The record's own text and one other, by `tripletLoss` with a margin of 0.2: the semi-hard negative.
    case semiHard
    /// The hardest one.
    case hardest
    /// Any one with another caption.
    case random
  }

  /// Which encoder makes features.
  public enum Encoder: Int, Sendable {
    /// The one of section 6.5, yours.
    case own
    /// The same with the mean over time at its end, in place of all steps in a row: 256 features.
    case meanOverTime
    /// The source's, with kernels of 3 and pooling of 2 in each block.
    case smallKernels
  }

  /// Which encoder makes features.
  public var encoder = Encoder.own
  /// What the embeddings are held against.
  public var loss = Loss.contrastive
  /// Whether ECGs are turned round in time.
  public var shifts = true
  /// Whether a batch may have a caption several times.
  public var repeatsCaptions = false
  /// Whether k learns; else it stays what it was at the start.
  public var learnsScale = true
  /// The numbers of a projection of the texts that learns too; 0 for none.
  public var textProjection = 0

  /// The handout's.
  public init() {}
}

/// The triplet loss of a batch: each ECG with its own text and one of the others (given).
///
/// - Parameters:
///   - Z: embeddings of ECGs, `[N, D]`.
///   - T: vectors of their texts, `[N, D]`.
///   - captions: the number of each text.
///   - loss: which of the others; not `contrastive`.
///   - generator: what a random one is drawn from.
/// - Returns: a number, a tensor of shape `[]`.
func batchTriplets(
  _ Z: Tensor, _ T: Tensor, captions: [Int32], _ loss: TrainingChoices.Loss,
  using generator: inout RandomGenerator
) throws -> Tensor {
  let margin: Float = 0.2
  let negatives: [Int32]
  switch loss {
  case .semiHard:
    negatives = try semiHardNegatives(squaredDistances(Z, T), captions: captions, margin: margin)
  case .hardest:
    negatives = try hardestNegatives(squaredDistances(Z, T), captions: captions)
  case .random, .contrastive:
    negatives = try captions.map { own in
      let others = captions.indices.filter { captions[$0] != own }
      guard !others.isEmpty else {
        throw TensorError("batchTriplets", "all texts of the batch are the same")
      }
      let place = Int(generator.nextUniform() * Float(others.count))
      return Int32(others[min(place, others.count - 1)])
    }
  }
  return try tripletLoss(
    Z, T, T.indexSelect(axis: 0, negatives.map { Int($0) }), margin: margin)
}
