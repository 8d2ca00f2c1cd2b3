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
    func drawn(_ rows: Int) -> Tensor {
      .randn([rows, hiddenSize], standardDeviation: 0.01, using: &generator)
    }
    let (x, y, h, k) = (drawn(inputSize), drawn(inputSize), drawn(hiddenSize), drawn(hiddenSize))
    (W_xi, W_hi, b_i) = (x, h, .zeros([hiddenSize]))
    (W_xf, W_hf, b_f) = (y, k, .zeros([hiddenSize]))
    (W_xo, b_o) = (try (x + y) * 0.70710677, .zeros([hiddenSize]))
    (W_xc, b_c) = (try (x - y) * 0.70710677, .zeros([hiddenSize]))
    (W_ho, W_hc) = (try (h + k) * 0.70710677, try (h - k) * 0.70710677)
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // EQUATIONS
  }
}
