// Attack: the core's kernel by its symbol
// Tries: to declare the C function itself, so that only the linker sees what is used
// Into: LSTM.swift
// Must: the program has no such symbol, and the linker's error is the student's
// Deserves: nothing for lstm.values, lstm.gradients
// Compiles: no
import Coursework
import NeuralNetworks
import TensorCore

@_silgen_name("rk_lstm_outputs")
private func kernel(
  _ shape: (Int, Int, Int, Int), _ out: UnsafeMutableRawPointer, _ hidden: UnsafeRawPointer)

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 64)
    defer { memory.deallocate() }
    kernel((1, 1, 1, 1), memory, memory)
    let (count, steps, hidden) = (inputs.shape[0], inputs.shape[1], b_i.shape[0])
    return (
      .zeros([count, steps, hidden]),
      LSTMState(H: .zeros([count, hidden]), C: .zeros([count, hidden]))
    )
  }
}
