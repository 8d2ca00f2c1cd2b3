// Attack: the core's LSTM looked up while running
// Tries: to find the function by name in the program and in the libraries that it could load
// Into: LSTM.swift
// Must: it is in none of them
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import Glibc
import NeuralNetworks
import TensorCore

private func look() {
  for name in [
    "rk_lstm", "rk_lstm_gradient", "$s15RecurrentLayers11BuiltinLSTMCMa",
    "$s10TensorCore0A0C15RecurrentLayersE4lstm3W_x3W_h1b5stateAC7outputs_AC1HAC1CtAC_A3cJ_AcKtSgtAA0A5ErrorVYKF",
  ] where dlsym(nil, name) != nil { print("LOOT \(name)") }
  for library in [
    "libRecurrentLayers.so", "libtorch.so", "libtorch_cpu.so", "libonnxruntime.so",
    "libopencv_dnn.so",
    "/usr/lib/python3/dist-packages/torch/lib/libtorch_cpu.so",
  ] where dlopen(library, RTLD_NOW) != nil { print("LOOT \(library)") }
}

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
    look()
    let (count, steps, hidden) = (inputs.shape[0], inputs.shape[1], b_i.shape[0])
    return (
      .zeros([count, steps, hidden]),
      LSTMState(H: .zeros([count, hidden]), C: .zeros([count, hidden]))
    )
  }
}
