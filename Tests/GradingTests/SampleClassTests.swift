import Foundation
import XCTest

@testable import Assignment
@testable import Grading

/// What the members of the sample class deserve.
final class SampleClassTests: XCTestCase {
  private func result(_ outcomes: KeyValuePairs<String, Outcome>) -> SubmissionResult {
    SubmissionResult(
      submission: "a", members: [], status: .graded, score: 0, maxScore: 0, seed: 1,
      sandbox: "none",
      seconds: .init(),
      checks: outcomes.map {
        CheckResult(id: $0, task: "1", points: 0, maxPoints: 0, outcome: $1, message: "so")
      }, notes: [])
  }

  private func member(losing loses: String) throws -> SampleClass.Member {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("class-\(UUID().uuidString).yml")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data("- {name: a, base: stubs, loses: \(loses)}".utf8).write(to: path)
    return try XCTUnwrap(SampleClass(file: path).members.first)
  }

  func testAnyOtherOutcomeIsADifference() throws {
    let some = try member(losing: "[x.one, \"y.*\"]")
    XCTAssertEqual(
      some.differences(
        from: result(["x.one": .failed, "x.two": .passed, "y.a": .crashed, "y.b": .notRun])), [])
    XCTAssertEqual(
      some.differences(from: result(["x.one": .passed, "x.two": .timedOut, "y.a": .passed])),
      [
        "a: x.one is passed and should not be (so)",
        "a: x.two is timedOut and should be passed (so)",
        "a: y.a is passed and should not be (so)",
      ])
    XCTAssertEqual(
      try member(losing: "[\"*\"]").differences(from: result(["x": .notBuilt])), [])
    XCTAssertEqual(
      try member(losing: "[]").differences(from: result(["x": .notBuilt])).count, 1)
  }
}
