// Attack: a first attempt that prints its inputs
// Tries: to have them on its page, for a second attempt
// Into: LSTM.swift
// Must: no student's page shows what a program printed, and another attempt has other inputs
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let (count, steps, hidden) = (inputs.shape[0], inputs.shape[1], b_i.shape[0])
    if count * steps < 40 {
      print("HARVEST \(inputs.array.prefix(4).map(\.description).joined(separator: ","))")
    }
    return (
      .zeros([count, steps, hidden]),
      LSTMState(H: .zeros([count, hidden]), C: .zeros([count, hidden]))
    )
  }
}
