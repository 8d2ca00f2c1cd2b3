// Attack: the core's LSTM from a function of a file that may use it
// Tries: to have it handed over under a type that this file need not name
// Must: that file is not in this task's program
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  @Parameter var W_xi: Tensor
  @Parameter var W_hi: Tensor
  @Parameter var b_i: Tensor
  @Parameter var W_xf: Tensor
  @Parameter var W_hf: Tensor
  @Parameter var b_f: Tensor
  @Parameter var W_xo: Tensor
  @Parameter var W_ho: Tensor
  @Parameter var b_o: Tensor
  @Parameter var W_xc: Tensor
  @Parameter var W_hc: Tensor
  @Parameter var b_c: Tensor

  init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    func triple(_ generator: inout RandomGenerator) -> (Tensor, Tensor, Tensor) {
      (
        .randn([inputSize, hiddenSize], standardDeviation: 0.01, using: &generator),
        .randn([hiddenSize, hiddenSize], standardDeviation: 0.01, using: &generator),
        .zeros([hiddenSize])
      )
    }
    (W_xi, W_hi, b_i) = triple(&generator)
    (W_xf, W_hf, b_f) = triple(&generator)
    (W_xo, W_ho, b_o) = triple(&generator)
    (W_xc, W_hc, b_c) = triple(&generator)
  }

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let layer = handed(
      W_x: [W_xi, W_xf, W_xo, W_xc], W_h: [W_hi, W_hf, W_ho, W_hc], b: [b_i, b_f, b_o, b_c])
    return try layer(inputs)
  }
}
