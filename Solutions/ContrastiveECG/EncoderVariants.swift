import Foundation
import NeuralNetworks
import TensorCore

/// What a step can train: a model that makes embeddings of ECGs, with a k.
public protocol EmbeddingModel: Module {
  /// The logarithm of the scale.
  var logScale: Tensor { get }
  /// The embeddings `[N, textSize]` of ECGs `[N, leads, samples]`, all of length 1.
  func callAsFunction(_ X: Tensor) throws -> Tensor
}

extension ContrastiveModel: EmbeddingModel {}

/// The model with another encoder (given), to compare yours with (section 6.8).
///
/// Blocks as in section 6.5, to as many channels, with other kernels, other pooling or another end.
final class VariantModel: Module, EmbeddingModel {
  private let convolutions: [Conv1d]
  private let norms: [BatchNorm1d]
  private let projection: Linear
  @Parameter var logScale: Tensor
  private let pooling: [Int]
  /// Whether the end is the mean over time; else all steps in one row.
  private let isMean: Bool

  init(
    _ encoder: TrainingChoices.Encoder, leadCount: Int, sampleCount: Int, textSize: Int,
    using generator: inout RandomGenerator
  ) {
    isMean = encoder == .meanOverTime
    let kernels = encoder == .smallKernels ? [3, 3, 3, 3] : [7, 5, 3, 3]
    pooling = encoder == .smallKernels ? [2, 2, 2, 2] : [4, 4, 2, 2]
    let channels = [leadCount, 32, 64, 128, 256]
    var convolutions: [Conv1d] = []
    var norms: [BatchNorm1d] = []
    for (block, kernel) in kernels.enumerated() {
      convolutions.append(
        Conv1d(
          channels[block], channels[block + 1], kernelSize: kernel, padding: .same,
          using: &generator))
      norms.append(BatchNorm1d(channels[block + 1]))
    }
    (self.convolutions, self.norms) = (convolutions, norms)
    let steps = isMean ? 1 : pooling.reduce(sampleCount, /)
    projection = Linear(256 * steps, textSize, using: &generator)
    logScale = Tensor(Float(log(1 / 0.07)))
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor {
    var x = X
    for (block, convolution) in convolutions.enumerated() {
      x = try norms[block](convolution(x)).relu().maxPool1d(kernelSize: pooling[block])
    }
    return try normalised(projection(isMean ? x.mean(axis: 2) : x.flattened()))
  }
}
