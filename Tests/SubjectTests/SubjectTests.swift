import Assignment
import Building
import Examples
import Foundation
import Sandbox
import TestSupport
import ToyChecks
import WorkerPipe
import Workers
import XCTest

@testable import Judge
@testable import rhythm

/// A unit that is hardly a network, judged by the means of every unit: functions of several inputs, an exact
/// one and one with gradients, their known mistakes, and a training to a goal on three classes.
final class SubjectTests: XCTestCase {
  /// The text of a file of the Solutions that is replaced, and what by.
  private typealias Edit = (file: String, old: String, new: String)

  private let scratch = Result { try Scratch() }

  /// The Solutions' program with edits in it; without any the reference itself.
  private func program(_ edits: [Edit], _ manifest: AssignmentManifest) throws -> String {
    guard !edits.isEmpty else { return ToyCourse.reference.path }
    let builder = try WorkerBuilder(
      manifest, assignmentFolder: ToyCourse.solutions.path, core: try WorkingCopy.find().core,
      sandbox: try Sandbox.select(SandboxTier.none), cacheFolder: scratch.get().path + "/cache")
    var files: [String: [UInt8]] = [:]
    for edit in edits {
      let text = try String(
        contentsOf: ToyCourse.solutions.appendingPathComponent(edit.file), encoding: .utf8)
      XCTAssertTrue(text.contains(edit.old), edit.old)
      files[edit.file] = Array(text.replacingOccurrences(of: edit.old, with: edit.new).utf8)
    }
    let outcome = try builder.build(files)
    guard case .built(let worker, _) = outcome else { throw FixtureError("\(outcome)") }
    return worker
  }

  private func session(_ edits: Edit..., more: String = "") throws -> JudgeSession {
    let text = try String(
      contentsOf: ToyCourse.assignment.appendingPathComponent("assignment.yml"), encoding: .utf8)
    let manifest = try AssignmentManifest.read(scratch.get().write(text + more, "assignment.yml"))
    func launcher(_ program: String) throws -> WorkerLauncher {
      WorkerLauncher(
        program: program, sandbox: try Sandbox.select(SandboxTier.none),
        limits: manifest.limits.check, files: [])
    }
    return JudgeSession(
      manifest: manifest, subjects: ToyUnit.facts.subjects,
      student: StudentPrograms(try launcher(try program(edits, manifest))),
      reference: ReferenceWorker(
        try launcher(ToyCourse.reference.path), mistakes: ToyUnit.facts.mistakes),
      seed: 5, trainingThreads: 1
    ) { throw CheckFailure("nothing is trained on recordings") }
  }

  /// The result of each check.
  private func results(_ session: JudgeSession) -> [String: CheckResult] {
    Dictionary(
      uniqueKeysWithValues: CheckRunner.run(ToyUnit.checks, session).map { ($0.id, $0) })
  }

  /// The checks that are lost.
  private func lost(_ results: [String: CheckResult]) -> [String] {
    results.values.filter { $0.outcome != .passed }.map(\.id).sorted()
  }

  func testTheSolutionsPass() throws {
    let results = try results(session())
    XCTAssertEqual(results.count, 6)
    XCTAssertEqual(lost(results), [], "\(results.values.map(\.message))")
  }

  func testAnExactFunctionIsRightOrWrongAndAKnownMistakeIsNamed() throws {
    let results = try results(
      session(
        ("MovingSums.swift", "- width + 1", "- width"),
        ("WeightedMeans.swift", "* weights", "* weights.squared()")))
    // the gradients are those of the function with this mistake
    XCTAssertEqual(lost(results), ["means.values", "sums.values"])
    let sums = try XCTUnwrap(results["sums.values"])
    XCTAssertTrue(sums.message.hasPrefix("sums at [step "), sums.message)
    let difference = try XCTUnwrap(sums.difference)
    XCTAssertEqual(difference.tolerance, "0")
    XCTAssertNotNil(Int(difference.yours), difference.yours)
    XCTAssertEqual(results["means.values"]?.diagnosis, "the weights are squared")
  }

  func testGradientsOfEveryInputAreAsked() throws {
    let results = try results(
      session(
        (
          "MovingSums.swift", "signal.indices.map { step in",
          "signal.indices.reversed().map { step in"
        ),
        ("WeightedMeans.swift", "* weights", "* weights.detached()")))
    XCTAssertEqual(lost(results), ["means.gradients", "sums.values"])
    let message = try XCTUnwrap(results["means.gradients"]?.message)
    XCTAssertEqual(message, "no gradient reaches the input weights")
  }

