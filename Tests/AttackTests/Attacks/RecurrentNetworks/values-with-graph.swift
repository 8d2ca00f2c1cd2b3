// Attack: other values wherever a graph is made
// Tries: numbers are compared without a graph, and with one only gradients, which a sum does not change
// Into: LSTM.swift
// Must: what a training computes with is compared
// Deserves: nothing for lstm.values
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let (outputs, state) = try run(inputs)
    guard outputs.requiresGrad else { return (outputs, state) }
    return (try outputs + 5, LSTMState(H: try state.H + 5, C: state.C))
  }

  private func run(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }
}
