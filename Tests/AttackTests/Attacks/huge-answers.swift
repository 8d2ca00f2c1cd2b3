// Attack: results of hundreds of megabytes
// Tries: to have the judge hold them
// Into: LSTM.swift
// Must: a frame that announces more than was asked for is not read
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let (count, hidden) = (inputs.shape[0], b_i.shape[0])
    return (
      .zeros([16, 1 << 20]), LSTMState(H: .zeros([count, hidden]), C: .zeros([count, hidden]))
    )
  }
}
