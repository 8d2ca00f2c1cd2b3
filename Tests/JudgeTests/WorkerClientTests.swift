import Assignment
import Examples
import Foundation
import Judge
import Sandbox
import TestSupport
import Training
import WorkerPipe
import Workers
import XCTest

/// Workers that do not do what a worker does. Each is a shell script; the judge asks through
/// descriptor 3 and listens to 4.
final class WorkerClientTests: XCTestCase {
  private func failure(
    of script: String, sending tensors: [PipeTensor] = [], within seconds: Double = 5,
    atMost bytes: Int = 256 << 20
  ) throws -> WorkerFailure? {
    try withClient(script, Limits(wallSeconds: 30)) { client in
      do {
        _ = try client.ask(question, about: subject, tensors, within: seconds, atMost: bytes)
        return nil
      } catch let failure as WorkerFailure { return failure }
    }
  }

  private func withClient<Result>(
    _ script: String, _ limits: Limits, budget: AnswerBudget? = nil,
    _ body: (WorkerClient) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appendingPathComponent("worker")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
    chmod(program.path, 0o755)
    let client = try WorkerClient(
      WorkerLauncher(
        program: program.path, sandbox: try Sandbox.select(SandboxTier.none),
        limits: limits, files: []), budget: budget)
    return try body(client)
  }

  /// A frame as an argument of printf(1).
  private func octal(_ response: Response) throws -> String {
    try Frame.encode(response, tensors: []).map { String(format: "\\%03o", Int($0)) }.joined()
  }

  private let question = Request.Question.parameters()
  private let subject = Request.Subject("Means")
  private let report = TrainingReport(
    epoch: 1, batch: 1, batchCount: 1, trainLoss: 0, trainAccuracy: 0, examplesPerSecond: 0)

  func testAnExitWithStatusZeroIsNoAnswer() throws {
    guard case .crashed(let text, _) = try failure(of: "exit 0") else {
      return XCTFail("it counted as something else")
    }
    XCTAssertTrue(text.contains("without an answer (exit status 0)"), text)
  }

  func testPrintingResultsIsNoAnswer() throws {
    guard case .crashed = try failure(of: "echo '{\"kind\":\"answer\"}'; exit 0") else {
      return XCTFail("it counted as something else")
    }
  }

  func testGarbageOnThePipeIsNoAnswer() throws {
    // twelve bytes 'x' announce a frame far beyond the caps
    guard case .malformed = try failure(of: "printf xxxxxxxxxxxxxxxxxxxx >&4; sleep 5") else {
      return XCTFail("it counted as something else")
    }
  }

  func testHalfAFrameIsNoAnswer() throws {
    let failure = try failure(of: "printf '\\001\\000\\000\\000' >&4; exit 0")
    guard case .crashed = failure else { return XCTFail("\(String(describing: failure))") }
  }

  func testSilenceEndsWithTheTimeLimit() throws {
    guard case .timedOut(let text, _, _) = try failure(of: "exec sleep 60", within: 0.3) else {
      return XCTFail("it counted as something else")
    }
    XCTAssertTrue(text.contains("no answer within 0.3 s"), text)
  }

  func testASignalIsNamed() throws {
    guard case .crashed(let text, _) = try failure(of: "kill -9 $$") else {
      return XCTFail("it counted as something else")
    }
    XCTAssertTrue(text.contains("signal 9"), text)
  }

  /// More than a pipe holds, so that the judge has to wait for the worker to read.
  private let large = [
    PipeTensor(name: "x", shape: [1 << 20], values: [Float](repeating: 0, count: 1 << 20))
  ]

  func testAWorkerThatDoesNotReadEndsWithTheTimeLimit() throws {
    let failure = try failure(of: "exec sleep 60", sending: large, within: 0.3)
    guard case .timedOut = failure else { return XCTFail("\(String(describing: failure))") }
  }

  func testAWorkerThatEndsWhileTheJudgeSendsIsNoEndOfTheJudge() throws {
    let failure = try failure(of: "exit 3", sending: large)
    guard case .crashed(let text, _) = failure else {
      return XCTFail("\(String(describing: failure))")
    }
    XCTAssertTrue(text.contains("exit status 3"), text)
  }

  func testAClosedPipeOfARunningWorkerIsNoAnswer() throws {
    let failure = try failure(of: "exec 3<&- 4>&-; exec sleep 60", within: 20)
    guard case .crashed(let text, _) = failure else {
      return XCTFail("\(String(describing: failure))")
    }
    XCTAssertTrue(text.contains("it closed its side of the pipe"), text)
  }

