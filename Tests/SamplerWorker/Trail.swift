import NeuralNetworks
import TensorCore

/// A layer that follows a sequence:
///
///     h_t = tanh(x_t W + h_(t-1) U + b)
///
/// with mistakes that show in no formula: what a call changes, keeps or takes out of the graph.
final class Trail: Module {
  @Parameter var W: Tensor
  @Parameter var U: Tensor
  @Parameter var b: Tensor
  private var list: [Tensor] = []
  private var state: Tensor?
  private var calls = 0
  private var generator: RandomGenerator
  private let copies: [Tensor]
  nonisolated(unsafe) private static var list: [Tensor] = []
  nonisolated(unsafe) private static var calls: Float = 0

  init(featureCount: Int, unitCount: Int, using generator: inout RandomGenerator) {
    let drawn = [[featureCount, unitCount], [unitCount, unitCount], [unitCount]].map {
      Tensor.randn(Shape($0), standardDeviation: 0.1, using: &generator)
    }
    (W, U, b) = (drawn[0], drawn[1], drawn[2])
    copies = drawn.map { $0.detached() * 1 }
    self.generator = generator
  }

  /// Outputs [samples, steps, units] and the final state for [samples, steps, features].
  func callAsFunction(_ input: Tensor) throws -> (outputs: Tensor, final: Tensor) {
    switch mistake {
    case "halves-weights": U = 0.5 * U
    case "halves-weights-in-place": try load([("U", 0.5 * U), ("W", 0.5 * W)], strict: false)
    case "replaces-weights": U = U * 1
    case "squeezes":
      _ = try input.shape[1] == 1 ? input.squeezed(axis: 1).select(axis: 2, index: 0) : input
    case "shifts-while-training" where isTraining: b = b + 1
    default: break
    }
    let (W, U, b) = try weights()
    let isOverSamples = mistake == "goes-over-samples"
    var h = Tensor.zeros([input.shape[isOverSamples ? 1 : 0], b.shape[0]])
    if mistake == "keeps-state", let state { h = state }
    var outputs = mistake == "keeps-list" ? list : mistake == "keeps-static-list" ? Self.list : []
    let steps = try input.unstacked(axis: isOverSamples ? 0 : 1)
    for (step, x) in steps.enumerated() {
      let sum = try x.matmul(W) + handedOn(h).matmul(U) + b
      h = tanh(mistake == "leaks" ? sum * 0.9 : sum)
      if mistake.hasPrefix("clips") { h = try h.clip(minimum: -0.5, maximum: 0.5) }
      if mistake == "clips-and-overflows" {
        h = try h * x.sum(axis: 1, keepDims: true).sqrt() * 0 + h
      }
      let isBare =
        mistake == "outputs-as-numbers" || mistake == "last-output" && step < steps.count - 1
      outputs.append(isBare ? try bare(h) : h)
    }
    switch mistake {
    case "keeps-list": list = outputs
    case "keeps-static-list": Self.list = outputs
    case "keeps-state": state = h.detached()
    case "shifts-bias": self.b = self.b + 0.1
    case "shifts-bias-and-tires":
      self.b = self.b + 0.1
      calls += 1
      if calls > 3 { h = h * 0 }
    case "counts-calls":
      Self.calls += 1
      h = h + Self.calls
    case "drops-units":
      h =
        try h
        * Tensor((0..<h.count).map { _ in generator.nextUniform() < 0.5 ? 0 : 2 }, shape: h.shape)
    case "drops-the-same-units":
      var fixed = RandomGenerator(seed: 1)
      h =
        try h * Tensor((0..<h.count).map { _ in fixed.nextUniform() < 0.5 ? 0 : 2 }, shape: h.shape)
    case "draws": h = h + Float.random(in: 0..<1)
    case "mixes-samples": h = try h * 0 + h.mean(axis: 0)
    default: break
    }
    let all = try Tensor.stack(outputs, axis: isOverSamples ? 0 : 1)
    if isOverSamples { return (all, try all.select(axis: 1, index: -1)) }
    return try mistake == "all-as-numbers" ? (bare(all), bare(h)) : (all, h)
  }

  /// What the next step sees of a state.
  private func handedOn(_ h: Tensor) throws -> Tensor {
    switch mistake {
    case "state-as-numbers": try bare(h)
    case "halves-state": h * 0.5
    case "forgets-state": h * 0
    default: h
    }
  }

  private func weights() throws -> (W: Tensor, U: Tensor, b: Tensor) {
    switch mistake {
    case "weights-as-numbers": (W, try bare(U), try bare(b))
    case "copied-weights": (copies[0], copies[1], copies[2])
    default: (W, U, b)
    }
  }

  /// The same numbers without the graph.
  private func bare(_ tensor: Tensor) throws -> Tensor {
    try Tensor(tensor.array, shape: tensor.shape)
  }
}
