import Assignment
import Foundation
import Sandbox
import Workers
import XCTest

@testable import Judge

/// A check that trains another network than its goal is of: a fault of the assignment file's, which no
/// student reads as one of theirs.
final class GoalTests: XCTestCase {
  func testACheckTrainsTheNetworkOfItsGoal() throws {
    let limit = "{cpuSeconds: 1, wallSeconds: 1, memoryBytes: 1}"
    let path = NSTemporaryDirectory() + "/goals-\(UUID().uuidString).yml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let goal =
      "{steps: 1, attempts: 1, batchSize: 1, learningRate: 1, minimum: 0, minimumSynthetic: 0}"
    try """
    unit: U
    title: U
    files: [A.swift]
    tasks:
      - {id: 1, name: A, title: a, file: A.swift, points: 2, checks: [
          {id: a.other, title: accuracy, goal: B, test: T/a, points: 1},
          {id: a.none, title: accuracy, test: T/b, points: 1}]}
    data: {kind: spectrogram-chunks, training: 1, validation: 1}
    goals: {A: \(goal), B: \(goal)}
    limits: {build: \(limit), check: \(limit), training: \(limit)}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    let launcher = WorkerLauncher(
      program: "/nowhere", sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(),
      files: [])
    let session = JudgeSession(
      manifest: try AssignmentManifest.read(path), subjects: [], student: StudentPrograms(launcher),
      reference: ReferenceWorker(launcher), seed: 1, trainingThreads: 1
    ) { throw CheckFailure("the data were asked for") }
    for (test, says) in [
      ("T/a", "a.other trains A, and assignment.yml says that its goal is B's"),
      ("T/b", "a.none trains A, and assignment.yml says nothing of a goal"),
    ] {
      let result = try XCTUnwrap(
        session.run(test: test) {
          _ = try $0.trainStudent("A", configuration: [:], isRight: true)
        })
      XCTAssertEqual(result.outcome, .failed)
      XCTAssertEqual(result.message, "the check could not be done, which is the grader's fault")
      XCTAssertTrue(result.details?.contains(says) ?? false, result.details ?? "")
    }
  }
}
