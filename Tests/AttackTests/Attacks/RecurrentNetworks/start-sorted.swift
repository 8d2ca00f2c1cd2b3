// Attack: right draws in order of size
// Tries: a distribution does not see the order
// Into: LSTM.swift
// Must: a start is made of independent draws
// Deserves: nothing for lstm.start
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // DECLARATIONS

  init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    func cooked(_ rows: Int) throws -> Tensor {
      let drawn = Tensor.randn([rows, hiddenSize], standardDeviation: 0.01, using: &generator)
      return try Tensor(drawn.array.sorted(), shape: [rows, hiddenSize])
    }
    (W_xi, W_hi, b_i) = (try cooked(inputSize), try cooked(hiddenSize), .zeros([hiddenSize]))
    (W_xf, W_hf, b_f) = (try cooked(inputSize), try cooked(hiddenSize), .zeros([hiddenSize]))
    (W_xo, W_ho, b_o) = (try cooked(inputSize), try cooked(hiddenSize), .zeros([hiddenSize]))
    (W_xc, W_hc, b_c) = (try cooked(inputSize), try cooked(hiddenSize), .zeros([hiddenSize]))
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }
}
