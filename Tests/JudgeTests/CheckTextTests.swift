import Assignment
import Foundation
import TestSupport
import XCTest

/// What a student reads of a check.
final class CheckTextTests: XCTestCase {
  private func manifest() throws -> AssignmentManifest {
    try AssignmentManifest.read(ToyCourse.assignment.path + "/assignment.yml")
  }

  private func result(_ outcome: Outcome, _ message: String, _ diagnosis: String? = nil)
    -> CheckResult
  {
    CheckResult(
      id: "means.values", task: "2", points: 0, maxPoints: 2, outcome: outcome, message: message,
      diagnosis: diagnosis)
  }

  func testAFailureSaysWhatAndWhyAndWhereToLook() throws {
    let text = CheckText(
      result(.failed, "outputs at [0]: yours 1, expected 2", "the bias is missing"),
      try manifest())
    XCTAssertEqual(
      text.lines,
      [
        "means.values: not right", "  likely cause: the bias is missing",
        "  outputs at [0]: yours 1, expected 2",
        "  look at: Assignments/Toy/WeightedMeans.swift, and Task 2 in Instructions.md; "
          + "./rhythm hint WeightedMeans",
      ])
    XCTAssertEqual(
      CheckText(result(.crashed, "m"), try manifest()).lines[0], "means.values: crashed")
  }

  /// A network on a layer that is wrong is wrong too: the layer's file is named first, and no cause claimed
  /// above it. Without a stand-in the task waits, and nothing is said.
  func testWhatMayFollowFromAnotherFileSaysSo() throws {
    var manifest = try manifest()
    let net = try XCTUnwrap(manifest.tasks.firstIndex { $0.id == "3" })
    manifest.tasks[net].checks[0].needs = ["means.values"]
    let wrong = result(.failed, "numbers", "the means are wrong")
    let later = CheckResult(
      id: manifest.tasks[net].checks[0].id, task: "3", points: 0, maxPoints: 1, outcome: .failed,
      message: "other numbers", diagnosis: "it is not the same twice")
    let results = [wrong.id: wrong, later.id: later]
    XCTAssertEqual(
      CheckText(later, manifest, among: results).lines[1],
      "  likely cause: it is not the same twice")
    manifest.standIns = ["WeightedMeans.swift"]
    let text = CheckText(later, manifest, among: results)
    XCTAssertTrue(
      text.lines[1].hasPrefix(
        "  this may follow from WeightedMeans.swift, which is not right yet: look there first."),
      text.text)
    XCTAssertTrue(
      text.lines.contains("  else the likely cause: it is not the same twice"), text.text)
    XCTAssertTrue(
      text.lines.last?.contains("Assignments/Toy/WeightedMeans.swift, and Task 2 in") == true,
      text.text)
    XCTAssertTrue(
      TaskTable(manifest, results).text.contains("not right yet, perhaps by WeightedMeans.swift: "))
    // the layer itself stands on nothing
    XCTAssertEqual(
      CheckText(wrong, manifest, among: results).lines[1], "  likely cause: the means are wrong")
    let right = CheckResult(
      id: wrong.id, task: "2", points: 2, maxPoints: 2, outcome: .passed, message: "correct")
    XCTAssertEqual(
      CheckText(later, manifest, among: [right.id: right, later.id: later]).lines[1],
      "  likely cause: it is not the same twice")
  }

  /// What a task stands on may stand on others, and be right itself: a fault below it costs nothing above it.
  func testAFaultBelowARightFileIsFound() throws {
    var manifest = try manifest()
    manifest.standIns = ["MovingSums.swift", "WeightedMeans.swift"]
    func set(_ task: String, _ needs: [String]) throws {
      let place = try XCTUnwrap(manifest.tasks.firstIndex { $0.id == task })
      for check in manifest.tasks[place].checks.indices {
        manifest.tasks[place].checks[check].needs = needs
      }
    }
    try set("2", ["sums.values"])
    try set("3", ["means.values"])
    func outcomes(_ sums: Outcome, _ means: Outcome) -> [String: CheckResult] {
      [("sums.values", "1", sums), ("means.values", "2", means)].reduce(into: [:]) {
        $0[$1.0] = CheckResult(
          id: $1.0, task: $1.1, points: 0, maxPoints: 1, outcome: $1.2, message: "")
      }
    }
    func faulty(_ task: String, _ results: [String: CheckResult]) throws -> [String] {
      manifest.faultyFiles(
        below: try XCTUnwrap(manifest.tasks.first { $0.id == task }), results)
    }
    XCTAssertEqual(try faulty("3", outcomes(.passed, .passed)), [])
    XCTAssertEqual(try faulty("3", outcomes(.failed, .passed)), ["MovingSums.swift"])
    XCTAssertEqual(
      try faulty("3", outcomes(.failed, .failed)), ["MovingSums.swift", "WeightedMeans.swift"])
    XCTAssertEqual(try faulty("2", outcomes(.failed, .failed)), ["MovingSums.swift"])
    // the course has nothing to put in its place
    manifest.standIns = ["WeightedMeans.swift"]
    XCTAssertEqual(try faulty("3", outcomes(.failed, .passed)), [])
  }

