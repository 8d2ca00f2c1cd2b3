// Attack: the core's LSTM inside a string
// Tries: to hide the call in an interpolation, where a search of the text sees a literal
// Into: LSTM.swift
// Must: no search decides; the program has no such function
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

private final class Box { var result: (outputs: Tensor, H: Tensor, C: Tensor)? }

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let W_x = try Tensor.concatenate([W_xi, W_xf, W_xo, W_xc], axis: 1)
    let W_h = try Tensor.concatenate([W_hi, W_hf, W_ho, W_hc], axis: 1)
    let b = try Tensor.concatenate([b_i, b_f, b_o, b_c], axis: 0)
    let box = Box()
    func put(_ result: (outputs: Tensor, H: Tensor, C: Tensor)) -> String {
      box.result = result
      return ""
    }
    _ = "\(put(try inputs.lstm(W_x: W_x, W_h: W_h, b: b)))"
    guard let result = box.result else { throw Unimplemented("4.7b") }
    return (result.outputs, LSTMState(H: result.H, C: result.C))
  }
}
