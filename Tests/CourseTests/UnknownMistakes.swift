import Judge
import TensorCore
import WorkerPipe

@testable import RecurrentNetworksChecks

/// LSTMs with mistakes that the book does not know.
enum UnknownMistake: String, CaseIterable {
  case leak, peephole, layerResidual, halfBias, inputSquared, squaredForget, doubledCandidate
  case softsign, clippedCell, scaledOutput, sharedSum, meanOfGates, noisyStart, swappedFeatures
  case transposedRecurrence, everyOtherStep

  func results(_ numbers: Numbers) throws -> [PipeTensor] {
    let units = try numbers("b_i").shape[0]
    var input = numbers.input
    if self == .inputSquared { input = input.squared() }
    if self == .swappedFeatures { input = try input.flipped(axes: [2]) }
    var H = Tensor.zeros([input.shape[0], units])
    var C = Tensor.full([input.shape[0], units], self == .noisyStart ? 0.3 : 0)
    var outputs: [Tensor] = []
    for (t, X) in try input.unstacked(axis: 1).enumerated() {
      func sum(_ letter: String) throws -> Tensor {
        var W_h = try numbers("W_h" + letter)
        if self == .transposedRecurrence { W_h = try W_h.transposed(0, 1) }
        let b = try numbers("b_" + letter) * (self == .halfBias ? 0.5 : 1)
        let sum = try X.matmul(numbers("W_x" + letter)) + H.matmul(W_h) + b
        return self == .peephole && letter != "c" ? try sum + C : sum
      }
      var I = sigmoid(try sum("i"))
      let F = self == .squaredForget ? sigmoid(try sum("f")).squared() : sigmoid(try sum("f"))
      let O = sigmoid(self == .sharedSum ? try sum("o") + sum("i") : try sum("o"))
      if self == .meanOfGates { I = try (I + F) * 0.5 }
      let node = try sum("c")
      var C_tilde = tanh(node)
      if self == .softsign { C_tilde = try node / (1 + node.abs()) }
      if self == .doubledCandidate { C_tilde = C_tilde * 2 }
      if self == .everyOtherStep, t % 2 == 1 {
        outputs.append(H)
        continue
      }
      C = try F * C * (self == .leak ? 0.9 : 1) + I * C_tilde
      if self == .clippedCell { C = try C.clip(minimum: -0.2, maximum: 0.2) }
      H = try O * tanh(C) * (self == .scaledOutput ? 1.1 : 1)
      if self == .layerResidual { H = try H + C * 0.1 }
      outputs.append(H)
    }
    return [("outputs", try Tensor.stack(outputs, axis: 1)), ("H", H), ("C", C)].map {
      PipeTensor(name: $0.0, shape: $0.1.shape.dimensions, values: $0.1.array)
    }
  }
}
