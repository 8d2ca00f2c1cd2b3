import Examples
import Metrics
import NeuralNetworks
import TensorCore
import Training
import WorkerPipe
import XCTest

/// Trainings that go wrong in a known way, and what is said of them.
final class TrainingDiagnosisTests: XCTestCase {
  /// One layer on the mean of all steps, and what a test does to it.
  private final class Net: Module, Network {
    let first: Linear
    let second: Linear
    @Parameter var unused: Tensor = .ones([3])
    private let change: (Tensor) -> Tensor
    private let usesAll: Bool

    init(
      scale: Float = 1, usesAll: Bool = true, using generator: inout RandomGenerator,
      change: @escaping (Tensor) -> Tensor = { $0 }
    ) throws {
      first = Linear(TestTraining.binCount, 8, using: &generator)
      second = Linear(8, 1, using: &generator)
      self.change = change
      self.usesAll = usesAll
      super.init()
      try load(stateEntries().map { ($0.name, $0.tensor * scale) })
    }

    func callAsFunction(_ X: Tensor) throws -> Tensor {
      let hidden = change(try first(X.mean(axis: 1)).relu())
      let logits = try second(hidden)
      return usesAll ? try logits + unused.mean() : logits
    }
  }

  private func remarks(
    epochs: Int = 3, learningRate: Float = 0.001, clipNorm: Float? = nil,
    labels: ((Int) -> Int32)? = nil, _ make: TestTraining.Maker
  ) throws -> [String] {
    var chunks = TestTraining.chunks(64)
    if let labels {
      chunks = chunks.with(.classes((0..<chunks.count).map(labels), count: 2))
    }
    var generator = RandomGenerator(seed: 3)
    let network = try make(&generator)
    let recipe = Recipe(
      epochs: epochs, batchSize: 16, learningRate: learningRate, clipNorm: clipNorm, seed: 3)
    let trainer = Trainer(network, on: chunks, recipe: recipe)
    var told: [TrainingDiagnosis.Epoch] = []
    try trainer.run { event in
      guard case .epoch(let report) = event else { return }
      let logits = try predict(network, on: chunks)["logits"].array
      told.append(
        .init(
          report: report,
          validationAccuracy: Metrics.accuracy(logits: logits, labels: chunks.labels),
          validationCount: chunks.count, logits: logits))
    }
    return TrainingDiagnosis(told, clips: clipNorm != nil, guessing: chunks.targets.guessingLoss())
      .remarks
  }

  private func require(
    _ beginnings: [String], _ remarks: [String], line: UInt = #line
  ) {
    XCTAssertEqual(
      remarks.map { String($0.prefix { $0 != ":" }) }, beginnings, remarks.joined(separator: "\n"),
      line: line)
  }

  /// Labels that the mean of a bin decides: chunks overlap, so neighbours are alike.
  func testATrainingInOrderHasNoRemark() throws {
    let frames = TestTraining.table(rows: 64 + TestTraining.stepCount).values
    let learns = try remarks(
      epochs: 40, learningRate: 0.05,
      labels: { row in
        let bin = (0..<TestTraining.stepCount).map { frames[(row + $0) * TestTraining.binCount] }
        return bin.reduce(0, +) > 0 ? 1 : 0
      }, { try Net(using: &$0) })
    require([], learns)
  }

  func testALossThatIsNoNumber() throws {
    require(["diverged"], try remarks { try Net(using: &$0) { $0.log() * 0 } })
  }

  func testALossFarAboveGuessing() throws {
    require(["diverged"], try remarks(learningRate: 30) { try Net(scale: 5, using: &$0) })
  }

  func testAParameterThatNothingReaches() throws {
    let remarks = try remarks(epochs: 1) { try Net(usesAll: false, using: &$0) }
    XCTAssertTrue(
      remarks.first == "never moved: unused is as at the start; no gradient reaches it",
      remarks.joined(separator: "\n"))
  }

  func testNothingMoves() throws {
    let remarks = try remarks(epochs: 1, learningRate: 0) { try Net(using: &$0) }
    XCTAssertEqual(remarks.first?.contains("none of the parameters has changed"), true)
  }

  func testTheInputDoesNotMatter() throws {
    let remarks = try remarks { try Net(using: &$0) { $0 * 0 } }
    XCTAssertTrue(remarks.contains { $0.hasPrefix("ignores the input") }, "\(remarks)")
    XCTAssertTrue(remarks.contains { $0.hasPrefix("never moved: first.weight, first.bias") })
  }

  /// Judged by the numbers alone, and clipping is not advised to those who clip.
  func testGradientsExplode() {
    func epoch(_ gradient: Double) -> TrainingDiagnosis.Epoch {
      var report = TrainingReport(
        epoch: 1, batch: 1, batchCount: 1, trainLoss: 0.5, trainAccuracy: 0.7, examplesPerSecond: 1)
      report.largestGradient = gradient
      return .init(
        report: report, validationAccuracy: 0.7, validationCount: 1000, logits: [1, -1])
    }
    require(
      ["exploding gradients"], TrainingDiagnosis([epoch(150), epoch(2)], guessing: nil).remarks)
    let clipped = TrainingDiagnosis([epoch(150)], clips: true, guessing: nil).remarks
    XCTAssertEqual(
      TrainingDiagnosis([epoch(150)], guessing: nil).remarks.first?.contains("--clip-norm"), true)
    XCTAssertEqual(clipped.first?.contains("--clip-norm"), false)
    require([], TrainingDiagnosis([epoch(90)], guessing: nil).remarks)
  }

