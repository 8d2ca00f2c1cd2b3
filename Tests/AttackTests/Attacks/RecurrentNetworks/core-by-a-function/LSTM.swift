// Attack: the core's LSTM from a function of a file that may use it
// Tries: to have it handed over under a type that this file need not name
// Must: that file is not in this task's program
// Deserves: nothing for lstm.values, lstm.gradients
// Compiles: no
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let layer = handed(
      W_x: [W_xi, W_xf, W_xo, W_xc], W_h: [W_hi, W_hf, W_ho, W_hc], b: [b_i, b_f, b_o, b_c])
    return try layer(inputs)
  }
}
