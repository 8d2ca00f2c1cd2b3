import Foundation
import Judge
import XCTest

@testable import Mistakes

/// What the matrix says of results that are not as they should be. The judge is not asked here.
final class KillMatrixTests: XCTestCase {
  private let manifest: AssignmentManifest? = try? AssignmentManifest.read(
    Repository.root + "/Assignments/RecurrentNetworks/assignment.yml"
  ).withoutTraining

  private func mistake(says: String?, fails: [String], may: [String] = [])
    -> StudentMistake
  {
    StudentMistake(
      name: says == nil ? "right-a" : "rnn-a", task: "RNN", says: says,
      hint: says.map { _ in "?" }, fails: fails, may: may, edits: [:], files: ["RNN.swift": ""])
  }

  /// - Parameter outcomes: of some checks; the others pass.
  private func matrix(
    _ entry: StudentMistake, _ outcomes: [String: Outcome],
    status: SubmissionResult.Status = .graded
  ) throws -> KillMatrix {
    let manifest = try XCTUnwrap(manifest)
    let checks = manifest.tasks.flatMap { task in
      task.checks.map { check in
        CheckResult(
          id: check.id, task: task.id, points: 0, maxPoints: 1,
          outcome: outcomes[check.id] ?? .passed, message: "numbers differ",
          diagnosis: check.id == "rnn.values" ? "the step uses σ; it has tanh" : nil)
      }
    }
    let result = SubmissionResult(
      submission: "first", members: [], status: status, score: 0, maxScore: 0, seed: 1,
      sandbox: "none", seconds: .init(), checks: checks, notes: [])
    return KillMatrix(
      [entry], places: [entry.name: "first"], results: [result], manifest: manifest)
  }

  func testWhatIsAsItShouldBe() throws {
    let entry = mistake(says: "the step uses σ", fails: ["rnn.values"])
    let good = try matrix(
      entry,
      // the ConvNet is not handed in, so the stub's outcome does not count
      ["rnn.values": .failed, "rnn.gradients": .notRun, "convnet.shapes": .notImplemented])
    XCTAssertEqual(good.problems, [])
    XCTAssertEqual(
      good.summary, "1 of 1 mistakes caught, 1 called by their names; 0 of 0 right variants pass")
    XCTAssertTrue(
      good.markdown.contains("| rnn-a | · | · | · | ✗ | – |  | the step uses σ |"), good.markdown)
    XCTAssertEqual(try matrix(mistake(says: nil, fails: []), [:]).problems, [])
  }

  /// What depends on the draw is no problem, and looks the same however it ended.
  func testWhatMayBeLost() throws {
    let entry = mistake(says: "the step uses σ", fails: ["rnn.values"], may: ["rnn.start"])
    for outcome in [Outcome.passed, .failed] {
      let matrix = try matrix(entry, ["rnn.values": .failed, "rnn.start": outcome])
      XCTAssertEqual(matrix.problems, [])
      XCTAssertTrue(matrix.markdown.contains("○"), matrix.markdown)
    }
    XCTAssertEqual(
      try matrix(entry, ["rnn.values": .failed, "rnn.shapes": .failed]).problems.count, 1)
  }

  func testSurvivorsAreNamed() throws {
    let entry = mistake(says: "the step uses σ", fails: ["rnn.values"])
    XCTAssertEqual(
      try matrix(entry, [:]).problems, ["rnn-a survives: no check catches it"])
    // caught, but not by the check that should
    let other = try matrix(entry, ["rnn.gradients": .failed])
    XCTAssertEqual(
      other.problems.map { $0.prefix(32) },
      [
        "rnn-a should be caught, but rnn.", "rnn-a should not cost this, but ",
        "rnn-a should read \"the step uses",
      ])
  }

  func testEveryOtherProblemIsNamed() throws {
    let entry = mistake(says: "the bias is missing", fails: ["rnn.values"])
    XCTAssertEqual(
      try matrix(entry, ["rnn.values": .failed]).problems,
      [
        "rnn-a should read \"the bias is missing\" and reads: "
          + "numbers differ — the step uses σ; it has tanh"
      ])
    for outcome in [Outcome.failed, .notRun, .timedOut, .crashed] {
      let right = try matrix(mistake(says: nil, fails: []), ["rnn.shapes": outcome])
      XCTAssertEqual(right.problems.count, 1, outcome.rawValue)
    }
    XCTAssertEqual(
      try matrix(entry, ["rnn.values": .notBuilt]).problems, ["rnn-a: numbers differ"])
    XCTAssertEqual(
      try matrix(entry, [:], status: .judgeFailed).problems, ["rnn-a was not judged"])
  }

  /// Only what stands below the heading is the command's.
  func testTheDocumentKeepsWhatIsWrittenByHand() throws {
    let path = FileManager.default.temporaryDirectory.path + "/matrix-\(UUID().uuidString).md"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "By hand.\n\n## The matrix\n\nold\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    let matrix = try matrix(
      mistake(says: "the step uses σ", fails: ["rnn.values"]), ["rnn.values": .failed])
    XCTAssertFalse(MatrixDocument(path: path).holds(matrix))
    try MatrixDocument(path: path).write(matrix)
    XCTAssertTrue(MatrixDocument(path: path).holds(matrix))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    XCTAssertTrue(text.hasPrefix("By hand.\n\n## The matrix\n\n1 of 1"), text)
    XCTAssertFalse(text.contains("old"))
  }
}
