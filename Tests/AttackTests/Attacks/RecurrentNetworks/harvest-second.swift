// Attack: a second attempt with a table of the first one's inputs
// Tries: to recognise the inputs and to answer from a table made at home
// Into: LSTM.swift
// Must: none of them is known
// Deserves: nothing for lstm.values, lstm.gradients
import Coursework
import NeuralNetworks
import TensorCore

private let known = Set("@HARVEST@".split(separator: ";").map(String.init))

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let (count, steps, hidden) = (inputs.shape[0], inputs.shape[1], b_i.shape[0])
    let key = inputs.array.prefix(4).map(\.description).joined(separator: ",")
    print(known.contains(key) ? "KNOWN INPUT" : "UNKNOWN")
    return (
      .zeros([count, steps, hidden]),
      LSTMState(H: .zeros([count, hidden]), C: .zeros([count, hidden]))
    )
  }
}
