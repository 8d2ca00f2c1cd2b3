import Building
import Foundation
import Gradebook
import Intake
import Judge
import People
import Publication
import Synchronization
import TestSupport
import XCTest

@testable import Assignment
@testable import Grading

final class GradeRunTests: XCTestCase {
  func testGradesAClassAndSurvivesABadJudge() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    let first = "import TinyCore\nfunc first() -> Int { double(21) }\n"
    try scratch.write(first, "class/ann/First.swift")
    try scratch.write("func second() -> Int { 7 }\n", "class/ann/Second.swift")
    try scratch.write(first, "class/=bob/First.swift")
    try scratch.write("func second() -> Int { oops }\n", "class/cem/Second.swift")
    try scratch.write("hello", "class/dan/readme.txt")
    try scratch.write("func other() -> Int { 7 }\n", "class/eve/Second.swift")
    for name in ["crashes", "silent", "garbles", "lies"] {
      // each its own: identical files would be judged under one name
      try scratch.write(first + "// \(name)\n", "class/judge-\(name)/First.swift")
    }
    try scratch.write("stray", "class/list.txt")
    let finished = Mutex(0)
    let summary = try GradeRun(unit.options(scratch), gradebook: scratch.gradebook()).run {
      if case .finished = $0 { finished.withLock { $0 += 1 } }
    }
    XCTAssertEqual(finished.withLock { $0 }, 9)
    XCTAssertTrue(summary.complete)
    XCTAssertEqual(summary.unrecognised.count, 1)
    let results = Dictionary(
      uniqueKeysWithValues: summary.submissions.map { ($0.submission, $0) })
    XCTAssertEqual(results["ann"]?.score, 3)
    XCTAssertNil(results["ann"]?.firstLoss)
    XCTAssertGreaterThan(results["ann"]?.seconds.compilerCPU ?? 0, 0.05)
    XCTAssertNil(results["dan"]?.seconds.compilerCPU)
    XCTAssertEqual(results["=bob"]?.score, 2)
    XCTAssertEqual(results["=bob"]?.firstLoss, "2: got 0, expected 7")
    // what a person decided says why, and full points are no loss
    var bob = try XCTUnwrap(results["=bob"])
    for index in bob.checks.indices {
      bob.checks[index].byHand = PointsByHand(
        judged: 0, reason: "nearly", person: "x", date: "2001-02-03")
      bob.checks[index].points = bob.checks[index].maxPoints
    }
    XCTAssertNil(bob.firstLoss)
    bob.checks[1].points -= 0.25
    XCTAssertEqual(bob.firstLoss, "2: points by hand: nearly")
    XCTAssertTrue(results["=bob"]?.notes.first?.contains("Second.swift is missing") == true)
    // Second.swift does not compile: its task has no points, the other is judged with the stub.
    XCTAssertEqual(results["cem"]?.status, .graded)
    XCTAssertEqual(results["cem"]?.checks.map(\.outcome), [.failed, .notBuilt])
    // An error in the course's own file: the student's file that causes it gives way.
    XCTAssertEqual(results["eve"]?.status, .graded)
    XCTAssertEqual(results["eve"]?.checks.map(\.outcome), [.failed, .notBuilt])
    XCTAssertTrue(
      results["cem"]?.notes.contains("Second.swift:1:24: error: cannot find 'oops' in scope")
        == true)
    let place = SourcePlace(file: "Second.swift", line: 1)
    XCTAssertEqual(results["cem"]?.checks.map(\.place), [nil, place])
    XCTAssertEqual(results["cem"]?.compilerMessages?.map(\.place), [place])
    XCTAssertNil(results["ann"]?.compilerMessages)
    let page = try String(contentsOfFile: scratch.path + "/out/report/cem.html", encoding: .utf8)
    XCTAssertTrue(
      page.contains(
        /<li id="line-\d-1" class="found"><code>func second\(\) -&gt; Int { oops }<\/code>.*cannot find/
      ),
      page)
    XCTAssertEqual(results["dan"]?.status, .noCode)
    XCTAssertEqual(
      results["dan"]?.firstLoss,
      "no code was handed in: there is readme.txt; the code would be First.swift, Second.swift")
    for name in ["crashes", "silent", "garbles", "lies"] {
      let result = results["judge-\(name)"]
      XCTAssertEqual(result?.status, .judgeFailed, name)
      XCTAssertEqual(result?.score, 0, name)
      XCTAssertEqual(result?.checks.map(\.outcome), [.notRun, .notRun], name)
    }
    XCTAssertEqual(summary.ourFailures, 4)

