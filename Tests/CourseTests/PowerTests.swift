import Foundation
import TensorCore
import WorkerPipe
import XCTest

@testable import Judge
@testable import RecurrentNetworksChecks

/// How well known mistakes show in the experiments that the checks draw: a mistake that is within the
/// tolerance for one seed in a hundred passes for one class in a hundred.
///
/// With RHYTHMLAB_SEEDS more seeds than a test has time for.
final class PowerTests: XCTestCase {
  private func unit() throws -> MistakeMargins { try MistakeMargins(RecurrentNetworksUnit.self) }

  /// In the experiments of the check of values, or of gradients.
  private func margins(
    of model: String, _ series: (JudgeSession, Quantity, inout SeededNumbers) throws -> TrialSeries,
    inGradients: Bool, seed: UInt64
  ) throws -> [String: Float] {
    let session = try unit().session(seed: seed)
    var numbers = session.numbers("\(model) \(inGradients ? "gradients" : "values")")
    var series = try series(session, inGradients ? .gradients : .values, &numbers)
    if inGradients { series = try series.withUpstream(&numbers) }
    return try unit().margins(series, inGradients: inGradients)
  }

  private func require(
    _ name: String, _ margins: (UInt64) throws -> [String: Float]
  ) throws {
    try MistakeMargins.require(name, seeds: MistakeMargins.seeds(), margins)
  }

  func testMistakesOfTheLayersShow() throws {
    for model in ["RNN", "LSTM"] {
      for inGradients in [false, true] {
        try require("\(model) \(inGradients ? "gradients" : "values")") { seed in
          try margins(
            of: model, { try LayerCheck(session: $0, name: model).series($1, &$2) },
            inGradients: inGradients, seed: seed)
        }
      }
    }
  }

  func testMistakesOfTheConvNetShow() throws {
    try require("ConvNet values") { seed in
      try margins(
        of: "ConvNet", { try ConvNetChecks.network($0).series($1, &$2) }, inGradients: false,
        seed: seed
      )
    }
  }

  func testMistakesOfTheBuiltinLSTMNetShow() throws {
    for inGradients in [false, true] {
      try require("BuiltinLSTMNet \(inGradients ? "gradients" : "values")") { seed in
        try margins(
          of: "BuiltinLSTMNet", { try BuiltinLSTMNetChecks.network($0, hidden: 6).series($1, &$2) },
          inGradients: inGradients, seed: seed)
      }
    }
  }

  // MARK: - What ordinary numbers do not show

  private func farMargins(
    of model: String, _ quantity: Quantity, seed: UInt64, _ mistakes: [FarMistake]
  ) throws -> [String: Float] {
    let session = try unit().session(seed: seed)
    var numbers = session.numbers("\(model) \(quantity)")
    var series = try LayerCheck(session: session, name: model).series(quantity, &numbers)
    if quantity == .gradients { series = try series.withUpstream(&numbers) }
    func ask(_ mistake: FarMistake, _ experiment: ModelCheck.Experiment) throws -> [PipeTensor] {
      guard quantity == .values else { return try mistake.gradients(model, experiment) }
      let numbers = try Numbers(experiment)
      return try noGrad { try mistake.results(model, numbers) }.map { name, tensor in
        PipeTensor(name: name, shape: tensor.shape.dimensions, values: tensor.array)
      }
    }
    var margins: [String: Float] = [:]
    for trial in series.trials {
      let right = try ask(FarMistake(), trial.experiment)
      let scale = quantity == .gradients ? Comparison.gradientScale(right) : 0
      for mistake in mistakes {
        let margin = MistakeMargins.margin(try ask(mistake, trial.experiment), right, scale: scale)
        margins[mistake.name] = max(margins[mistake.name] ?? 0, margin)
      }
    }
    return margins
  }

  /// Backpropagation that is cut off, and gradients that are clipped. With RHYTHMLAB_SEEDS every length
  /// is looked at in every seed.
  func testGradientsReachBackThroughAllSteps() throws {
    let isThorough = ProcessInfo.processInfo.environment["RHYTHMLAB_SEEDS"] != nil
    let lengths = isThorough ? Array(1...39) : [1, 2, 5, 10, 20, 32, 37, 39]
    for model in ["RNN", "LSTM"] {
      try require("\(model) cut off") { seed in
        try farMargins(
          of: model, .gradients, seed: seed,
          FarMistake.truncations(of: model, lengths: lengths) + FarMistake.clippedGradients)
      }
    }
  }

  /// Values that are clipped, and gates and states that are a little wrong at their ends.
  func testTheFarEndsShow() throws {
    for model in ["RNN", "LSTM"] {
      try require("\(model) far ends") { seed in
        try farMargins(of: model, .values, seed: seed, FarMistake.values(of: model))
      }
    }
  }

  /// The small network's mistakes, on the Solutions' layer.
  func testMistakesOfTheLSTMNetShow() throws {
    try require("LSTMNet values") { seed in
      let trials = try LSTMNetSeries(unit().session(seed: seed), goesFar: true).trials
      var margins: [String: Float] = [:]
      for trial in trials {
        func logits(_ variant: HeadVariant, _ layer: LayerResults) throws -> PipeTensor {
          let logits = try variant.logits(layer, trial.headWeights)
          return PipeTensor(name: "logits", shape: logits.shape.dimensions, values: logits.array)
        }
        func add(_ id: String, _ wrong: PipeTensor) {
          let margin = MistakeMargins.margin(
            [wrong], [trial.expected], scale: trial.experiment.scale)
          margins[id] = max(margins[id] ?? 0, margin)
        }
        let layer = try XCTUnwrap(trial.layers[.steps])
        for mistake in HeadVariant.mistakes where !mistake.showsOnlyInGradients {
          add(mistake.name.id, try logits(HeadVariant([mistake]), layer))
        }
        for (reading, layer) in trial.layers {
          if let mistake = reading.mistake { add(mistake.id, try logits(HeadVariant(), layer)) }
        }
      }
      return margins
    }
  }
}
