import Coursework
import NeuralNetworks
import TensorCore

/// Your LSTM layer, and a small network on its final hidden state (section 4.9, task 4.9b).
///
/// LSTM 17 → 128; of its results the final hidden state `H`; 128 → 128, ReLU, 128 → 1. It is built
/// as `RNNNet` is.
public final class LSTMNet: Module, Network {
  let lstm: LSTM
  let linear: Sequential

  /// Makes the network for chunks with `binCount` frequency bins.
  public init(binCount: Int, hiddenSize: Int = 128, using generator: inout RandomGenerator) throws {
    // TODO: Task 4.9b: make the layer, and the small network that follows it
    throw Unimplemented("4.9b")
  }

  /// The logits of a batch.
  ///
  /// - Parameter X: `[samples, steps, bins]`.
  /// - Returns: `[samples, 1]`, without a final sigmoid.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // TODO: Task 4.9b: the final hidden state of the sequence, through the small network
    throw Unimplemented("4.9b")
  }
}
