// Attack: one draw for all gates, in four orders
// Tries: a copy in another order is no run of the same numbers
// Into: LSTM.swift
// Must: a start is made of independent draws
// Deserves: nothing for lstm.start
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // DECLARATIONS

  init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    let X = Tensor.randn([inputSize, hiddenSize], standardDeviation: 0.01, using: &generator)
    let H = Tensor.randn([hiddenSize, hiddenSize], standardDeviation: 0.01, using: &generator)
    func ordered(_ tensor: Tensor, _ step: Int) throws -> Tensor {
      let values = tensor.array
      return try Tensor(
        values.indices.map { values[$0 * step % values.count] }, shape: tensor.shape)
    }
    (W_xi, W_hi, b_i) = (X, H, .zeros([hiddenSize]))
    (W_xf, W_hf, b_f) = (try ordered(X, 4099), try ordered(H, 4099), .zeros([hiddenSize]))
    (W_xo, W_ho, b_o) = (try ordered(X, 1237), try ordered(H, 1237), .zeros([hiddenSize]))
    (W_xc, W_hc, b_c) = (try ordered(X, 2741), try ordered(H, 2741), .zeros([hiddenSize]))
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }
}
