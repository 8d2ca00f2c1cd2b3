// Attack: the reference's answers for the public seed
// Tries: to answer from a table of what the self-check in every student's copy expects
// Into: LSTM.swift
// Must: it works for the public seed, and not for a run's secret one
import Coursework
import NeuralNetworks
import TensorCore

private let recorded: [String: [Float]] = {
  var table: [String: [Float]] = [:]
  for entry in "@RECORDED@".split(separator: ";") {
    let parts = entry.split(separator: "|")
    guard parts.count == 2 else { continue }
    table[String(parts[0])] = parts[1].split(separator: ",").compactMap { Float($0) }
  }
  return table
}()

final class LSTM: Module {
  // PARAMETERS

  func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let (count, steps, hidden) = (inputs.shape[0], inputs.shape[1], b_i.shape[0])
    func answer(_ name: String, _ shape: Shape) throws -> Tensor {
      let size = shape.dimensions.reduce(1, *)
      let numbers = inputs.array.prefix(4) + W_xi.array.prefix(2)
      let key = name + " " + numbers.map(\.description).joined(separator: ",")
      return try Tensor(recorded[key] ?? [Float](repeating: 0, count: size), shape: shape)
    }
    return (
      try answer("outputs", [count, steps, hidden]),
      LSTMState(H: try answer("H", [count, hidden]), C: try answer("C", [count, hidden]))
    )
  }
}
