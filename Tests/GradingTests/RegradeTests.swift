import Assignment
import Foundation
import Gradebook
import Publication
import TestSupport
import XCTest

@testable import Grading
@testable import Judge

/// What is done again, and what is not.
final class RegradeTests: XCTestCase {
  private let right = "import TinyCore\nfunc first() -> Int { double(21) }\n"

  private func workers(_ scratch: Scratch) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/cache")
      .count { !$0.hasPrefix("modules") && !$0.hasPrefix("importable") && !$0.hasPrefix(".") }
  }

  private func text(_ scratch: Scratch, _ name: String) throws -> String {
    try String(contentsOfFile: scratch.path + "/out/" + name, encoding: .utf8)
  }

  func testIdenticalFilesAreBuiltAndJudgedOnce() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch, ownCore: true)
    for name in ["ann", "ben", "cem"] { try scratch.write(right, "class/\(name)/First.swift") }
    try scratch.write(right + "// my own\n", "class/dan/First.swift")
    let summary = try unit.grade(scratch)
    XCTAssertEqual(summary.submissions.map(\.score), [2, 2, 2, 2])
    XCTAssertEqual(summary.submissions.map(\.members), [["ann"], ["ben"], ["cem"], ["dan"]])
    XCTAssertEqual(try unit.requests(scratch).count, 2)
    // the two, and the untouched stubs
    XCTAssertEqual(try workers(scratch), 3)

    // Nothing changed: nothing is built or judged, nothing new is published.
    let before = try text(scratch, "grades.csv")
    let again = try unit.grade(scratch) { $0.judgeCommand = ["/bin/false"] }
    XCTAssertEqual(again.submissions.map(\.score), [2, 2, 2, 2])
    XCTAssertEqual(try text(scratch, "grades.csv"), before)
    XCTAssertEqual(try text(scratch, ".published"), "1\n")
    XCTAssertEqual(try scratch.gradebook().runs().map(\.state), [.complete, .complete])

    // A latecomer with files that are known needs no judge either, in whatever folder of the class.
    try scratch.write(right, "class/eve/First.swift")
    let later = try unit.grade(scratch) { $0.judgeCommand = ["/bin/false"] }
    XCTAssertEqual(later.submissions.last?.submission, "eve")
    XCTAssertEqual(later.submissions.last?.score, 2)
    // Who took the work back is shown until somebody says otherwise.
    try FileManager.default.removeItem(atPath: scratch.path + "/class/ann")
    XCTAssertEqual(try unit.grade(scratch).submissions.count, 5)
    XCTAssertEqual(try unit.grade(scratch) { $0.removing.missing = true }.submissions.count, 4)
    XCTAssertFalse(try text(scratch, "grades.csv").contains("ann"))

    // Another seed asks everything anew.
    try unit.grade(scratch) { $0.seed = 6 }
    XCTAssertEqual(try unit.requests(scratch).count, 4)
  }

  func testAChangedPointValueRunsNothing() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    try scratch.write(right, "class/ann/First.swift")
    try unit.grade(scratch)
    let manifest = unit.assignmentFolder + "/assignment.yml"
    let yaml = try String(contentsOfFile: manifest, encoding: .utf8)
    try yaml.replacingOccurrences(of: "points: 2", with: "points: 5")
      .write(toFile: manifest, atomically: true, encoding: .utf8)
    let before = try scratch.gradebook().published()?.results ?? []
    let after = try unit.grade(scratch) {
      $0.submissions = .gradebook
      $0.judgeCommand = ["/bin/false"]
      $0.publishes = false
    }
    XCTAssertEqual(after.submissions.map(\.score), [5])
    XCTAssertEqual(after.submissions.map(\.maxScore), [6])
    XCTAssertEqual(
      ChangeTable(before: before, after: after.submissions).rows,
      [
        .init(
          submission: "ann", check: "first.value", before: "2/2 passed", after: "5/5 passed",
          points: 3),
        .init(submission: "ann", check: "", before: "2/3 graded", after: "5/6 graded", points: 3),
      ])
  }

  func testAChangedCheckRunsAloneAndPublishingCanBeUndone() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    try scratch.write(right, "class/ann/First.swift")
    try scratch.write("func second() -> Int { 7 }\n", "class/ann/Second.swift")
    try scratch.write(right, "class/ben/First.swift")
    try unit.grade(scratch)
    let before = try text(scratch, "grades.csv")
    XCTAssertTrue(before.contains("ann,ann,3,3,graded"))

    // The second check is stricter now: whatever second() gives, it fails.
    try scratch.write(
      "final class B: CheckCase {\n  func test() { strict() }\n}\n", "checks/B.swift")
    try scratch.shell("sed -i 's/test \"$2\" = 7/false/' judge.sh")
    let judged = try unit.requests(scratch).count
    let summary = try unit.grade(scratch) {
      $0.submissions = .gradebook
      $0.publishes = false
    }
    XCTAssertEqual(summary.submissions.map(\.score), [2, 2])
    let requests = try unit.requests(scratch)
    XCTAssertEqual(requests.count, judged + 2)
    // Only the changed check is asked: the other's result goes to the judge as kept.
    XCTAssertEqual(requests.count { $0.kept.map(\.id) == ["first.value"] }, 2)
    // Nothing is published until somebody says so.
    XCTAssertEqual(try text(scratch, "grades.csv"), before)

    let gradebook = try scratch.gradebook()
    var options = unit.options(scratch)
    options.submissions = .gradebook
    let publisher = Publisher(
      gradebook: gradebook, folder: scratch.path + "/out", writeReports: options.writeReports)
    let state = WorkingState(options, gradebook: gradebook)
    try publisher.publish(try state.summary(), assignment: try state.assignment(), run: 2)
    XCTAssertTrue(try text(scratch, "grades.csv").contains("ann,ann,2,3,graded"))
    XCTAssertTrue(try text(scratch, "results/ann.json").contains("\"score\" : 2"))
    XCTAssertEqual(try publisher.rollBack().id, 1)
    XCTAssertEqual(try text(scratch, "grades.csv"), before)
    XCTAssertTrue(try text(scratch, "results/ann.json").contains("\"score\" : 3"))
    XCTAssertThrowsError(try publisher.rollBack()) {
      XCTAssertTrue("\($0)".contains("is the first one"), "\($0)")
    }
    XCTAssertEqual(try text(scratch, "grades.csv"), before)
  }

  func testFilesOfTheFolderAreMadeAnewWhenAnyIsMissing() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    try scratch.write(right, "class/ann/First.swift")
    try unit.grade(scratch)
    for name in ["results", "report", "grades.csv"] {
      let before = try FileManager.default.subpathsOfDirectory(atPath: scratch.path + "/out")
      try FileManager.default.removeItem(atPath: scratch.path + "/out/" + name)
      try unit.grade(scratch) { $0.judgeCommand = ["/bin/false"] }
      XCTAssertEqual(
        try FileManager.default.subpathsOfDirectory(atPath: scratch.path + "/out").sorted(),
        before.sorted())
    }
  }

  func testATimeoutOnTheClockCountsOnlyAlone() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    try scratch.write(right, "class/judge-waits/First.swift")
    try scratch.write(right + "//\n", "class/other/First.swift")
    let summary = try unit.grade(scratch)
    XCTAssertEqual(summary.submissions.map(\.score), [2, 2])
    let requests = try unit.requests(scratch)
    XCTAssertEqual(
      requests.filter { $0.submission == "judge-waits" }.map { $0.patience > 1 }.count, 2)
    XCTAssertEqual(requests.count { $0.patience > 1 }, 1)
    // What held is not asked again.
    XCTAssertEqual(requests.first { $0.patience > 1 }?.kept.map(\.id), [])
  }

  func testReplayAgreesAndSaysWhatIsDifferent() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    try scratch.write(right, "class/ann/First.swift")
    try unit.grade(scratch)
    var options = unit.options(scratch)
    options.submissions = .gradebook
    let gradebook = try scratch.gradebook()
    let same = try Replay(options, gradebook: gradebook).run("ann")
    XCTAssertEqual(same.rows.map(\.check), ["first.value", "second.value"])
    XCTAssertEqual(same.rows.map(\.agrees), [true, true])
    XCTAssertEqual(same.changes, [])

    try scratch.shell("sed -i 's/test \"$1\" = 42/false/' judge.sh")
    try scratch.write(
      "final class A: CheckCase {\n  func test() { other() }\n}\n", "checks/A.swift")
    let other = try Replay(options, gradebook: gradebook).run("ann")
    XCTAssertEqual(other.rows.map(\.agrees), [false, true])
    XCTAssertEqual(other.changes, ["the check first.value"])
    XCTAssertThrowsError(try Replay(options, gradebook: gradebook).run("An")) {
      XCTAssertEqual("\($0)", "there is no submission An; there is ann")
    }
  }
}