  /// What cannot throw ends the program with a sentence, which stands where a signal's number would.
  func testASentenceOfTheCoreIsWhatAStudentReads() throws {
    let results = try results(
      session(
        ("WeightedMeans.swift", "  let means", "  _ = Tensor.zeros([-1])\n  let means")))
    let shapes = try XCTUnwrap(results["means.shapes"])
    XCTAssertEqual(shapes.outcome, .crashed)
    XCTAssertTrue(
      shapes.message.contains(
        "the program stopped: zeros: a tensor of the shape [-1] has a negative size"),
      shapes.message)
    XCTAssertFalse(shapes.message.contains("signal"), shapes.message)
  }

  func testAPropertyIsNamedWhereNoMistakeIsKnown() throws {
    let results = try results(
      session(("WeightedMeans.swift", "* weights", "* weights.mean()")))
    XCTAssertEqual(
      results["means.values"]?.diagnosis,
      "the means of a sample depend on the other samples of the batch")
  }

  /// An experiment of the judge's on a trained network: the second feature far below its middle, and far above.
  func testWhatWasLearnedIsAskedAfterwards() throws {
    let session = try training("mean-recall", on: classes)
    let sizes = ["featureCount": 2]
    let outcome = try session.trainStudent(
      "ThreeClassNet", configuration: sizes, isRight: true)
    XCTAssertFalse(outcome.learned.isEmpty)
    let rows: [Float] = [-3, 3].flatMap { (second: Float) in (0..<4).flatMap { _ in [0, second] } }
    for _ in 0..<2 {
      let answer = try session.results(
        of: "ThreeClassNet", configuration: sizes, learned: outcome.learned,
        [PipeTensor(name: "input", shape: [2, 4, 2], values: rows)])
      let logits = try XCTUnwrap(answer.first { $0.name == "logits" }).values
      func predicted(_ sample: Int) -> Int? {
        (0..<3).max { logits[3 * sample + $0] < logits[3 * sample + $1] }
      }
      XCTAssertEqual([predicted(0), predicted(1)], [0, 2])
    }
    // another check has it without a training of its own, which its last batch would have moved
    let later = try session.trainedStudent("ThreeClassNet", configuration: sizes, isRight: true)
    XCTAssertEqual(later.learned.map(\.values), outcome.learned.map(\.values))
    // a training that goes on ends elsewhere, and its figures are those of the goal
    let other = try training("mean-recall", on: classes)
    let whole = try other.trainStudent(
      "ThreeClassNet", configuration: sizes, isRight: true, goesOn: true)
    XCTAssertLessThan(outcome.steps, 60)
    XCTAssertEqual([whole.steps, whole.attempts], [outcome.steps, outcome.attempts])
    XCTAssertEqual(whole.accuracy, outcome.accuracy)
    XCTAssertNotEqual(whole.learned.map(\.values), outcome.learned.map(\.values))
    XCTAssertEqual(other.curve?.points.last?.steps, 60)
    // what is asked for and was not trained yet is
    let first = try training("mean-recall", on: classes).trainedStudent(
      "ThreeClassNet", configuration: sizes, isRight: true)
    XCTAssertEqual(first.learned.map(\.values), whole.learned.map(\.values))
    // nothing has been learned where the goal was not reached
    let missed = try reached("mean-recall") { means in
      .classes(means.indices.map { Int32($0 * 7 % 3) }, count: 3)
    }
    XCTAssertLessThan(missed.accuracy, 0.9)
    XCTAssertTrue(missed.learned.isEmpty)
  }

  /// A session that trains to a goal on what follows from the means of the two features.
  private func training(
    _ metric: String, more: String = "",
    on targets: (_ means: [(Float, Float)]) -> Targets
  ) throws -> JudgeSession {
    let session = try session(
      more: """
        data: {kind: noise, training: 60, validation: 30}
        goals:
          ThreeClassNet: {metric: \(metric), steps: 60, attempts: 1, batchSize: 20, learningRate: 0.1, \(more)
            minimum: 0.9, minimumSynthetic: 0.9}
        """)
    var numbers = session.numbers("toy")
    let rows = numbers.normal("rows", [90 * 4, 2]).values
    func mean(_ example: Int, _ feature: Int) -> Float {
      (0..<4).reduce(0) { $0 + rows[2 * (4 * example + $1) + feature] } / 4
    }
    let set = ExampleSet(
      [.init(Table(rows, rowShape: [2]), firstRows: (0..<90).map { 4 * $0 }, extent: .window(4))],
      targets: targets((0..<90).map { (mean($0, 0), mean($0, 1)) }))
    session.loadedData = GradingData(
      training: set.selecting(0..<60), validation: set.selecting(60..<90), isSynthetic: true)
    return session
  }

