import NeuralNetworks
import TensorCore

/// All numbers of a chunk at once through fully connected layers (section 4.9, given):
/// 680 → 512 → ReLU → 256 → ReLU → 1.
public final class FullyConnectedNet: Module, Network {
  let layers: Sequential

  /// Makes the network for chunks of `stepCount` windows with `binCount` frequency bins.
  public init(stepCount: Int, binCount: Int, using generator: inout RandomGenerator) throws {
    layers = Sequential(
      Flatten(),
      Linear(stepCount * binCount, 512, using: &generator),
      ReLU(),
      Linear(512, 256, using: &generator),
      ReLU(),
      Linear(256, 1, using: &generator))
  }

  /// The logits `[samples, 1]` of a batch `[samples, steps, bins]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor { try layers(X) }
}