  func testReportsOfProgressDoNotPutOffTheTimeLimit() throws {
    let script = try "while printf '\(octal(.progress(report)))' >&4; do sleep 0.02; done"
    let example = ExampleSet(
      [.init(Table([0], rowShape: [1]), firstRows: [0], extent: .row)],
      targets: .classes([0], count: 2))
    var reports = 0
    try withClient(script, Limits(wallSeconds: 30)) { client in
      XCTAssertThrowsError(
        try client.train(
          subject, by: Recipe(epochs: 1, seed: 1),
          on: TrainingQuestion(train: example, validation: example), keeping: .nothing, within: 0.5,
          onProgress: { _ in reports += 1 }, onEpoch: { _ in XCTFail("no epoch was sent") })
      ) {
        guard case .timedOut = $0 as? WorkerFailure else { return XCTFail("\($0)") }
      }
    }
    XCTAssertGreaterThan(reports, 1)
  }

  /// Each is a whole frame, and none is what was asked for.
  func testAnAnswerToAnotherQuestionIsNoAnswer() throws {
    for response in [
      Response.progress(report), .epoch(report), .trained, .catalogue(["Means"]),
    ] {
      let failure = try failure(of: "printf '\(octal(response))' >&4; sleep 60")
      XCTAssertEqual(
        failure, .malformed("the worker's answer is to another question"), "\(response)")
    }
  }

  func testAllAnswersTogetherHaveTheTimeOfALife() throws {
    let script = try "while sleep 0.4; do printf '\(octal(.answer()))' >&4; done"
    try withClient(script, Limits(wallSeconds: 1)) { client in
      _ = try client.ask(question, about: subject, within: 1)
      XCTAssertThrowsError(
        try (0..<30).forEach { _ in _ = try client.ask(question, about: subject, within: 1) }
      ) {
        guard case .timedOut(let text, _, _) = $0 as? WorkerFailure else { return XCTFail("\($0)") }
        XCTAssertTrue(text.contains("its answers took more than 1 s"), text)
      }
    }
  }

  /// Workers that each sleep until just before their own limit.
  func testAllWorkersOfASubmissionHaveOneBudget() throws {
    let script = try "while sleep 0.4; do printf '\(octal(.answer()))' >&4; done"
    let budget = AnswerBudget(seconds: 2, spent: 1)
    var answers = 0
    XCTAssertThrowsError(
      try (0..<30).forEach { _ in
        try withClient(script, Limits(wallSeconds: 60), budget: budget) { client in
          _ = try client.ask(question, about: subject, within: 1)
          answers += 1
        }
      }
    ) {
      guard case .timedOut(let text, .submission, _) = $0 as? WorkerFailure else {
        return XCTFail("\($0)")
      }
      XCTAssertTrue(text.contains("all answers of one submission together may take 2 s"), text)
    }
    XCTAssertLessThanOrEqual(answers, 2)
    XCTAssertGreaterThan(budget.spent, 2)
  }

  func testAnAnswerThatAnnouncesMoreThanWasAskedForIsNotRead() throws {
    // the twelve bytes before a frame: 40 bytes of header, 9 MiB of numbers, of which none follow
    let failure = try failure(
      of: "printf '\\050\\000\\000\\000\\000\\000\\220\\000\\000\\000\\000\\000' >&4; sleep 60",
      atMost: WorkerClient.expectedBytes([]))
    guard case .malformed(let text) = failure else {
      return XCTFail("\(String(describing: failure))")
    }
    XCTAssertTrue(text.contains("too large"), text)
    XCTAssertGreaterThan(WorkerClient.expectedBytes(large), 4 << 20)
  }

  func testWaitingForAProcessorDoesNotCount() throws {
    let work = try processorWork(hundredths: 30) + "; printf '\(octal(.answer()))' >&4; sleep 60"
    let start = DispatchTime.now().uptimeNanoseconds
    try onABusyMachine(others: 5) {
      try withClient(work, Limits(wallSeconds: 1.2)) { client in
        _ = try client.ask(question, about: subject, within: 1.2)
        XCTAssertGreaterThan(
          DispatchTime.now().uptimeNanoseconds - start, 1_200_000_000,
          "the machine was not busy, so this has shown nothing")
      }
    }
  }

  /// The judge may be busy with something else, such as the reference.
  func testTimeBetweenQuestionsIsNotTheWorkers() throws {
    let answer = try "printf '\(octal(.answer()))' >&4"
    try withClient("\(answer); sleep 1.5; \(answer); sleep 60", Limits(wallSeconds: 1)) { client in
      _ = try client.ask(question, about: subject, within: 1)
      Thread.sleep(forTimeInterval: 1.3)
      _ = try client.ask(question, about: subject, within: 1)
    }
  }
}