  /// Three classes by the mean of the second feature.
  private func classes(_ means: [(Float, Float)]) -> Targets {
    .classes(means.map { $0.1 < -0.2 ? 0 : $0.1 < 0.2 ? 1 : 2 }, count: 3)
  }

  private func labelSets(_ means: [(Float, Float)]) -> Targets {
    .labelSets(
      means.flatMap { [$0.0 > 0 ? 1 : 0, $0.1 > 0.2 ? 1 : 0, $0.0 + $0.1 > -0.1 ? 1 : 0] }, count: 3
    )
  }

  private func reached(
    _ metric: String, more: String = "",
    on targets: (_ means: [(Float, Float)]) -> Targets
  ) throws -> JudgeSession.TrainingOutcome {
    try training(metric, more: more, on: targets).trainStudent(
      "ThreeClassNet", configuration: ["featureCount": 2], isRight: true)
  }

  func testATrainingToAGoalOnThreeClasses() throws {
    // of three classes the challenge's score is the mean of their F1
    for metric in ["macro-f1", "mean-recall", "auroc", "challenge-score"] {
      let outcome = try reached(metric, on: classes)
      XCTAssertGreaterThanOrEqual(outcome.accuracy, 0.9, metric)
      XCTAssertEqual(outcome.minimum, 0.9)
    }
  }

  /// A schedule that stops after the first batch reaches nothing of what the constant one does.
  func testAGoalHasASchedule() throws {
    let stopped = try reached("macro-f1", more: "schedule: \"exponential:0.000001\",", on: classes)
    XCTAssertLessThan(stopped.accuracy, 0.7)
  }

  func testAGoalWhoseScheduleIsNoneIsSaid() throws {
    XCTAssertThrowsError(
      try reached("macro-f1", more: "schedule: \"linear\",", on: classes)
    ) {
      XCTAssertTrue(
        "\($0)".hasPrefix("the goal of ThreeClassNet: ") && "\($0)".contains("linear is none"),
        "\($0)")
    }
  }

  /// Who counts all classes alike finds the rare one, of which there are two in the training set, and who counts
  /// examples does so later: after so few batches every example is taken for the frequent class.
  func testAGoalWeighsClasses() throws {
    func rare(_ means: [(Float, Float)]) -> Targets {
      .classes(means.map { $0.1 > 0.75 ? 2 : $0.1 > 0.6 ? 1 : 0 }, count: 3)
    }
    let plain = try reached("mean-recall", on: rare)
    let weighted = try reached("mean-recall", more: "classWeights: true,", on: rare)
    XCTAssertGreaterThan(weighted.accuracy, plain.accuracy + 0.1)
  }

  func testATrainingToAGoalOnLabelSetsAndOnNumbers() throws {
    for metric in ["accuracy", "auroc", "average-precision"] {
      XCTAssertGreaterThanOrEqual(try reached(metric, on: labelSets).accuracy, 0.9, metric)
    }
    let numbers = try reached("r-squared") { means in
      .numbers(means.flatMap { [$0.0, 2 * $0.1, $0.0 - $0.1] }, width: 3)
    }
    XCTAssertGreaterThanOrEqual(numbers.accuracy, 0.9)
    XCTAssertLessThanOrEqual(numbers.accuracy, 1)
  }

  /// What is no figure of such targets is a fault of the assignment file's, and no student's.
  func testAGoalThatTheDataCannotHaveIsSaid() throws {
    for (metric, targets, message) in [
      (
        "average-precision", classes,
        "average-precision takes two classes or label sets, and the data have 3 classes"
      ),
      (
        "challenge-score", labelSets,
        "challenge-score takes three classes or more, and the data have label sets"
      ),
    ] as [(String, ([(Float, Float)]) -> Targets, String)] {
      XCTAssertThrowsError(try reached(metric, on: targets)) {
        XCTAssertEqual("\($0)", "the goal of ThreeClassNet: \(message)")
      }
    }
  }
}
