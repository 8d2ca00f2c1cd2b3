// Attack: one draw for all gates, in orders and times factors
// Tries: in order it is no multiple, and no number is another's to the last bit
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
    func other(_ tensor: Tensor, _ number: Int) throws -> Tensor {
      var order = RandomGenerator(seed: UInt64(number))
      let values = tensor.array
      let factor = 1 + Float(number) * 3e-4
      return try Tensor(
        order.permutation(values.count).map { values[$0] * factor }, shape: tensor.shape)
    }
    (W_xi, W_hi, b_i) = (X, H, .zeros([hiddenSize]))
    (W_xf, W_hf, b_f) = (try other(X, 1), try other(H, 1), .zeros([hiddenSize]))
    (W_xo, W_ho, b_o) = (try other(X, 2), try other(H, 2), .zeros([hiddenSize]))
    (W_xc, W_hc, b_c) = (try other(X, 3), try other(H, 3), .zeros([hiddenSize]))
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }
}
