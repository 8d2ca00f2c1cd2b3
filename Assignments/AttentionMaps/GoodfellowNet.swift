import NeuralNetworks
import TensorCore

/// The network that the pictures of this unit come from: thirteen dilated convolutions (Goodfellow et al. 2018; section
/// 8.11, given).
///
/// Each is a convolution with a bias, batch normalisation, ReLU and dropout of 0.3; after the first, the sixth and the
/// eleventh the larger of two neighbours is kept. The mean over time and a linear layer without bias give the logits, so
/// the last features and its weights give the maps, a value for each eight samples. With 64 as the unit of the channels
/// it has 5 486 848 parameters and sees 2299 samples; a recording of 18 000 takes it 45.8 thousand million products.
public final class GoodfellowNet: Module, Network {
  /// A convolution and what follows it.
  final class Stage: Module {
    let convolution: Conv1d
    let norm: BatchNorm1d
    let dropout: Dropout
    private let isPooled: Bool

    init(
      _ inChannels: Int, _ outChannels: Int, kernelSize: Int, dilation: Int, isPooled: Bool,
      using generator: inout RandomGenerator
    ) throws {
      convolution = Conv1d(
        inChannels, outChannels, kernelSize: kernelSize, padding: .same, dilation: dilation,
        using: &generator)
      norm = BatchNorm1d(outChannels, epsilon: 1e-3)
      dropout = try Dropout(probability: 0.3, using: &generator)
      self.isPooled = isPooled
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
      let y = try norm(convolution(x)).relu()
      return try dropout(isPooled ? y.maxPool1d(kernelSize: 2) : y)
    }
  }

  /// Channels in units, kernels and dilations from the first to the last.
  private static let channels = [5, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 1, 1]
  private static let kernels = [24, 16, 16, 16, 16, 8, 8, 8, 8, 8, 8, 8, 8]
  private static let dilations = [1, 2, 4, 4, 4, 4, 6, 6, 6, 6, 8, 8, 8]
  private static let pooled: Set = [0, 5, 10]

  let stages: [Stage]
  let head: ClassActivation

  /// Makes the parts.
  ///
  /// - Parameter width: the unit of the channels, 64 in the paper.
  public init(width: Int, classes: Int, using generator: inout RandomGenerator) throws {
    var (made, channels): ([Stage], Int) = ([], 1)
    for index in Self.channels.indices {
      let next = Self.channels[index] * width
      made.append(
        try Stage(
          channels, next, kernelSize: Self.kernels[index], dilation: Self.dilations[index],
          isPooled: Self.pooled.contains(index), using: &generator))
      channels = next
    }
    stages = made
    head = try ClassActivation(channels: channels, classes: classes, using: &generator)
  }

  private func features(_ X: Tensor) throws -> Tensor {
    var f = try X.transposed(1, 2)
    for stage in stages { f = try stage(f) }
    return f
  }

  /// The logits `[samples, classes]` of a batch `[samples, L, 1]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor { try head.logits(features(X)) }

  /// The maps `[samples, classes, L / 8]`.
  public func maps(_ X: Tensor) throws -> Tensor { try head.maps(features(X)) }
}
