import Assignment
import Foundation
import TestSupport
import XCTest

@testable import Proof

/// What the matrix says of results that are not as they should be. The judge is not asked here.
final class KillMatrixTests: XCTestCase {
  private let manifest: AssignmentManifest? = try? AssignmentManifest.read(
    ToyCourse.assignment.path + "/assignment.yml"
  ).withoutTraining

  private func mistake(
    _ name: String = "means-a", says: String?, fails: [String], may: [String] = [],
    files: [String: String] = ["WeightedMeans.swift": ""], called: StudentMistake.Called? = nil
  ) -> StudentMistake {
    StudentMistake(
      name: says == nil ? "right-a" : name, task: "WeightedMeans",
      called: called ?? says.map { .words([$0]) }, says: says, hint: says.map { _ in "?" },
      fails: fails, may: may, edits: [:], files: files)
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
          diagnosis: check.id == "means.values" ? "the step uses σ; it has tanh" : nil)
      }
    }.map { result in
      var result = result
      if result.id == "means.values" {
        result.mistakes = [MistakeName(subject: "weightedMeans", id: "sigmoid")]
      }
      return result
    }
    let result = SubmissionResult(
      submission: "first", members: [], status: status, score: 0, maxScore: 0, seed: 1,
      sandbox: "none", seconds: .init(), checks: checks, notes: [])
    return KillMatrix(
      [entry], places: [entry.name: "first"], results: [result], manifest: manifest)
  }

  func testWhatIsAsItShouldBe() throws {
    let entry = mistake(says: "the step uses σ", fails: ["means.values"])
    let good = try matrix(
      entry,
      // the sums are not handed in, so the stub's outcome does not count
      ["means.values": .failed, "means.gradients": .notRun, "sums.values": .notImplemented])
    XCTAssertEqual(good.problems, [])
    XCTAssertEqual(
      good.summary, "1 of 1 mistakes caught, 1 called by their names; 0 of 0 right variants pass")
    XCTAssertTrue(
      good.markdown.contains("| means-a | · | ✗ | – |  | the step uses σ |"), good.markdown)
    XCTAssertEqual(try matrix(mistake(says: nil, fails: []), [:]).problems, [])
  }

  /// A check of another task that is not run is lost as well, though it did not fail.
  func testAMistakeLeavesOtherTasksAlone() throws {
    let entry = mistake(
      says: "the step uses σ", fails: ["means.values"],
      files: ["WeightedMeans.swift": "", "ThreeClassNet.swift": ""])
    XCTAssertEqual(try matrix(entry, ["means.values": .failed]).problems, [])
    let problems = try matrix(entry, ["means.values": .failed, "net.values": .notRun]).problems
    XCTAssertEqual(problems.count, 1)
    XCTAssertEqual(
      problems.first?.hasPrefix(
        "means-a should leave another task alone, but net.values is notRun"),
      true, "\(problems)")
  }

  /// The only diagnosis is σ: of a pair with it only that half is named, of one with σ twice both.
  func testPairsAreCountedByWhatIsNamed() throws {
    let sigma = mistake(says: "the step uses σ", fails: ["means.values"])
    let tanh = mistake("means-b", says: "it has tanh", fails: ["means.values"])
    let bias = mistake("means-c", says: "there is no bias", fails: ["means.values"])
    for (first, second, end) in [
      (sigma, tanh, "1 called by both names, 0 by one of them, 0 by"),
      (sigma, bias, "0 called by both names, 1 by one of them, 0 by"),
      (bias, bias, "0 called by both names, 0 by one of them, 1 by"),
    ] {
      let joined = mistake("both", says: "joined", fails: ["means.values"])
      let matrix = try matrix(joined, ["means.values": .failed])
      let summary = matrix.summary(of: [.init(first: first, second: second, joined: joined)])
      XCTAssertEqual(summary, "1 of 1 pairs of mistakes caught: \(end) the place")
    }
  }

  /// What depends on the draw is no problem, and looks the same however it ended.
  func testWhatMayBeLost() throws {
    let entry = mistake(says: "the step uses σ", fails: ["means.values"], may: ["means.gradients"])
    for outcome in [Outcome.passed, .failed] {
      let matrix = try matrix(entry, ["means.values": .failed, "means.gradients": outcome])
      XCTAssertEqual(matrix.problems, [])
      XCTAssertTrue(matrix.markdown.contains("○"), matrix.markdown)
    }
    XCTAssertEqual(
      try matrix(entry, ["means.values": .failed, "means.shapes": .failed]).problems.count, 1)
  }

  /// Where a check that may catch it does so first, the one that must is not run; both look the same.
  func testWhatMayBeLostBeforeWhatMust() throws {
    let entry = mistake(
      says: "numbers differ", fails: ["means.gradients"], may: ["means.shapes"],
      called: .words(["numbers differ", "the step uses σ"]))
    let first = try matrix(entry, ["means.shapes": .failed, "means.gradients": .notRun])
    let then = try matrix(entry, ["means.gradients": .failed])
    XCTAssertEqual(first.problems, [])
    XCTAssertEqual(then.problems, [])
    XCTAssertEqual(first.markdown, then.markdown)
    XCTAssertTrue(
      first.markdown.contains("| means-a | ○ | · | ✗ |  | numbers differ |"), first.markdown)
    // lost before it, which should not be
    XCTAssertEqual(
      try matrix(
        mistake(says: "numbers differ", fails: ["means.gradients"]),
        ["means.shapes": .failed, "means.gradients": .notRun]
      ).problems.map { $0.prefix(32) },
      ["means-a should not cost this, bu", "means-a should be caught, but me"])
    // not run for another reason
    XCTAssertEqual(
      try matrix(entry, ["means.values": .failed, "means.gradients": .notRun]).problems.map {
        $0.prefix(32)
      }, ["means-a should not cost this, bu", "means-a should be caught, but me"])
    // read neither
    XCTAssertEqual(
      try matrix(
        mistake(
          says: "", fails: ["means.values"], called: .words(["numbers differ", "the bias"])),
        ["means.values": .failed]
      ).problems,
      [
        "means-a should read \"numbers differ\" or \"the bias\" and reads: numbers differ — the step uses σ; it has tanh"
      ])
  }

  /// A known mistake is told by its name: what is said of it may be anything, and changes no cell.
  func testAKnownMistakeIsToldByItsName() throws {
    func matrix(_ id: String, reads sentence: String) throws -> KillMatrix {
      let name = MistakeName(subject: "weightedMeans", id: id)
      return try self.matrix(
        mistake(says: sentence, fails: ["means.values"], called: .known(name)),
        ["means.values": .failed])
    }
    let one = try matrix("sigmoid", reads: "the step uses σ")
    let other = try matrix("sigmoid", reads: "no word of this is in the feedback")
    XCTAssertEqual(one.problems, [])
    XCTAssertEqual(other.problems, [])
    XCTAssertEqual(one.summary, other.summary)
    XCTAssertEqual(one.text, other.text)
    // its words alone do not count
    XCTAssertEqual(
      try matrix("relu", reads: "the step uses σ").problems,
      [
        "means-a should be called weightedMeans/relu and reads: numbers differ — the step uses σ; it has tanh"
      ])
  }

  /// What stands first is what is believed: the right words below another cause lead nobody to theirs.
  func testWordsBelowAnotherCauseNameNothing() throws {
    func problems(_ words: String) throws -> [String] {
      try matrix(mistake(says: words, fails: ["means.values"]), ["means.values": .failed]).problems
    }
    XCTAssertEqual(try problems("the step uses σ"), [])
    XCTAssertEqual(
      try problems("numbers differ"),
      [
        "means-a should read \"numbers differ\" and reads: numbers differ — the step uses σ; it has tanh"
      ])
  }

  func testSurvivorsAreNamed() throws {
    let entry = mistake(says: "the step uses σ", fails: ["means.values"])
    XCTAssertEqual(
      try matrix(entry, [:]).problems, ["means-a survives: no check catches it"])
    // caught, but not by the check that should
    let other = try matrix(entry, ["means.gradients": .failed])
    XCTAssertEqual(
      other.problems.map { $0.prefix(32) },
      [
        "means-a should be caught, but me", "means-a should not cost this, bu",
        "means-a should read \"the step us",
      ])
  }

  func testEveryOtherProblemIsNamed() throws {
    let entry = mistake(says: "the bias is missing", fails: ["means.values"])
    XCTAssertEqual(
      try matrix(entry, ["means.values": .failed]).problems,
      [
        "means-a should read \"the bias is missing\" and reads: "
          + "numbers differ — the step uses σ; it has tanh"
      ])
    for outcome in [Outcome.failed, .notRun, .timedOut, .crashed] {
      let right = try matrix(mistake(says: nil, fails: []), ["means.shapes": outcome])
      XCTAssertEqual(right.problems.count, 1, outcome.rawValue)
    }
    XCTAssertEqual(
      try matrix(entry, ["means.values": .notBuilt]).problems, ["means-a: numbers differ"])
    XCTAssertEqual(
      try matrix(entry, [:], status: .judgeFailed).problems, ["means-a was not judged"])
  }

  /// Only what stands below the heading is the command's.
  func testTheDocumentKeepsWhatIsWrittenByHand() throws {
    let path = FileManager.default.temporaryDirectory.path + "/matrix-\(UUID().uuidString).md"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let matrix = try matrix(
      mistake(says: "the step uses σ", fails: ["means.values"]), ["means.values": .failed])
    // also where there is no matrix yet
    for before in ["By hand.\n\n## The matrix\n\nold\n", "By hand.\n"] {
      try before.write(toFile: path, atomically: true, encoding: .utf8)
      XCTAssertFalse(MatrixDocument(path: path).holds(matrix))
      try MatrixDocument(path: path).write(matrix)
      XCTAssertTrue(MatrixDocument(path: path).holds(matrix))
      let text = try String(contentsOfFile: path, encoding: .utf8)
      XCTAssertTrue(text.hasPrefix("By hand.\n\n## The matrix\n\n1 of 1"), text)
      XCTAssertFalse(text.contains("old"))
    }
  }
}
