import Foundation
import Gradebook
import TestSupport
import XCTest

/// Regrade, publish, rollback and replay from outside, with real checks.
final class RegradeCommandTests: XCTestCase {
  func testOnlyWhatChangedRunsAgainAndPublishingCanBeUndone() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    try scratch.write(try course.solution(), "class/ann/WeightedMeans.swift")
    try scratch.write(try course.mistaken(), "class/ben/WeightedMeans.swift")
    let out = scratch.path + "/out"
    let graded = try course.run(["grade", scratch.path + "/class", "--out", out])
    XCTAssertEqual(graded.status, 0, graded.output)
    func table() throws -> String {
      try String(contentsOfFile: out + "/grades.csv", encoding: .utf8)
    }
    let before = try table()
    XCTAssertTrue(before.contains("ann,ann,3,5,graded"), before)
    XCTAssertTrue(before.contains("ben,ben,1.5,5,graded"), before)

    // Another point value: nothing runs. Another entry of the second check: only that one runs.
    try course.change([
      "points: 3\n": "points: 4.5\n",
      "kind: values, title: values, test: ToyChecks/test2":
        "kind: values, title: numbers, test: ToyChecks/test2",
      "points: 1.5": "points: 3",
    ])
    let regraded = try course.run(["regrade", "--out", out])
    XCTAssertEqual(regraded.status, 0, regraded.output)
    let rows = try String(contentsOfFile: out + "/regrade.csv", encoding: .utf8)
    XCTAssertTrue(
      rows.contains("ann,means.values,1.5/1.5 passed,3/3 passed,1.50\r\n"), rows)
    XCTAssertTrue(rows.contains("ben,all,1.5/5 graded,1.5/6.5 graded,0.00\r\n"), rows)
    XCTAssertEqual(try table(), before)
    let gradebook = try Gradebook(reading: out)
    for submission in try gradebook.submissions() {
      let verdicts = try gradebook.verdicts(on: submission.submission.files).keys.map(\.check)
      XCTAssertEqual(
        verdicts.sorted(),
        [
          "means.gradients", "means.shapes", "means.values", "means.values", "net.learns",
          "net.values",
          "sums.values",
        ])
    }

    let published = try course.run(["publish", "--out", out])
    XCTAssertEqual(published.status, 0, published.output)
    XCTAssertTrue(try table().contains("ann,ann,4.5,6.5,graded"))
    XCTAssertEqual(try course.run(["rollback", "--out", out]).status, 0)
    XCTAssertEqual(try table(), before)
    let first = try course.run(["rollback", "--out", out])
    XCTAssertEqual(first.status, 1)
    XCTAssertTrue(first.output.contains("is the first one"), first.output)

    for name in ["ann", "ben"] {
      let replay = try course.run(["replay", name, "--out", out])
      XCTAssertEqual(replay.status, 0, replay.output)
      XCTAssertTrue(replay.output.contains("6 of 6 checks agree"), replay.output)
    }
    let unknown = try course.run(["replay", "nobody", "--out", out])
    XCTAssertEqual(unknown.status, 1)
    XCTAssertTrue(unknown.output.contains("there is no submission nobody"), unknown.output)
  }

  func testAFolderWithoutAGradebookIsASentence() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    for command in [["regrade"], ["publish"], ["rollback"], ["replay", "ann"]] {
      let run = try course.run(command + ["--out", scratch.path + "/nothing"])
      XCTAssertEqual(run.status, 1)
      XCTAssertTrue(run.output.contains("has no gradebook"), run.output)
    }
  }
}
