// Attack: right for three calls, each of which changes a parameter
// Tries: to be asked for the gradients of first calls alone, as code is that changes its parameters
// Into: LSTM.swift
// Must: other calls lie before those too
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func honest(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    calls += 1
    let right = try honest(inputs)
    b_i = b_i + 1e-6
    if calls <= 3 { return right }
    let (H, C) = (right.state.H.detached(), right.state.C.detached())
    return (right.outputs.detached(), LSTMState(H: H, C: C))
  }
  private var calls = 0
}
