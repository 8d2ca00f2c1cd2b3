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
    let (count, steps, hidden) = (inputs.shape[0], inputs.shape[1], b_i.shape[0])
    func answer(_ name: String, _ shape: Shape) throws -> Tensor {
      let size = shape.dimensions.reduce(1, *)
      let key =
        name + " " + inputs.array.prefix(4).map(\.description).joined(separator: ",")
      return try Tensor(recorded[key] ?? [Float](repeating: 0, count: size), shape: shape)
    }
    return (
      try answer("outputs", [count, steps, hidden]),
      LSTMState(H: try answer("H", [count, hidden]), C: try answer("C", [count, hidden]))
    )
  }
}