  /// One batch an epoch, so its gradient is the longest.
  func testTheLongestGradientIsThatOfAllParametersBeforeClipping() throws {
    func longest(_ clipNorm: Float?) throws -> Double? {
      var generator = RandomGenerator(seed: 3)
      let recipe = Recipe(epochs: 1, batchSize: 64, learningRate: 0.01, clipNorm: clipNorm, seed: 3)
      let network = try Net(using: &generator)
      let trainer = Trainer(network, on: TestTraining.chunks(64), recipe: recipe)
      var report: TrainingReport?
      try trainer.run { if case .epoch(let told) = $0 { report = told } }
      let parts = try XCTUnwrap(report?.parameters).map { ($0.gradient ?? 0) * ($0.gradient ?? 0) }
      XCTAssertEqual(
        try XCTUnwrap(report?.largestGradient), parts.reduce(0, +).squareRoot(), accuracy: 1e-12)
      return report?.largestGradient
    }
    let free = try XCTUnwrap(try longest(nil))
    XCTAssertGreaterThan(free, 0.01)
    XCTAssertEqual(free, try longest(0.01))
  }

  func testGradientsVanish() throws {
    let remarks = try remarks { try Net(using: &$0) { $0 * 1e-9 } }
    XCTAssertTrue(
      remarks.contains { $0.hasPrefix("vanishing gradients: that of first.weight, first.bias") },
      remarks.joined(separator: "\n"))
  }

  /// The gradient of one parameter among others of its layer vanishes where the parameter changes nothing.
  func testAParameterThatChangesNothingIsNotCalledVanishing() {
    func remarks(_ lengths: [String: Double]) -> [String] {
      var report = TrainingReport(
        epoch: 1, batch: 1, batchCount: 1, trainLoss: 0.3, trainAccuracy: 0.7, examplesPerSecond: 1)
      report.parameters = lengths.sorted { $0.key < $1.key }.map {
        ParameterHealth(name: $0.key, gradient: $0.value, moved: 1, start: 1)
      }
      return TrainingDiagnosis(
        [.init(report: report, validationAccuracy: 0.7, validationCount: 1000, logits: [1, -1])],
        guessing: 0.5...0.6
      ).remarks
    }
    XCTAssertEqual(remarks(["a.W_k": 1, "a.b_k": 1e-9, "output.W": 1]), [])
    XCTAssertEqual(
      remarks(["a.W_k": 1e-9, "a.b_k": 1e-9, "output.W": 1]),
      ["vanishing gradients: that of a.W_k, a.b_k is less than a millionth of the longest"])
  }

  /// Between what is lost by who knows how often a class occurs and by who does not.
  func testALossOfGuessing() {
    func remarks(_ losses: Double..., validation: Double? = nil) -> [String] {
      let epochs = losses.map { loss in
        TrainingDiagnosis.Epoch(
          report: TrainingReport(
            epoch: 1, batch: 1, batchCount: 1, trainLoss: loss, trainAccuracy: 0.7,
            examplesPerSecond: 1), validationAccuracy: 0.7, validationLoss: validation,
          validationCount: 1000, logits: [1, -1])
      }
      return TrainingDiagnosis(epochs, guessing: 0.5...0.6).remarks
    }
    XCTAssertEqual(
      remarks(0.6, 0.5),
      ["not learning: the loss stayed at that of guessing, 0.5 to 0.6, for all 2 epochs"])
    require([], remarks(0.6, 0.4))
    // the mean of a first epoch is that of guessing where its end is not
    require([], remarks(0.6, validation: 0.4))
    require(["not learning"], remarks(0.6, validation: 0.5))
    require(["diverged"], remarks(0.6, 10))
    require([], remarks(0.6, 8))
  }

  func testGuessing() throws {
    XCTAssertTrue(
      try remarks(epochs: 2) { try Net(scale: 0.01, using: &$0) }
        .contains { $0.hasPrefix("not learning") && $0.hasSuffix("all 2 epochs") })
  }

  /// Judged by the numbers alone: 100 % on one set, chance on the other.
  func testOverfitting() {
    var report = TrainingReport(
      epoch: 1, batch: 1, batchCount: 1, trainLoss: 0.1, trainAccuracy: 0.95, examplesPerSecond: 1)
    report.parameters = [ParameterHealth(name: "w", gradient: 1, moved: 1, start: 1)]
    func remarks(_ accuracy: Double, of count: Int = 1000) -> [String] {
      let epoch = TrainingDiagnosis.Epoch(
        report: report, validationAccuracy: accuracy, validationCount: count, logits: [1, -1])
      return TrainingDiagnosis([epoch], guessing: nil).remarks
    }
    require(["overfitting"], remarks(0.8))
    require([], remarks(0.86))
    // 0.15 is 2.7 standard errors of 0.8 in 50 examples, 1.2 in 10
    require(["overfitting"], remarks(0.8, of: 50))
    require([], remarks(0.8, of: 10))
    require([], remarks(0.8, of: 0))
  }

  /// What is at the loss of guessing has learned nothing by heart, whatever its share.
  func testGuessingIsNoOverfitting() {
    func remarks(_ loss: Double) -> [String] {
      let report = TrainingReport(
        epoch: 1, batch: 1, batchCount: 1, trainLoss: loss, trainAccuracy: 0.7,
        examplesPerSecond: 1)
      let epoch = TrainingDiagnosis.Epoch(
        report: report, validationAccuracy: 0.45, validationCount: 1000, logits: [1, -1])
      return TrainingDiagnosis([epoch], guessing: 0.69...0.69).remarks
    }
    require(["not learning"], remarks(0.69))
    require(["overfitting"], remarks(0.5))
  }
}
