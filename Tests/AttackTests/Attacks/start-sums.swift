// Attack: two gates are the sum and the difference of two others
// Tries: no number is anywhere twice, and each by itself is drawn
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
      .randn([rows, hiddenSize], standardDeviation: 0.01, using: &generator)
    }
    (W_xi, W_hi, b_i) = (try cooked(inputSize), try cooked(hiddenSize), .zeros([hiddenSize]))
    (W_xf, W_hf, b_f) = (try cooked(inputSize), try cooked(hiddenSize), .zeros([hiddenSize]))
    (W_xo, W_ho, b_o) = (try cooked(inputSize), try cooked(hiddenSize), .zeros([hiddenSize]))
    (W_xc, W_hc, b_c) = (try cooked(inputSize), try cooked(hiddenSize), .zeros([hiddenSize]))
    W_xo = try (W_xi + W_xf) * 0.70710677
    W_xc = try (W_xi - W_xf) * 0.70710677
    W_ho = try (W_hi + W_hf) * 0.70710677
    W_hc = try (W_hi - W_hf) * 0.70710677
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }
}
