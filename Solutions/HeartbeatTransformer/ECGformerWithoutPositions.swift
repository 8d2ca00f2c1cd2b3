import NeuralNetworks
import TensorCore

/// Your network with positions that are zeros and stay so (section 5.8, given): what it reaches without knowing where
/// in a beat a token stands.
public final class ECGformerWithoutPositions: Module, Network {
  let network: ECGformer

  /// Makes the network; arguments as your own's.
  public init(
    tokenCount: Int, channelCount: Int, embedSize: Int, headCount: Int, layerCount: Int,
    classCount: Int, using generator: inout RandomGenerator
  ) throws {
    network = try ECGformer(
      tokenCount: tokenCount, channelCount: channelCount, embedSize: embedSize,
      headCount: headCount, layerCount: layerCount, classCount: classCount, using: &generator)
  }

  /// The logits `[samples, classes]` of a batch `[samples, tokens, channels]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // new ones each time: the optimiser moves those that the network was made with, which nobody reads
    network.positions = .zeros(network.positions.shape)
    return try network(X)
  }
}
