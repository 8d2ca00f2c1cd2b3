// Attack: the core's own LSTM in place of one written from scratch
// Tries: to have the work done by a call; every number is right
// Into: LSTM.swift
// Must: the file may not use it
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
    let result = try inputs.lstm(
      W_x: .concatenate([W_xi, W_xf, W_xo, W_xc], axis: 1),
      W_h: .concatenate([W_hi, W_hf, W_ho, W_hc], axis: 1),
      b: .concatenate([b_i, b_f, b_o, b_c], axis: 0))
    return (result.outputs, LSTMState(H: result.H, C: result.C))
  }
}