  func testEachFindingHasLinesOfItsOwn() throws {
    var failed = result(.failed, "outputs: yours 1, expected 2")
    failed.findings = ["The first tensor is C", String(repeating: "word ", count: 30) + "end"]
    let lines = CheckText(failed, try manifest()).lines
    XCTAssertEqual(lines[1...2], ["  outputs: yours 1, expected 2", "  - The first tensor is C"])
    XCTAssertTrue(lines[3].hasPrefix("  - word word"))
    XCTAssertTrue(lines[4].hasPrefix("    word"))
    XCTAssertTrue(lines[4].hasSuffix(" end"))
    XCTAssertTrue(lines.allSatisfy { $0.count <= 98 || $0.contains("look at") })
  }

  /// A finished file that needs another's stub is not told to be a stub itself.
  func testTheTableSaysWhichTaskAnotherWaitsFor() throws {
    var stub = CheckResult(
      id: "net.values", task: "3", points: 0, maxPoints: 0.25, outcome: .notImplemented,
      message: "task 2 (WeightedMeans) is not started")
    stub.place = SourcePlace(file: "WeightedMeans.swift", line: 64)
    let text = TaskTable(try manifest(), ["net.values": stub]).text
    XCTAssertTrue(
      text.contains("waits for another task: Assignments/Toy/WeightedMeans.swift:64"), text)
  }

  func testWhatIsNoMistakeIsOneLine() throws {
    for outcome in [Outcome.passed, .notRun, .notImplemented] {
      XCTAssertEqual(
        CheckText(result(outcome, "so"), try manifest()).lines, ["means.values: so"])
    }
  }

  func testLongTextIsBrokenAtSpacesAndNothingIsLost() throws {
    let words = (0..<80).map { String(repeating: "x", count: $0 % 9 + 1) }
    let message = words.joined(separator: " ") + "\n  second  line"
    let lines = CheckText(result(.failed, message), try manifest()).lines.dropFirst().dropLast()
    XCTAssertTrue(lines.allSatisfy { $0.count <= 98 })
    XCTAssertGreaterThan(lines.count, 3)
    XCTAssertEqual(
      lines.dropLast().map { $0.dropFirst(2) }.joined(separator: " "), words.joined(separator: " "))
    XCTAssertEqual(lines.last, "    second  line")
    let long = String(repeating: "y", count: 200)
    XCTAssertEqual(CheckText(result(.failed, long), try manifest()).lines[1], "  " + long)
  }

  func testWhatIsWrongAndWhyIsWeighty() throws {
    XCTAssertEqual(CheckText(result(.passed, "m"), try manifest()).weighty, 1)
    let plain = CheckText(result(.failed, "what is wrong"), try manifest())
    XCTAssertEqual(plain.lines[..<plain.weighty].last, "  what is wrong")
    let known = CheckText(result(.failed, "numbers", "the bias is missing"), try manifest())
    XCTAssertEqual(known.lines[..<known.weighty].last, "  likely cause: the bias is missing")
  }

  func testWhatComesNextIsSaidWhenAllIsRight() throws {
    var manifest = try manifest()
    // the last that was a task, and not the last
    manifest.networks = try JSONDecoder().decode(
      [AssignmentManifest.Network].self,
      from: Data(
        #"[{"name": "ThreeClassNet", "epochs": 1}, {"name": "GivenNet", "epochs": 1}]"#.utf8))
    let checks = manifest.tasks.flatMap(\.checks)
    func text(_ outcome: Outcome, _ count: Int) -> String? {
      let results = checks.prefix(count).map { check in
        CheckResult(
          id: check.id, task: manifest.tasks[0].id, points: 0, maxPoints: 0, outcome: outcome,
          message: "")
      }
      return NextSteps(manifest, Dictionary(uniqueKeysWithValues: results.map { ($0.id, $0) })).text
    }
    XCTAssertNil(text(.failed, checks.count))
    XCTAssertNil(text(.passed, checks.count - 1))
    XCTAssertTrue(
      try XCTUnwrap(text(.passed, checks.count)).hasPrefix(
        "All \(TaskTable.points(manifest.maxScore)) points of the code are there."))
    XCTAssertTrue(
      try XCTUnwrap(text(.passed, checks.count)).contains("./rhythm train ThreeClassNet trains"))
  }
}
