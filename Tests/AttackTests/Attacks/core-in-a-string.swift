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
