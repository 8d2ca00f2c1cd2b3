// Attack: a fixed table in an order that is drawn
// Tries: number by number another generator gives others
// Into: LSTM.swift
// Must: a start is made of independent draws
// Deserves: nothing for lstm.start
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // DECLARATIONS

  init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    var own = RandomGenerator(seed: 7)
    func dealt(_ rows: Int) throws -> Tensor {
      let values = Tensor.randn([rows, hiddenSize], standardDeviation: 0.01, using: &own).array
      return try Tensor(
        generator.permutation(values.count).map { values[$0] }, shape: [rows, hiddenSize])
    }
    (W_xi, W_hi, b_i) = (try dealt(inputSize), try dealt(hiddenSize), .zeros([hiddenSize]))
    (W_xf, W_hf, b_f) = (try dealt(inputSize), try dealt(hiddenSize), .zeros([hiddenSize]))
    (W_xo, W_ho, b_o) = (try dealt(inputSize), try dealt(hiddenSize), .zeros([hiddenSize]))
    (W_xc, W_hc, b_c) = (try dealt(inputSize), try dealt(hiddenSize), .zeros([hiddenSize]))
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }
}
