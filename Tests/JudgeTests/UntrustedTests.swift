import Foundation
import WorkerPipe
import XCTest

@testable import Assignment
@testable import Judge
@testable import Workers

/// What the judge does with text that students write.
final class UntrustedTests: XCTestCase {
  func testTerminalsAndReportsGetNoCommands() {
    XCTAssertEqual(PlainText.cleaned("a\u{1b}[2Jb\r\u{7}\u{9b}c\0"), "a�[2Jb���c�")
    XCTAssertEqual(PlainText.cleaned("x\u{202e}gpj.exe\u{2066}\u{feff}"), "x�gpj.exe��")
    let kept = "C̃ = σ(X W)\n\ttanh → 3 × 4, 👩‍🔬, न्‍य"
    XCTAssertEqual(PlainText.cleaned(kept), kept)
    XCTAssertEqual(PlainText.cleaned(String(repeating: "x", count: 50), limit: 5), "xxxxx … (cut)")
  }

  func testAPathIsNoMoreThanItsLastName() {
    for (text, expected) in [
      ("/srv/a/Means.swift:3:4: error: x", "Means.swift:3:4: error: x"),
      ("error: cannot open '/tmp/rhythm-1/x.o' (in /usr/lib)", "error: cannot open 'x.o' (in lib)"),
      ("ld=/usr/bin/ld,/opt/swift/usr/bin/clang", "ld=ld,clang"),
      ("file:///srv/a/b", "b"), ("/a/b/", "b"), ("/a/", "/a/"),
      ("task 4.7b: Assignments/U/Means.swift:41", "task 4.7b: Assignments/U/Means.swift:41"),
      ("a / b // c /d 3/4 https://u.edu/x/y 1/h", "a / b // c /d 3/4 https://u.edu/x/y 1/h"),
      ("", ""), ("/", "/"), ("//", "//"),
    ] { XCTAssertEqual(PlainText.withoutPaths(text), expected) }
  }

  func testWhatStudentCodeThrowsIsOneShortLine() throws {
    func message(_ failure: WorkerFailure) throws -> String {
      Verdict(failure, tasks: try tasks()).message
    }
    let thrown = try message(.threw("a\nb\t\u{1b}[2J" + String(repeating: "x", count: 5000)))
    XCTAssertTrue(thrown.hasPrefix("your code stopped with a b \u{fffd}[2Jxxx"), thrown)
    XCTAssertLessThan(thrown.count, 340)
    XCTAssertFalse(thrown.contains("\n"))
    XCTAssertLessThan(try message(.malformed(String(repeating: "y", count: 5000))).count, 340)
    let endless = String(repeating: "\n", count: 100_000) + "hidden"
    XCTAssertEqual(try message(.threw(endless)), "your code stopped with blanks")
  }

  func testAWorkersWordsOnStubsCountAsFarAsTheAssignmentHasThem() throws {
    func message(_ task: String, _ file: String) throws -> String {
      Verdict(
        WorkerFailure.notImplemented(.init(task: task, file: file, line: 7)), tasks: try tasks()
      ).message
    }
    XCTAssertEqual(
      try message("4.7b", "Unit/Means.swift"),
      "task 4.7b (Means) is not started: Assignments/Unit/Means.swift:7")
    for file in ["LOOT/../Means.swift", "LOOT", "a b/Means.swift", "Unit/LOOT.swift"] {
      XCTAssertEqual(try message("4.7b", file), "task 4.7b (Means) is not started")
    }
    XCTAssertEqual(try message("LOOT", "Unit/Means.swift"), "a task is not started")
  }

  func testAnUnknownErrorIsTheInstructors() throws {
    struct Broken: Error {}
    let verdict = Verdict(Broken(), tasks: [])
    XCTAssertEqual(verdict.outcome, .failed)
    XCTAssertFalse(verdict.message.contains("Broken"))
    XCTAssertEqual(verdict.details, "Broken()")
  }

  private func tasks() throws -> [AssignmentManifest.Task] {
    let task = """
      [{"id": "4.7b", "name": "Means", "title": "t", "file": "Means.swift", "points": 1, "checks": []}]
      """
    return try JSONDecoder().decode([AssignmentManifest.Task].self, from: Data(task.utf8))
  }
}
