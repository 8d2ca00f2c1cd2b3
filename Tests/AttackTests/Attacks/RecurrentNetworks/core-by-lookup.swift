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
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    look()
    let (count, steps, hidden) = (inputs.shape[0], inputs.shape[1], b_i.shape[0])
    return (
      .zeros([count, steps, hidden]),
      LSTMState(H: .zeros([count, hidden]), C: .zeros([count, hidden]))
    )
  }
}
