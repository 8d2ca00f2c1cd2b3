// Attack: a known mistake whose gradients are cut off far back
// Tries: the input node has σ, which is known; H and C are detached after thirty steps, which no ordinary
// experiment has
// Into: LSTM.swift
// Must: a known mistake is asked for its gradients where right values are
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    var H = Tensor.zeros([inputs.shape[0], b_i.shape[0]])
    var C = Tensor.zeros([inputs.shape[0], b_i.shape[0]])
    var outputs: [Tensor] = []
    for (step, X) in try inputs.unstacked(axis: 1).enumerated() {
      if step == 30 { (H, C) = (H.detached(), C.detached()) }
      let I = try sigmoid(X.matmul(W_xi) + H.matmul(W_hi) + b_i)
      let F = try sigmoid(X.matmul(W_xf) + H.matmul(W_hf) + b_f)
      let O = try sigmoid(X.matmul(W_xo) + H.matmul(W_ho) + b_o)
      let C_tilde = try sigmoid(X.matmul(W_xc) + H.matmul(W_hc) + b_c)
      C = try F * C + I * C_tilde
      H = try O * tanh(C)
      outputs.append(H)
    }
    return (try .stack(outputs, axis: 1), LSTMState(H: H, C: C))
  }
}
