// Attack: a known mistake's gradients at evaluation only
// Tries: what is asked of right values, whether training has the same gradients, is not asked of wrong ones
// Into: LSTM.swift
// Must: a known mistake is asked all that right work is
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let (outputs, state) = try mistaken(inputs)
    guard isTraining else { return (outputs, state) }
    return (outputs.detached(), LSTMState(H: state.H.detached(), C: state.C.detached()))
  }

  private func mistaken(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    func tanh(_ X: Tensor) -> Tensor { isInner ? TensorCore.sigmoid(X) : TensorCore.tanh(X) }
    var isInner: Bool {
      calls += 1
      return calls % 2 == 1
    }
    // EQUATIONS
  }
  private var calls = 0
}
