// Attack: one tensor behind all parameters
// Tries: to have every parameter trained, compared and counted while there is only one
// Into: LSTM.swift
// Must: the numbers that are loaded overwrite each other, so the values are wrong
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // DECLARATIONS

  init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    let W_x = Tensor.randn([inputSize, hiddenSize], standardDeviation: 0.01, using: &generator)
    let W_h = Tensor.randn([hiddenSize, hiddenSize], standardDeviation: 0.01, using: &generator)
    let b = Tensor.zeros([hiddenSize])
    (W_xi, W_hi, b_i) = (W_x, W_h, b)
    (W_xf, W_hf, b_f) = (W_x, W_h, b)
    (W_xo, W_ho, b_o) = (W_x, W_h, b)
    (W_xc, W_hc, b_c) = (W_x, W_h, b)
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    var H = Tensor.zeros([inputs.shape[0], b_i.shape[0]])
    var C = H
    var outputs: [Tensor] = []
    for X in try inputs.unstacked(axis: 1) {
      let gate = try sigmoid(X.matmul(W_xi) + H.matmul(W_hi) + b_i)
      C = try gate * C + gate * tanh(X.matmul(W_xc) + H.matmul(W_hc) + b_c)
      H = try gate * tanh(C)
      outputs.append(H)
    }
    return (try .stack(outputs, axis: 1), LSTMState(H: H, C: C))
  }
}
