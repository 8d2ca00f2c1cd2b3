import NeuralNetworks
import TensorCore

/// The mean spectrum of a chunk through fully connected layers (section 4.9, given): it sees no
/// order of the steps. 17 → 128 → ReLU → 64 → ReLU → 1.
public final class MeanSpectrumNet: Module, Network {
  let layers: Sequential

  /// Makes the network for chunks with `binCount` frequency bins.
  public init(binCount: Int, using generator: inout RandomGenerator) throws {
    layers = Sequential(
      Linear(binCount, 128, using: &generator),
      ReLU(),
      Linear(128, 64, using: &generator),
      ReLU(),
      Linear(64, 1, using: &generator))
  }

  /// The logits `[samples, 1]` of a batch `[samples, steps, bins]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor { try layers(X.mean(axis: 1)) }
}
