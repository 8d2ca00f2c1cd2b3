import Assignment
import Examples
import Judge
import TensorCore
import TestSupport
import WorkerPipe
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
        + "preparation: none, minimum: \(minimum), minimumSynthetic: \(minimum), \(more)}\n\nlimits:"
    )
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
        "the goal of StudiedNet has an optimiser sdg, which is none: give one of adam, adamw, sgd, "
          + "rmsprop"))
  }

  // MARK: - Preparations

  /// A reference that answers nothing but what was asked before, as recorded answers do.
  private final class Recorded: Reference {
    func answer(
      _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
      at place: QuestionPlace
    ) throws -> [PipeTensor] { throw CheckFailure("nothing was recorded") }
    func mistakes(of model: String) throws -> [KnownMistake] { [] }
    func results(
      of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
      at place: QuestionPlace
    ) -> [PipeTensor]? { nil }
    func gradients(
      of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
      at place: QuestionPlace
    ) -> [PipeTensor]? { nil }
  }

  /// A training on beats, which pass through the steps of the assignment file.
  private func prepared(
    _ goal: String = "", isRecorded: Bool = false, numbers: String = "{dropout: 0.2}",
    configuration: [String: Int] = ["inputCount": 186, "width": 8, "hiddenLayers": 1]
  ) throws -> (outcome: JudgeSession.TrainingOutcome, points: [TrainingCurve.Point]) {
    let manifest = try StudyCourse.manifest(
      replacing: "numbers: {dropout: 0.2}}\n\nrecipe:",
      with: "numbers: \(numbers)}\n\ngoals:\n  StudiedNet: {metric: auroc, steps: 60, attempts: 1, "
        + "batchSize: 10, learningRate: 0.05, \(goal)minimum: 0.8, minimumSynthetic: 0.8}\n\nrecipe:"
    )
    let launcher = try StudyCourse.launcher()
    let sets = SplitExamples(
      training: StudyCourse.examples(200, seed: 1), validation: StudyCourse.examples(100, seed: 2))
    let session = JudgeSession(
      manifest: manifest, subjects: [], student: StudentPrograms(launcher),
      reference: isRecorded ? Recorded() : ReferenceWorker(launcher), seed: 1, trainingThreads: 1
    ) {
      GradingData(
        sets, selection: try manifest.dataSelection(), isSynthetic: true, seed: 1)
    }
    let outcome = try session.trainStudent(
      "StudiedNet", configuration: configuration, isRight: true)
    return (outcome, session.curve?.points ?? [])
  }

  /// 50 beats are drawn for the run, 30 of each of five classes made of them: 15 batches an epoch.
  func testExamplesPassThroughTheStepsOfTheAssignmentFile() throws {
    let live = try prepared()
    XCTAssertGreaterThan(live.outcome.accuracy, 0.8)
    XCTAssertEqual(live.points.first?.steps, 15)
    // where the reference is recorded the student's own functions give the same
    let recorded = try prepared(isRecorded: true)
    XCTAssertEqual(recorded.points.map(\.trainLoss), live.points.map(\.trainLoss))
    XCTAssertEqual(recorded.outcome.accuracy, live.outcome.accuracy, accuracy: 1e-6)
    // another preparation: differences of the 50 as they are
    XCTAssertEqual(try prepared("preparation: differences, ").points.first?.steps, 5)
    // none: rows of 187, which the network does not take
    XCTAssertThrowsError(try prepared("preparation: none, "))
    XCTAssertTrue(
      errorText { try prepared("preparation: other, ") }.contains(
        "the preparation of the goal of StudiedNet is other, which is not under preparations"))
  }

  /// The numbers of the assignment file are the network's, unless the check says others.
  func testANetworkIsMadeWithItsNumbers() throws {
    let (some, none) = (try prepared(), try prepared(numbers: "{dropout: 0}"))
    XCTAssertNotEqual(some.points.first?.trainLoss, none.points.first?.trainLoss)
    let own = try prepared(
      configuration: ["inputCount": 186, "width": 8, "hiddenLayers": 1, "dropout": 0])
    XCTAssertEqual(own.points.first?.trainLoss, none.points.first?.trainLoss)
  }

  /// What a student's own function gives wrongly is a sentence for the student, and no fault of the course's.
  func testOnesOwnFunctionsThatGiveTheWrongThing() throws {
    func step(_ result: String) -> String {
      "    - {function: differences, takes: {beats: beat}, gives: {\(result): features}}"
    }
    let text = errorText {
      let manifest = try StudyCourse.manifest(
        replacing: "  differences:\n" + step("features"),
        with: "  differences:\n" + step("nothing") + "\n"
          + "goals:\n  StudiedNet: {steps: 5, attempts: 1, batchSize: 10, learningRate: 0.1, "
          + "preparation: differences, minimum: 0.8, minimumSynthetic: 0.8}")
      let launcher = try StudyCourse.launcher()
      let set = StudyCourse.examples(50, seed: 1)
      let session = JudgeSession(
        manifest: manifest, subjects: [], student: StudentPrograms(launcher),
        reference: Recorded(), seed: 1, trainingThreads: 1
      ) {
        GradingData(
          SplitExamples(training: set, validation: set), selection: try manifest.dataSelection(),
          isSynthetic: true, seed: 1)
      }
      _ = try session.trainStudent("StudiedNet", configuration: [:], isRight: false)
    }
    XCTAssertTrue(
      text.contains(
        "the network learns from what your own functions give, and the preparation"), text)
    XCTAssertTrue(text.contains("step differences gives no nothing"), text)
  }
}
