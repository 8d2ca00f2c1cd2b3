import Assignment
import Examples
import Judge
import TensorCore
import TestSupport
import Workers
import XCTest

/// A check's training to a goal, by the optimiser and with the patience of the assignment file.
final class PatientGoalTests: XCTestCase {
  private func outcome(
    _ more: String, minimum: Double = 1
  ) throws -> (outcome: JudgeSession.TrainingOutcome, points: [TrainingCurve.Point]) {
    let manifest = try StudyCourse.manifest(
      replacing: "limits:",
      with: "goals:\n  StudiedNet: {metric: auroc, steps: 40, attempts: 2, batchSize: 10, "
        + "minimum: \(minimum), minimumSynthetic: \(minimum), \(more)}\n\nlimits:")
    let launcher = try StudyCourse.launcher()
    // noise that has nothing to do with the classes
    var generator = RandomGenerator(seed: 3)
    let noise = Tensor.randn([100 * 12], using: &generator).array
    let set = ExampleSet(
      [.init(Table(noise, rowShape: [12]), firstRows: Array(0..<100), extent: .row)],
      targets: .classes((0..<100).map { Int32($0 % 5) }, count: 5))
    let session = JudgeSession(
      manifest: manifest, subjects: [], student: StudentPrograms(launcher),
      reference: ReferenceWorker(launcher), seed: 1, trainingThreads: 1
    ) {
      GradingData(
        SplitExamples(training: set, validation: set), selection: try manifest.dataSelection(),
        isSynthetic: true, seed: 1)
    }
    let outcome = try session.trainStudent(
      "StudiedNet", configuration: ["inputCount": 12, "width": 4, "hiddenLayers": 1, "dropout": 0],
      isRight: false)
    return (outcome, session.curve?.points ?? [])
  }

  /// Steps of nothing leave all as it was: no epoch is better than the first.
  func testAnAttemptEndsWhenNothingGetsBetter() throws {
    let patient = try outcome("learningRate: 1.0e-30, optimiser: {kind: sgd}")
    XCTAssertEqual(patient.outcome.attempts, 2)
    let all = patient.points.count
    XCTAssertEqual(all, 2 * 8, "fifty examples are five batches, forty batches eight epochs")
    for by in ["", ", stopsBy: loss"] {
      let settled = try outcome("learningRate: 1.0e-30, optimiser: {kind: sgd}, patience: 2" + by)
      XCTAssertEqual(settled.outcome.attempts, 2)
      XCTAssertEqual(settled.points.map(\.attempt), [1, 1, 1, 2, 2, 2], by)
    }
  }

  /// By momentum the same number of steps goes further.
  func testTheOptimiserIsTheGoals() throws {
    let plain = try outcome("learningRate: 0.02, optimiser: {kind: sgd}")
    let fast = try outcome("learningRate: 0.02, optimiser: {kind: sgd, momentum: 0.95}")
    XCTAssertLessThan(
      try XCTUnwrap(fast.points[7].trainLoss), try XCTUnwrap(plain.points[7].trainLoss) - 0.01)
    XCTAssertTrue(
      errorText { try outcome("learningRate: 0.1, optimiser: {kind: sdg}") }.contains(
        "the goal of StudiedNet: "))
  }
}
