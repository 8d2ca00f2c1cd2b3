import Assignment
import Examples
import Foundation
import Metrics
import Sandbox
import TensorCore
import TestSupport
import Training
import WorkerPipe
import Workers
import XCTest

@testable import Experiments

/// A training in a worker: which epoch is the best and by what, when it stops before its time, and how it
/// goes on.
final class TrainingRunTests: XCTestCase {
  private let scratch = FileManager.default.temporaryDirectory
    .appendingPathComponent("run-\(UUID().uuidString)")
  override func setUpWithError() throws {
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  }
  override func tearDown() { try? FileManager.default.removeItem(at: scratch) }

  func testATrainingIsSettled() {
    func settled(_ figures: [Double], _ patience: Int) -> Bool {
      EarlyStopping(patience: patience).isSettled(figures)
    }
    XCTAssertFalse(settled([0.5], 1))
    XCTAssertTrue(settled([0.5, 0.5], 1), "as good is no better")
    XCTAssertFalse(settled([0.5, 0.4, 0.6], 1))
    XCTAssertFalse(settled([0.5, 0.6, 0.4, 0.5], 3))
    XCTAssertTrue(settled([0.5, 0.6, 0.4, 0.5, 0.6], 3))
    XCTAssertFalse(settled([0.9, 0.1, 0.95], 2))
  }

  /// Means over two features tell three classes apart; seed 3.
  private func examples() -> ExampleSet {
    var generator = RandomGenerator(seed: 3)
    let labels = (0..<60).map { Int32($0 % 3) }
    let noise = Tensor.randn([60 * 4, 3], using: &generator).array
    let values = noise.indices.map { index in
      let (example, feature) = (index / 12, index % 3)
      return 0.3 * noise[index] + (labels[example] == feature ? 2 : 0)
    }
    return ExampleSet(
      [
        .init(
          Table(values, rowShape: [3]), firstRows: (0..<60).map { 4 * $0 }, extent: .window(4))
      ], targets: .classes(labels, count: 3))
  }

  private func run(
    epochs: Int, patience: Int? = nil, resumed: ResumePoint? = nil, learningRate: Float = 0.1
  ) throws -> TrainingResult {
    let examples = examples()
    let checkpoint = scratch.appendingPathComponent("best.safetensors").path
    let client = try WorkerClient(
      WorkerLauncher(
        program: Program.products.appendingPathComponent("ToyReference").path,
        sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(), files: []))
    defer { client.terminate() }
    return try TrainingRun(
      network: "ThreeClassNet", configuration: ["featureCount": 3],
      recipe: Recipe(
        epochs: epochs, batchSize: 20, learningRate: learningRate, seed: 1, threads: 1),
      training: examples, validation: examples, classes: ["a", "b", "c"], metric: .meanF1,
      patience: patience, dataDescription: "noise", checkpoint: checkpoint, resumed: resumed,
      resumePath: checkpoint + ".resume"
    ).run(in: client) { _, _ in }
  }

  private func resumePoint() throws -> ResumePoint {
    try ResumePoint(contentsOf: scratch.appendingPathComponent("best.safetensors.resume").path)
  }

  func testThreeClassesByTheirMeanF1() throws {
    let result = try run(epochs: 6)
    XCTAssertEqual(result.history.count, 6)
    XCTAssertEqual(result.metric, .meanF1)
    let best = try XCTUnwrap(result.bestValidationFigure)
    XCTAssertEqual(best, result.history.compactMap(\.validationFigure).max())
    XCTAssertGreaterThan(best, 0.9)
    XCTAssertNil(result.stoppedEarly)
    XCTAssertEqual(result.validation?.confusionMatrix.count, 3)
    XCTAssertTrue(result.bestLine.hasPrefix("best val macro-f1 "), result.bestLine)
    // F1 of each class in every epoch, whose mean is the figure here
    for epoch in result.history {
      let f1 = try XCTUnwrap(epoch.validationF1)
      XCTAssertEqual(f1.count, 3)
      XCTAssertEqual(f1.reduce(0, +) / 3, try XCTUnwrap(epoch.validationFigure), accuracy: 1e-12)
    }
    XCTAssertEqual(result.history.last?.validationF1, result.validation?.f1)
  }

  func testTheLineOfClasses() {
    func epoch(_ f1: [Double]?) -> TrainingResult.Epoch {
      .init(
        epoch: 1, trainLoss: 1, trainAccuracy: 0, validationLoss: 1, validationAccuracy: 0,
        validationF1: f1)
    }
    XCTAssertEqual(
      epoch([0.907, 0.759, 0.722]).classLine(["N", "A", "O"]),
      "F1 N 0.907, A 0.759, O 0.722, mean 0.796")
    XCTAssertNil(epoch(nil).classLine(["N", "A"]))
  }

  /// A step size of nothing leaves all as it was, so that no epoch is better than the first.
  func testItStopsWhenNothingGetsBetterAndStaysStopped() throws {
    let result = try run(epochs: 9, patience: 2, learningRate: 1e-30)
    XCTAssertEqual(result.history.count, 3)
    XCTAssertEqual(result.stoppedEarly, true)
    XCTAssertTrue(
      FileManager.default.fileExists(
        atPath: scratch.appendingPathComponent("best.safetensors").path))
    // what was settled is so when it goes on; with more patience it goes further
    let again = try run(epochs: 9, patience: 2, resumed: try resumePoint(), learningRate: 1e-30)
    XCTAssertEqual(again.history.count, 3)
    let longer = try run(epochs: 9, patience: 4, resumed: try resumePoint(), learningRate: 1e-30)
    XCTAssertEqual(longer.history.count, 5)
  }

  /// The figure that decides is kept with the others, so that a training that goes on knows its best.
  func testAResumedTrainingIsTheSame() throws {
    let whole = try run(epochs: 6)
    _ = try run(epochs: 3)
    let kept = try resumePoint()
    XCTAssertEqual(kept.history.map(\.epoch), [1, 2, 3])
    let figures = kept.history.compactMap(\.validationFigure)
    XCTAssertEqual(figures.count, 3)
    let resumed = try run(epochs: 6, resumed: kept)
    XCTAssertEqual(resumed.history.count, 6)
    for (a, b) in zip(whole.history, resumed.history) {
      // the kept ones went through single precision
      XCTAssertEqual(a.validationFigure ?? -1, b.validationFigure ?? -2, accuracy: 1e-6)
      XCTAssertEqual(a.trainLoss, b.trainLoss, accuracy: 1e-6)
      let (before, after) = (a.validationF1 ?? [], b.validationF1 ?? [])
      XCTAssertEqual(after.count, 3)
      for (a, b) in zip(before, after) { XCTAssertEqual(a, b, accuracy: 1e-6) }
    }
  }
}
