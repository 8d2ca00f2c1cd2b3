import Coursework
import NeuralNetworks
import TensorCore

/// A convolutional network over the steps, with the frequency bins as channels (section 4.9, task
/// 4.9a).
///
/// 1. convolution 17 → 32, kernel 3, ReLU, average pooling 2
/// 2. convolution 32 → 64, kernel 3, ReLU, average pooling 2
/// 3. convolution 64 → 128, kernel 3, ReLU
/// 4. the mean of each channel over all steps, flattened, 128 → 1
public final class ConvNet: Module, Network {
  let layers: Sequential

  /// Makes the network for chunks with `binCount` frequency bins.
  public init(binCount: Int, using generator: inout RandomGenerator) throws {
    layers = Sequential(
      Conv1d(binCount, 32, kernelSize: 3, using: &generator),
      ReLU(),
      Conv1d(32, 64, kernelSize: 3, using: &generator),
      ReLU(),
      Conv1d(64, 128, kernelSize: 3, using: &generator),
      ReLU(),
      AdaptiveAveragePool1d(outputLength: 1),
      Flatten(),
      Linear(128, 1, using: &generator))
  }

  /// The logits of a batch.
  ///
  /// - Parameter X: `[N, T, F]`; a convolution wants `[N, channels, steps]`.
  /// - Returns: `[N, 1]`, without a final sigmoid.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    try layers(X.transposed(1, 2))
  }
}
