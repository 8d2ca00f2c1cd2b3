import Foundation
import Sandbox
import TensorCore
import TestSupport
import WorkerPipe
import XCTest

@testable import Assignment
@testable import Judge
@testable import RecurrentNetworksChecks
@testable import Workers

/// How well known mistakes show in the experiments that the checks draw: a mistake that is within the
/// tolerance for one seed in a hundred passes for one class in a hundred.
///
/// With RHYTHMLAB_SEEDS more seeds than a test has time for.
final class PowerTests: XCTestCase {
  /// The factor by which a mistake must exceed the tolerance somewhere in a check's experiments.
  private static let goal: Float = 50

  private let book = VariantBook.recurrentNetworks
  /// The one of students' own checks, and others.
  private var seeds: [UInt64] {
    let count = ProcessInfo.processInfo.environment["RHYTHMLAB_SEEDS"].flatMap(UInt64.init) ?? 15
    return [SelfCheck.publicSeed] + Array(1..<max(count, 2))
  }

  /// The Solutions, judged by themselves.
  private func session(seed: UInt64) throws -> JudgeSession {
    let root = Repository.folder
    let manifest = try AssignmentManifest.read(
      root.appendingPathComponent("Assignments/RecurrentNetworks/assignment.yml").path)
    let solutions = WorkerLauncher(
      program: Program.products.appendingPathComponent("RecurrentNetworksReference").path,
      sandbox: try Sandbox.select(SandboxTier.none), limits: manifest.limits.check,
      files: manifest.files)
    return JudgeSession(
      manifest: manifest, subjects: RecurrentNetworksUnit.facts.subjects,
      student: StudentPrograms(solutions),
      reference: ReferenceWorker(solutions), seed: seed, trainingThreads: 0
    ) { throw CheckFailure("nothing trains") }
  }

  /// The largest difference, in tolerances.
  private func margin(_ wrong: [PipeTensor]?, _ right: [PipeTensor], scale: Float = 0) -> Float {
    guard let wrong else { return .infinity }
    return right.reduce(0) { largest, right in
      guard let wrong = wrong.first(where: { $0.name == right.name }), wrong.shape == right.shape
      else { return .infinity }
      let allowed = Comparison.allowed(right, scale)
      return zip(wrong.values, right.values).reduce(largest) {
        let difference = abs($1.0 - $1.1)
        return difference.isNaN ? .infinity : max($0, difference / allowed)
      }
    }
  }

  /// The margins of all mistakes of a kind in the experiments of one check, the best of each.
  private func margins(
    _ series: TrialSeries, _ isIncluded: (KnownMistake) -> Bool,
    scale: (ModelCheck.Experiment, _ right: [PipeTensor]) -> Float,
    _ ask: (KnownMistake, ModelCheck.Experiment) throws -> [PipeTensor]
  ) throws -> [String: Float] {
    let rights = try series.trials.map { try ask(.none, $0.experiment) }
    let mistakes = book.mistakes(of: series.model).filter {
      $0.isSingle && isIncluded($0)
    }
    return Dictionary(
      uniqueKeysWithValues: mistakes.map { mistake in
        let margins = zip(series.trials, rights).map { trial, right in
          margin(try? ask(mistake, trial.experiment), right, scale: scale(trial.experiment, right))
        }
        return (mistake.ids[0], margins.max() ?? 0)
      })
  }

  /// In the experiments of the check of values, or of gradients.
  private func margins(
    of model: String, _ series: (JudgeSession, Quantity, inout SeededNumbers) throws -> TrialSeries,
    inGradients: Bool, seed: UInt64
  ) throws -> [String: Float] {
    let session = try session(seed: seed)
    var numbers = session.numbers("\(model) \(inGradients ? "gradients" : "values")")
    var series = try series(session, inGradients ? .gradients : .values, &numbers)
    guard inGradients else {
      return try margins(
        series, { !$0.showsOnlyInGradients }, scale: { experiment, _ in experiment.scale }
      ) {
        try book.results(of: series.model, with: $0, $1)
      }
    }
    series = try series.withUpstream(&numbers)
    return try margins(
      series, \.showsOnlyInGradients, scale: { Comparison.gradientScale($1) }
    ) {
      try book.gradients(of: series.model, with: $0, $1)
    }
  }

  private func require(
    _ name: String, _ margins: (UInt64) throws -> [String: Float]
  ) throws {
    var lowest: [String: Float] = [:]
    for seed in seeds { lowest.merge(try margins(seed)) { min($0, $1) } }
    XCTAssertFalse(lowest.isEmpty, name)
    guard let mildest = lowest.min(by: { $0.value < $1.value }) else { return }
    print(
      "\(name), \(seeds.count) seeds: \(lowest.count) mistakes, the mildest at its worst "
        + "\(Comparison.number(mildest.value)) tolerances: \(mildest.key)")
    for (mistake, margin) in lowest where margin < Self.goal {
      XCTFail("\(name): \(mistake): \(margin) tolerances")
    }
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
    let session = try session(seed: seed)
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
        let margin = margin(try ask(mistake, trial.experiment), right, scale: scale)
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
      let trials = try LSTMNetSeries(session(seed: seed), goesFar: true).trials
      var margins: [String: Float] = [:]
      for trial in trials {
        func logits(_ variant: HeadVariant, _ layer: LayerResults) throws -> PipeTensor {
          let logits = try variant.logits(layer, trial.headWeights)
          return PipeTensor(name: "logits", shape: logits.shape.dimensions, values: logits.array)
        }
        func add(_ id: String, _ wrong: PipeTensor) {
          let margin = margin([wrong], [trial.expected], scale: trial.experiment.scale)
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
