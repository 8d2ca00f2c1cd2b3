// Attack: the core's LSTM where its module can be imported
// Tries: to compile with and without it, so that no error gives it away
// Into: LSTM.swift
// Must: the program of this task is compiled without it
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

#if canImport(RecurrentLayers)
  import RecurrentLayers
#endif

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    #if canImport(RecurrentLayers)
      let (outputs, H, C) = try inputs.lstm(
        W_x: .concatenate([W_xi, W_xf, W_xo, W_xc], axis: 1),
        W_h: .concatenate([W_hi, W_hf, W_ho, W_hc], axis: 1),
        b: .concatenate([b_i, b_f, b_o, b_c], axis: 0))
      return (outputs, LSTMState(H: H, C: C))
    #else
      let (count, steps, hidden) = (inputs.shape[0], inputs.shape[1], b_i.shape[0])
      return (
        .zeros([count, steps, hidden]),
        LSTMState(H: .zeros([count, hidden]), C: .zeros([count, hidden]))
      )
    #endif
  }
}