    let out = scratch.path + "/out"
    let rows = try String(contentsOfFile: out + "/grades.csv", encoding: .utf8)
      .components(separatedBy: "\r\n")
    XCTAssertEqual(rows.count, 11)
    XCTAssertEqual(rows[1], "'=bob,'=bob,2,3,graded,2,0,0,0,2,3,no")
    let data = try Data(contentsOf: URL(fileURLWithPath: out + "/results/ann.json"))
    XCTAssertEqual(try JSONDecoder().decode(SubmissionResult.self, from: data).score, 3)
    // what the reports are made from
    let run = try Data(contentsOf: URL(fileURLWithPath: out + "/run.json"))
    let kept = try JSONDecoder().decode(GradeSummary.self, from: run)
    XCTAssertEqual(kept.title, "A tiny <unit>")
    XCTAssertEqual(kept.unrecognised.count, 1)
    let record = try JSONDecoder().decode(
      SubmissionRecord.self,
      from: Data(contentsOf: URL(fileURLWithPath: out + "/submissions/=bob.json")))
    XCTAssertEqual(record.people.map(\.label), ["=bob"])
    XCTAssertEqual(record.hashes.keys.sorted(), ["First.swift"])
    let left = try FileManager.default.subpathsOfDirectory(atPath: out)
    XCTAssertFalse(left.contains { $0.hasSuffix(".part") })
  }

  /// What a program stopped at may be a line of the stub that stands in for a file.
  func testALineOfAStubIsNoStudentsLine() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    for (name, second) in [
      ("own", "func second() -> Int { 8 }\n"), ("broken", "func second() -> Int { oops }\n"),
      ("missing", nil),
    ] {
      let folder = "class/judge-places-\(name)"
      try scratch.write("func first() -> Int { 1 }  // \(name)\n", folder + "/First.swift")
      if let second { try scratch.write(second, folder + "/Second.swift") }
    }
    let results = Dictionary(
      uniqueKeysWithValues: try unit.grade(scratch).submissions.map { ($0.submission, $0.checks) })
    let place = SourcePlace(file: "Second.swift", line: 1)
    XCTAssertEqual(results["judge-places-own"]?.map(\.place), [place, place])
    // the second is the compiler's own word on the file that was handed in
    XCTAssertEqual(results["judge-places-broken"]?.map(\.place), [nil, place])
    XCTAssertEqual(results["judge-places-missing"]?.map(\.place), [nil, nil])
  }

  func testNeverBlamesStudentsForABrokenCore() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    try scratch.write("func second() -> Int { 7 }\n", "class/ann/Second.swift")
    var options = unit.options(scratch)
    options.core.libraries = []
    try scratch.write(
      "import TinyCore\nlet x = double(1)\nfunc first() -> Int { x }\n",
      "Assignments/Tiny/First.swift")
    XCTAssertThrowsError(try GradeRun(options, gradebook: scratch.gradebook()).run { _ in }) {
      XCTAssertTrue("\($0)".contains("untouched files of Tiny do not compile"), "\($0)")
    }
    XCTAssertFalse(FileManager.default.fileExists(atPath: scratch.path + "/out/grades.csv"))
  }

  func testInterruptionKeepsWhatIsFinished() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    try scratch.write("func second() -> Int { 7 }\n", "class/ann/Second.swift")
    for name in ["judge-hangs", "later1", "later2"] {
      try scratch.write("func second() -> Int { 7 }  // \(name)\n", "class/\(name)/Second.swift")
    }
    var options = unit.options(scratch)
    options.jobs = 1
    let run = GradeRun(options, gradebook: try scratch.gradebook())
    let summary = try run.run {
      if case .working(_, "judge-hangs", "starting the judge") = $0 {
        Thread.detachNewThread {
          Thread.sleep(forTimeInterval: 0.5)
          run.cancel()
        }
      }
    }
    XCTAssertTrue(run.isCancelled)
    XCTAssertFalse(summary.complete)
    XCTAssertEqual(summary.submissions.map(\.submission), ["ann"])
    XCTAssertEqual(summary.submissions.first?.score, 1)
    let data = try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/out/run.json"))
    XCTAssertFalse(try JSONDecoder().decode(GradeSummary.self, from: data).complete)
    XCTAssertFalse(
      FileManager.default.fileExists(atPath: scratch.path + "/out/results/judge-hangs.json"))
  }

  /// The results take the place of those before, and of nothing else.
  func testAFolderOfSomebodyElseIsNotReplaced() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    // the class in the folder that the results are to go to, under a name that they have
    let mine = scratch.path + "/out/submissions/ann/First.swift"
    try scratch.write("func first() -> Int { 42 }\n", "out/submissions/ann/First.swift")
    func grade() throws {
      try unit.grade(scratch) { $0.submissions = .folder(scratch.path + "/out/submissions") }
    }
    XCTAssertThrowsError(try grade()) {
      XCTAssertEqual($0 as? GradingError, .occupied(path: scratch.path + "/out/submissions"))
    }
    XCTAssertTrue(FileManager.default.fileExists(atPath: mine))
    XCTAssertEqual(try scratch.gradebook().submissions().map(\.submission.name), [])

    // elsewhere it is graded, and again; then the delivery may not lie among the results either
    try FileManager.default.moveItem(
      atPath: scratch.path + "/out/submissions", toPath: scratch.path + "/class")
    for _ in 1...2 { try unit.grade(scratch) { _ in } }
    try scratch.write("func first() -> Int { 42 }\n", "out/submissions/ann/First.swift")
    XCTAssertThrowsError(try grade())
    XCTAssertTrue(FileManager.default.fileExists(atPath: mine))
  }

  func testEachRunHasItsOwnPlaceForTemporaryFiles() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    try scratch.write("func first() -> Int { 42 }\n", "class/ann/First.swift")
    let before = ProcessInfo.processInfo.environment["TMPDIR"]
    defer {
      if let before { setenv("TMPDIR", before, 1) } else { unsetenv("TMPDIR") }
    }
    for name in ["one", "two"] {
      let place = scratch.path + "/tmp-" + name
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      setenv("TMPDIR", place, 1)
      try unit.grade(scratch) { $0.outputFolder = scratch.path + "/out-" + name }
      XCTAssertEqual(
        try unit.requests(scratch).count { $0.resultPath.hasPrefix(place + "/rhythm-grade-") }, 1,
        name)
      XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: place), [])
    }
  }
}
