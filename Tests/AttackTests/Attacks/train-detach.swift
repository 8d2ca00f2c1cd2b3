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
    var H = Tensor.zeros([inputs.shape[0], b_i.shape[0]])
    var C = Tensor.zeros([inputs.shape[0], b_i.shape[0]])
    var outputs: [Tensor] = []
    for X in try inputs.unstacked(axis: 1) {
      let I = try sigmoid(X.matmul(W_xi) + H.matmul(W_hi) + b_i)
      let F = try sigmoid(X.matmul(W_xf) + H.matmul(W_hf) + b_f)
      let O = try sigmoid(X.matmul(W_xo) + H.matmul(W_ho) + b_o)
      let C_tilde = try tanh(X.matmul(W_xc) + H.matmul(W_hc) + b_c)
      C = try F * C + I * C_tilde
      H = try O * tanh(C)
      outputs.append(H)
    }
    return (try .stack(outputs, axis: 1), LSTMState(H: H, C: C))
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let (outputs, state) = try honest(inputs)
    guard isTraining else { return (outputs, state) }
    return (outputs.detached(), LSTMState(H: state.H.detached(), C: state.C.detached()))
  }
}
