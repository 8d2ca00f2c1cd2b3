import Assignment
import Examples
import Foundation
import Sandbox
import TensorCore
import TestSupport
import WorkerPipe
import Workers
import XCTest

@testable import Judge

/// A unit that is no network, judged by the means of every unit: functions of several inputs, exact ones
/// and such with gradients, their known mistakes, and a training to a goal on three classes.
final class SubjectTests: XCTestCase {
  private static let subjects = [
    Subject(
      "movingSums", inputs: [Port("signal", [.step]), Port("width", [.unnamed])],
      results: [Port("sums", [.step])]),
    Subject(
      "weightedMeans",
      inputs: [Port("X", [.sample, .step]), Port("weights", [.sample])],
      results: [Port("means", [.sample])], traits: [.independentSamples]),
  ]

  /// `weightedMeans` with the one mistake that the book knows.
  private struct WeightedMeans: Variant {
    var isSquared = false

    static let mistakes: [Mistake<Self>] = [
      .init("squared-weights", "the weights are squared") { $0.isSquared = true }
    ]

    func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
      let weights = try numbers("weights")
      return [
        ("means", try numbers("X").mean(axis: 1) * (isSquared ? weights.squared() : weights))
      ]
    }
  }

  private let scratch = FileManager.default.temporaryDirectory
    .appendingPathComponent("toy-\(UUID().uuidString)")
  override func setUpWithError() throws {
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  }
  override func tearDown() { try? FileManager.default.removeItem(at: scratch) }

  private func launcher(_ program: String) throws -> WorkerLauncher {
    WorkerLauncher(
      program: program, sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(), files: [])
  }

  /// A session with the toy's worker, which makes a mistake.
  private func session(_ mistake: String = "none") throws -> JudgeSession {
    let worker = Program.products.appendingPathComponent("ToyWorker").path
    let student = scratch.appendingPathComponent("toy-\(mistake)").path
    try FileManager.default.createSymbolicLink(atPath: student, withDestinationPath: worker)
    let limit = "{cpuSeconds: 10, wallSeconds: 20, memoryBytes: 2147483648}"
    let manifest = scratch.appendingPathComponent("assignment.yml").path
    try """
    unit: Toy
    title: A unit that is no network
    files: [Toy.swift]
    tasks: []
    data: {kind: spectrogram-chunks, training: 60, validation: 30}
    goals:
      ThreeClassNet: {metric: macro-f1, steps: 60, attempts: 1, batchSize: 20, learningRate: 0.1,
        minimum: 0.9, minimumSynthetic: 0.9}
    limits: {build: \(limit), check: \(limit), training: \(limit)}
    """.write(toFile: manifest, atomically: true, encoding: .utf8)
    return JudgeSession(
      manifest: try AssignmentManifest.read(manifest), subjects: Self.subjects,
      student: StudentPrograms(try launcher(student)),
      reference: ReferenceWorker(
        try launcher(worker), mistakes: VariantBook(["weightedMeans": WeightedMeans.self])),
      seed: 5, trainingThreads: 1
    ) { throw CheckFailure("nothing is trained on recordings") }
  }

  private func sums(_ session: JudgeSession) throws -> TrialSeries {
    func size(_ steps: Int, _ widths: ClosedRange<Int>) -> TrialSeries.Size {
      .init(
        [:],
        inputs: [
          InputShape("signal", [steps], .integers(-9...9)),
          InputShape("width", [1], .integers(widths)),
        ])
    }
    var numbers = session.numbers("sums")
    return try TrialSeries(
      session, "movingSums", sizes: [size(12, 2...4), size(5, 5...9), size(1, 1...1)],
      smallest: [size(1, 1...1), size(2, 2...2)], usual: size(100, 10...10), numbers: &numbers)
  }

  private func means(_ session: JudgeSession) throws -> TrialSeries {
    func size(_ samples: Int, _ steps: Int) -> TrialSeries.Size {
      .init([:], inputs: [InputShape("X", [samples, steps]), InputShape("weights", [samples])])
    }
    var numbers = session.numbers("means")
    return try TrialSeries(
      session, "weightedMeans", sizes: [size(3, 5), size(4, 4), size(1, 1)],
      smallest: [size(1, 1), size(2, 1), size(2, 2)], usual: size(10, 40), numbers: &numbers)
  }

  private func failure(_ check: () throws -> Void) throws -> CheckFailure {
    do {
      try check()
    } catch let failure as CheckFailure {
      return failure
    }
    throw CheckFailure("nothing failed")
  }

  func testRightFunctionsPass() throws {
    let session = try session()
    try sums(session).requireShapes()
    try sums(session).requireValues()
    let means = try means(session)
    try means.requireShapes()
    try means.requireValues()
    var numbers = session.numbers("gradients")
    try means.requireGradients(&numbers)
  }

  func testAnExactFunctionIsRightOrWrong() throws {
    for (mistake, place) in [("short", "sums at [step "), ("ahead", "sums at [step ")] {
      let session = try session(mistake)
      try sums(session).requireShapes()
      let failure = try failure { try sums(session).requireValues() }
      XCTAssertTrue(failure.message.hasPrefix(place), failure.message)
      let difference = try XCTUnwrap(failure.difference)
      XCTAssertEqual(difference.tolerance, "0")
      XCTAssertNotNil(Int(difference.yours), difference.yours)
      try FileManager.default.removeItem(at: scratch.appendingPathComponent("toy-\(mistake)"))
    }
  }

  func testAKnownMistakeOfAFunctionIsNamed() throws {
    let session = try session("squared")
    let failure = try failure { try means(session).requireValues() }
    XCTAssertEqual(failure.diagnosis, "the weights are squared")
    var numbers = session.numbers("gradients")
    // the gradients are those of the function with this mistake
    try means(session).requireGradients(&numbers)
  }

  func testGradientsOfEveryInputAreAsked() throws {
    let session = try session("detached")
    try means(session).requireValues()
    var numbers = session.numbers("gradients")
    let failure = try failure { try means(session).requireGradients(&numbers) }
    XCTAssertTrue(failure.message.hasPrefix("the gradient of weights"), failure.message)
  }

  func testAPropertyIsNamedWhereNoMistakeIsKnown() throws {
    let mixed = try failure { try means(session("mixed")).requireValues() }
    XCTAssertEqual(
      mixed.diagnosis, "the means of a sample depend on the other samples of the batch")
  }

  /// Three classes that the mean of the second feature decides, and a goal that is no accuracy.
  func testATrainingToAGoalOnThreeClasses() throws {
    let session = try session()
    var numbers = session.numbers("toy")
    let rows = numbers.normal("rows", [90 * 4, 2]).values
    let labels = (0..<90).map { example -> Int32 in
      let features = (0..<4).map { step -> Float in rows[2 * (4 * example + step) + 1] }
      let mean = features.reduce(0, +) / 4
      return mean < -0.2 ? 0 : mean < 0.2 ? 1 : 2
    }
    let set = ExampleSet(
      [.init(Table(rows, rowShape: [2]), firstRows: (0..<90).map { 4 * $0 }, extent: .window(4))],
      targets: .classes(labels, count: 3))
    session.loadedData = GradingData(
      training: set.selecting(0..<60), validation: set.selecting(60..<90), isSynthetic: true)
    let outcome = try session.trainStudent(
      "ThreeClassNet", configuration: ["featureCount": 2], isRight: true)
    XCTAssertGreaterThanOrEqual(outcome.accuracy, 0.9)
    XCTAssertEqual(outcome.minimum, 0.9)
  }
}
