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
    epochs: Int, patience: Int? = nil, metric: Metric = .meanF1, resumed: ResumePoint? = nil,
    learningRate: Float = 0.1, optimiser: OptimiserChoice = .init(), resumes: Bool = true,
    onReport: (TrainingReport, TrainingResult.Epoch?) -> Void = { _, _ in }
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
        epochs: epochs, batchSize: 20, optimiser: optimiser, learningRate: learningRate, seed: 1,
        threads: 1),
      training: examples, validation: examples, classes: ["a", "b", "c"], metric: metric,
      patience: patience, dataDescription: "noise", checkpoint: checkpoint, resumed: resumed,
      resumePath: resumes ? checkpoint + ".resume" : nil
    ).run(in: client, onReport: onReport)
  }

  /// Steps that are far too long make the loss rise and fall. What is on disk at the end are the parameters of the
  /// best epoch, bit for bit, as a training of its own has them there, whether it was stopped or the epochs ran out.
  func testTheBestParametersAlwaysComeBack() throws {
    for patience in [nil, 2] {
      let result = try run(
        epochs: 8, patience: patience, metric: .loss, learningRate: 30,
        optimiser: .init(.sgd, momentum: 0.9), resumes: false)
      XCTAssertEqual(result.stoppedEarly, patience == nil ? nil : true)
      let figures = result.history.compactMap(\.validationFigure)
      XCTAssertEqual(figures, result.history.map { -$0.validationLoss })
      let best = try XCTUnwrap(figures.indices.max { figures[$0] < figures[$1] })
      XCTAssertLessThan(best, figures.count - 1, "the last epoch is not the best")
      XCTAssertEqual(result.bestValidationFigure, figures[best])
      let file = scratch.appendingPathComponent("best.safetensors")
      let kept = try SafeTensors.decode([UInt8](try Data(contentsOf: file)))
      XCTAssertFalse(FileManager.default.fileExists(atPath: file.path + ".resume"))
      let client = try WorkerClient(
        WorkerLauncher(
          program: Program.products.appendingPathComponent("ToyReference").path,
          sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(), files: []))
      defer { client.terminate() }
      var last: [PipeTensor] = []
      try client.train(
        .init("ThreeClassNet", sizes: ["featureCount": 3], seed: 1),
        by: Recipe(
          epochs: best + 1, batchSize: 20, optimiser: .init(.sgd, momentum: 0.9), learningRate: 30,
          seed: 1, threads: 1), on: TrainingQuestion(train: examples(), validation: examples()),
        keeping: .parameters, within: 60
      ) { last = $0.parameters }
      XCTAssertEqual(kept.map(\.name).sorted(), last.map(\.name).sorted())
      for tensor in last {
        XCTAssertEqual(kept.first { $0.name == tensor.name }?.tensor.array, tensor.values)
      }
    }
  }

  /// A worker that reads the examples from files learns what one learns that is sent them, to the last bit; so
  /// does one that has other files, or none.
  func testExamplesInFilesAreTheSame() throws {
    let launcher = WorkerLauncher(
      program: Program.products.appendingPathComponent("ToyReference").path,
      sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(), files: [])
    let sent = TrainingQuestion(train: examples(), validation: examples())
    let inFiles = TrainingQuestion(train: examples(), validation: examples(), limit: 0)
    XCTAssertEqual(inFiles.fingerprint, sent.fingerprint)
    func learned(_ question: TrainingQuestion, sharing shared: TrainingQuestion?) throws
      -> [[PipeTensor]]
    {
      let client = try WorkerClient(launcher, sharing: shared)
      defer { client.terminate() }
      XCTAssertEqual(client.files.count, shared?.files.count ?? 0)
      var epochs: [[PipeTensor]] = []
      try client.train(
        .init("ThreeClassNet", sizes: ["featureCount": 3], seed: 1),
        by: Recipe(epochs: 2, batchSize: 20, learningRate: 0.1, seed: 1, threads: 2), on: question,
        keeping: .parameters, within: 60
      ) { epochs.append($0.parameters + $0.predictions) }
      return epochs
    }
    let expected = try learned(sent, sharing: nil)
    XCTAssertEqual(expected.count, 2)
    XCTAssertEqual(sent.files.count, 0)
    XCTAssertEqual(inFiles.files.count, 2)
    XCTAssertEqual(try learned(inFiles, sharing: inFiles), expected)
    XCTAssertEqual(try learned(inFiles, sharing: nil), expected)
    XCTAssertEqual(try learned(sent, sharing: inFiles), expected)
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
