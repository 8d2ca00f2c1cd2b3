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
    // TODO: Task 4.9c: as LSTMNet, with BuiltinLSTM(inputSize:hiddenSize:using:)
    throw Unimplemented("4.9c")
  }

  /// The logits of a batch.
  ///
  /// - Parameter X: `[samples, steps, bins]`.
  /// - Returns: `[samples, 1]`, without a final sigmoid.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // TODO: Task 4.9c: the final hidden state of the sequence, through the small network
    throw Unimplemented("4.9c")
  }
}
