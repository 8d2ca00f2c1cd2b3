import Foundation
import Publication
import TestSupport
import XCTest

@testable import Assignment
@testable import Building
@testable import Files
@testable import Grading

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

  func testTheCacheOfBuildsKeepsWhatWasUsedLast() throws {
    let scratch = try Scratch()
    for (age, name) in ["new", "middle", "old", ".building-1-x"].enumerated() {
      try scratch.write(String(repeating: "x", count: 100_000), "cache/\(name)/product/worker")
      var times = [timeval](repeating: timeval(tv_sec: 2_000_000 - age, tv_usec: 0), count: 2)
      XCTAssertEqual(utimes("\(scratch.path)/cache/\(name)", &times), 0)
    }
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/cache")
        .filter { $0 != ".lock" }.sorted()
    }
    CacheLimit.keep(scratch.path + "/cache")
    XCTAssertEqual(try names().count, 4)
    CacheLimit.keep(scratch.path + "/cache", below: 250_000)
    XCTAssertEqual(try names(), [".building-1-x", "middle", "new"])
    CacheLimit.touch(scratch.path + "/cache/middle")
    CacheLimit.keep(scratch.path + "/cache", below: 150_000)
    XCTAssertEqual(try names(), [".building-1-x", "middle"])
    // another process, which may be running the worker
    let other = open(scratch.path + "/cache/.lock", O_RDWR)
    XCTAssertGreaterThanOrEqual(other, 0)
    XCTAssertEqual(flock(other, LOCK_SH | LOCK_NB), 0)
    CacheLimit.keep(scratch.path + "/cache", below: 0)
    XCTAssertEqual(try names(), [".building-1-x", "middle"])
    close(other)
    CacheLimit.keep(scratch.path + "/cache", below: 0)
    XCTAssertEqual(try names(), [".building-1-x"])
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
