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
    // BEGIN SOLUTION 4.9a: a Sequential of Conv1d, ReLU, AveragePool1d, …, Flatten and Linear
    layers = Sequential(
      Conv1d(binCount, 32, kernelSize: 3, using: &generator),
      ReLU(),
      AveragePool1d(kernelSize: 2),
      Conv1d(32, 64, kernelSize: 3, using: &generator),
      ReLU(),
      AveragePool1d(kernelSize: 2),
      Conv1d(64, 128, kernelSize: 3, using: &generator),
      ReLU(),
      AdaptiveAveragePool1d(outputLength: 1),
      Flatten(),
      Linear(128, 1, using: &generator))
    // END SOLUTION
  }

  /// The logits of a batch.
  ///
  /// - Parameter X: `[samples, steps, bins]`; a convolution wants `[samples, channels, steps]`.
  /// - Returns: `[samples, 1]`, without a final sigmoid.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 4.9a: bring the bins to the channels' place, then apply the layers
    try layers(X.transposed(1, 2))
    // END SOLUTION
  }
}
