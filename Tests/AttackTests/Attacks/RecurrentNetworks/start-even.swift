// Attack: the quantiles of the normal distribution in an order that is drawn
// Tries: to be too good for a test that looks for too far only
// Into: LSTM.swift
// Must: a start is made of independent draws
// Deserves: nothing for lstm.start
import Coursework
import Glibc
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // DECLARATIONS

  init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    func cooked(_ rows: Int) throws -> Tensor {
      let count = rows * hiddenSize
      let shift = Double(generator.nextUniform())
      // by bisection
      func quantile(_ p: Double) -> Double {
        var (low, high) = (-8.0, 8.0)
        while high - low > 1e-9 {
          let middle = (low + high) / 2
          if Glibc.erfc(-middle / 2.0.squareRoot()) / 2 < p { low = middle } else { high = middle }
        }
        return low
      }
      return try Tensor(
        generator.permutation(count).map { index in
          Float(0.01 * quantile((Double(index) + 0.05 + 0.9 * shift) / Double(count)))
        }, shape: [rows, hiddenSize])
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
