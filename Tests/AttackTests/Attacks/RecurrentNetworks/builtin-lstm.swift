// Attack: the core's own LSTM in place of one written from scratch
// Tries: to have the work done by a call; every number is right
// Into: LSTM.swift
// Must: the file may not use it
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let result = try inputs.lstm(
      W_x: .concatenate([W_xi, W_xf, W_xo, W_xc], axis: 1),
      W_h: .concatenate([W_hi, W_hf, W_ho, W_hc], axis: 1),
      b: .concatenate([b_i, b_f, b_o, b_c], axis: 0))
    return (result.outputs, LSTMState(H: result.H, C: result.C))
  }
}
