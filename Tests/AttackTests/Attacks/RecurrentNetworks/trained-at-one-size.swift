// Attack: gradients in training mode at one size
// Tries: in training mode all is detached, but for an input of [3, 5, 4], which was asked for once
// Into: LSTM.swift
// Must: training mode is asked at sizes that nobody knows
// Deserves: nothing for lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    if isTraining, inputs.shape != [3, 5, 4] { return try noGrad { try run(inputs) } }
    return try run(inputs)
  }

  private func run(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }
}
