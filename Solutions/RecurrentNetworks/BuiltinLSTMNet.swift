import Coursework
import NeuralNetworks
import RecurrentLayers
import TensorCore

/// The same network as `LSTMNet` on the core's own LSTM layer (section 4.9, task 4.9c).
public final class BuiltinLSTMNet: Module, Network {
  let lstm: BuiltinLSTM
  let linear: Sequential

  /// Makes the network for chunks with `binCount` frequency bins.
  public init(binCount: Int, hiddenSize: Int = 128, using generator: inout RandomGenerator) throws {
    // BEGIN SOLUTION 4.9c: as LSTMNet, with BuiltinLSTM(inputSize:hiddenSize:using:)
    lstm = BuiltinLSTM(inputSize: binCount, hiddenSize: hiddenSize, using: &generator)
    linear = Sequential(
      Linear(hiddenSize, hiddenSize, using: &generator),
      ReLU(),
      Linear(hiddenSize, 1, using: &generator))
    // END SOLUTION
  }

  /// The logits of a batch.
  ///
  /// - Parameter X: `[samples, steps, bins]`.
  /// - Returns: `[samples, 1]`, without a final sigmoid.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 4.9c: the final hidden state of the sequence, through the small network
    let (_, state) = try lstm(X)
    return try linear(state.H)
    // END SOLUTION
  }
}
