import Foundation
import Judge
import XCTest

@testable import Batch

final class OutputTests: XCTestCase {
  func testFileNamesAreHarmlessAndUnique() {
    let long = String(repeating: "ä", count: 300)
    let given = ["index", "Index", "a/b", "..", "x\ny", "ann", long]
    let names = FileNames.make(given)
    XCTAssertEqual(Set(names.values.map { $0.lowercased() }).count, given.count)
    XCTAssertEqual(names["ann"], "ann")
    for name in names.values {
      XCTAssertNotEqual(name.lowercased(), "index")
      XCTAssertFalse(name.contains("/") || name.hasPrefix(".") || name.contains("\n"), name)
      XCTAssertLessThan(name.utf8.count, 240)
    }
  }

  func testJSONHasTheFieldsOfTheContract() throws {
    let data = try OutputFolder.json(result("ann"))
    let object = try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? [String: Any])
    // DESIGN.md: what `grade` writes to results/<submission>.json.
    let fields = [
      "submission", "members", "status", "score", "maxScore", "seed", "sandbox", "seconds",
      "checks",
    ]
    for field in fields { XCTAssertNotNil(object[field], field) }
    let seconds = try XCTUnwrap(object["seconds"] as? [String: Any])
    XCTAssertEqual(seconds.keys.sorted(), ["build", "judge"])
    let check = try XCTUnwrap((object["checks"] as? [[String: Any]])?.first)
    for field in ["id", "task", "points", "maxPoints", "outcome", "message", "seconds"] {
      XCTAssertNotNil(check[field], field)
    }
    XCTAssertEqual(check["outcome"] as? String, "timedOut")
  }

  func testUnwritableFolderIsASentence() throws {
    XCTAssertThrowsError(try AtomicFile.createFolder("/proc/nowhere/out")) {
      XCTAssertTrue("\($0)".contains("cannot be written"), "\($0)")
    }
    XCTAssertThrowsError(try AtomicFile.write(Data(), to: "/proc/nowhere")) {
      XCTAssertTrue("\($0)".contains("cannot be written"), "\($0)")
    }
  }

  private func result(_ name: String) -> SubmissionResult {
    SubmissionResult(
      submission: name, members: [name], status: .graded, score: 1.5, maxScore: 3, seed: 7,
      sandbox: "bubblewrap", seconds: .init(build: 1, judge: 2),
      checks: [
        CheckResult(
          id: "c", task: "T", points: 1.5, maxPoints: 3, outcome: .timedOut, message: "slow",
          seconds: 3)
      ], notes: [])
  }
}
