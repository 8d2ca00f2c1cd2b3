import Coursework
import NeuralNetworks
import RecurrentLayers
import TensorCore

final class BuiltinLSTMNet: Module, Network {
  let lstm: BuiltinLSTM
  let linear: Sequential

  init(binCount: Int, hiddenSize: Int = 128, using generator: inout RandomGenerator) throws {
    lstm = BuiltinLSTM(inputSize: binCount, hiddenSize: hiddenSize, using: &generator)
    linear = Sequential(
      Linear(hiddenSize, hiddenSize, using: &generator), ReLU(),
      Linear(hiddenSize, 1, using: &generator))
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor { try linear(lstm(X).state.H) }
}

func handed(W_x: [Tensor], W_h: [Tensor], b: [Tensor]) -> (Tensor) throws -> (
  outputs: Tensor, state: LSTMState
) {
  return { X in
    let (outputs, H, C) = try X.lstm(
      W_x: .concatenate(W_x, axis: 1), W_h: .concatenate(W_h, axis: 1), b: .concatenate(b, axis: 0))
    return (outputs, LSTMState(H: H, C: C))
  }
}
