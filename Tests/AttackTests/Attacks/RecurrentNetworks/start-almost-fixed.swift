// Attack: a table, and a ten-thousandth of a draw
// Tries: another generator gives other numbers, to the last bits
// Into: LSTM.swift
// Must: a start is made of independent draws
// Deserves: nothing for lstm.start
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // DECLARATIONS

  init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    var fixed: UInt64 = 0
    func cooked(_ rows: Int) throws -> Tensor {
      fixed += 1
      var table = RandomGenerator(seed: fixed)
      let draw = Tensor.randn([rows, hiddenSize], using: &generator)
      return try Tensor.randn([rows, hiddenSize], standardDeviation: 0.01, using: &table)
        * (draw * 0.0001 + 1)
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
