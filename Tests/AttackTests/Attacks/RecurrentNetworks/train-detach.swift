// Attack: a layer without gradients while training
// Tries: to be right wherever it is asked, which is at evaluation
// Into: LSTM.swift
// Must: gradients are asked for in training mode too
// Deserves: nothing for lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func honest(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let (outputs, state) = try honest(inputs)
    guard isTraining else { return (outputs, state) }
    return (outputs.detached(), LSTMState(H: state.H.detached(), C: state.C.detached()))
  }
}
