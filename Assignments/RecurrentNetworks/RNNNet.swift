import NeuralNetworks
import TensorCore

/// Your RNN layer, and a small network on its final hidden state (section 4.9, given).
public final class RNNNet: Module, Network {
  let rnn: RNN
  let linear: Sequential

  /// Makes the network for chunks with `binCount` frequency bins.
  public init(binCount: Int, hiddenSize: Int = 128, using generator: inout RandomGenerator) throws {
    rnn = try RNN(inputSize: binCount, hiddenSize: hiddenSize, using: &generator)
    linear = Sequential(
      Linear(hiddenSize, hiddenSize, using: &generator),
      ReLU(),
      Linear(hiddenSize, 1, using: &generator))
  }

  /// The logits `[samples, 1]` of a batch `[samples, steps, bins]`.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    let (_, H) = try rnn(X)
    return try linear(H)
  }
}
