import TensorCore
import WorkerPipe

@testable import Judge
@testable import RecurrentNetworksChecks

/// Layers that are wrong where ordinary experiments do not look: no known mistake, and right in few steps
/// or for moderate numbers. One of them at a time is changed.
struct FarMistake {
  /// The numbers of a step that can be clipped.
  enum Clipped: String { case cell = "C", hidden = "H", gates, sums = "pre-activations" }

  var name = ""
  /// No gradient goes back beyond every so many steps.
  var truncation: Int?
  /// Whether it goes through H or through C only that far; through both if nil.
  var truncatesOnly: Clipped?
  /// What is kept within ± a limit (gates: away from 0 and 1 by it).
  var clipped: (what: Clipped, limit: Float)?
  /// What the old cell state is multiplied with besides.
  var leak: Float = 1
  /// Whether σ is the hard sigmoid, max(0, min(1, 0.2 x + 0.5)).
  var hardGates = false
  /// Clips each gradient, of a right layer.
  var gradientLimit: Float?

  /// Truncations, and the ways of doing it.
  static func truncations(of model: String, lengths: [Int]) -> [FarMistake] {
    let ways: [(name: String, only: Clipped?)] =
      [("", nil)]
      + (model == "LSTM" ? [(", through H only", .hidden), (", through C only", .cell)] : [])
    return ways.flatMap { name, only in
      lengths.map { length in
        FarMistake(
          name: "cut off every \(length) steps" + name, truncation: length, truncatesOnly: only)
      }
    }
  }

  /// Gradients that are clipped on the way out.
  static let clippedGradients = [1, 5].map {
    FarMistake(name: "gradients clipped to ±\($0)", gradientLimit: Float($0))
  }

  /// Mistakes in the values.
  static func values(of model: String) -> [FarMistake] {
    func clips(_ what: Clipped, _ limits: [Float]) -> [FarMistake] {
      limits.map { FarMistake(name: "\(what.rawValue) clipped, \($0)", clipped: (what, $0)) }
    }
    let both = clips(.hidden, [0.5, 0.9, 0.98]) + clips(.sums, [1, 2])
    guard model == "LSTM" else { return both }
    return both + clips(.cell, [1, 3, 5, 10, 30, 38]) + clips(.gates, [0.01, 0.05])
      + [
        FarMistake(name: "leaky by 1 %", leak: 0.99),
        FarMistake(name: "leaky by 0.1 %", leak: 0.999),
        FarMistake(name: "hard gates", hardGates: true),
      ]
  }

  private func clip(_ tensor: Tensor, _ what: Clipped) throws -> Tensor {
    guard let clipped, clipped.what == what else { return tensor }
    return what == .gates
      ? try tensor.clip(minimum: clipped.limit, maximum: 1 - clipped.limit)
      : try tensor.clip(minimum: -clipped.limit, maximum: clipped.limit)
  }

  private func carried(_ state: Tensor, _ which: Clipped, _ step: Int) -> Tensor {
    guard let truncation, step % truncation == 0, truncatesOnly == nil || truncatesOnly == which
    else { return state }
    return state.detached()
  }

  /// What the layer gives.
  func results(_ model: String, _ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let X = try numbers.input.unstacked(axis: 1)
    let units = try numbers(model == "RNN" ? "b_h" : "b_i").shape[0]
    var H = Tensor.zeros([numbers.input.shape[0], units])
    var C = H
    var outputs: [Tensor] = []
    for (step, X) in X.enumerated() {
      let old = carried(H, .hidden, step)
      func sum(_ input: String, _ recurrent: String, _ bias: String) throws -> Tensor {
        try clip(
          X.matmul(numbers(input)) + old.matmul(numbers(recurrent)) + numbers(bias), .sums)
      }
      func gate(_ letter: String) throws -> Tensor {
        let sum = try sum("W_x" + letter, "W_h" + letter, "b_" + letter)
        return try clip(
          hardGates ? (0.2 * sum + 0.5).clip(minimum: 0, maximum: 1) : sigmoid(sum), .gates)
      }
      if model == "RNN" {
        H = try clip(tanh(sum("W_xh", "W_hh", "b_h")), .hidden)
      } else {
        let node = try tanh(sum("W_xc", "W_hc", "b_c"))
        C = try clip(gate("f") * carried(C, .cell, step) * leak + gate("i") * node, .cell)
        H = try clip(gate("o") * tanh(C), .hidden)
      }
      outputs.append(H)
    }
    let states = [("outputs", try Tensor.stack(outputs, axis: 1)), ("H", H)]
    return model == "RNN" ? states : states + [("C", C)]
  }

  /// The gradients that it gives.
  func gradients(_ model: String, _ experiment: ModelCheck.Experiment) throws -> [PipeTensor] {
    let numbers = try Numbers(experiment)
    let gradients = try numbers.gradients(of: results(model, numbers), experiment)
    guard let limit = gradientLimit else { return gradients }
    return gradients.map { $0.mapValues { max(-limit, min(limit, $0)) } }
  }
}
