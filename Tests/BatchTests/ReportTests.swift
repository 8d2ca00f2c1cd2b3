import Foundation
import Judge
import XCTest

@testable import Batch

final class ReportTests: XCTestCase {
  func testCSVQuotesAndNeutralisesFormulas() {
    XCTAssertEqual(CSV.field("plain"), "plain")
    XCTAssertEqual(CSV.field("a,b"), "\"a,b\"")
    XCTAssertEqual(CSV.field("say \"x\"\n"), "\"say \"\"x\"\"\n\"")
    // The usual attack on spreadsheets, and its variants with other first characters.
    XCTAssertEqual(CSV.field("=HYPERLINK(\"u\")"), "\"'=HYPERLINK(\"\"u\"\")\"")
    for first in ["=", "+", "-", "@", "\t", "\r"] {
      let field = CSV.field(first + "1")
      XCTAssertTrue(field.hasPrefix("'") || field.hasPrefix("\"'"), field)
    }
  }

  func testCSVHasTheColumnsOfTheContract() {
    let lines = CSV.grades([result("ann")]).components(separatedBy: "\r\n")
    XCTAssertEqual(
      lines, ["submission,members,score,max_score,status", "ann,ann,1.5,3,graded", ""])
  }

  func testEscapesAllThatOthersWrote() throws {
    let attack = "<script>alert('x')</script>\u{202e}\u{0}\"&"
    let escaped = HTML.escape(attack)
    XCTAssertEqual(
      escaped, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\u{fffd}\u{fffd}&quot;&amp;")
    let manifest = try manifest()
    var one = result(attack)
    one.notes = [attack]
    one.checks[0].message = attack
    one.checks[0].diagnosis = attack
    one.checks[0].details = attack
    let summary = GradeSummary(
      unit: "U", title: attack, seed: 1, sandbox: "bubblewrap", total: 1, complete: true,
      elapsedSeconds: 1, submissions: [one], unrecognised: [attack])
    let names = FileNames.make([attack])
    let pages = [
      ClassPage(summary: summary, manifest: manifest, names: names).html,
      StudentPage(result: one, manifest: manifest).html,
    ]
    for page in pages {
      XCTAssertFalse(page.contains("<script"))
      XCTAssertFalse(page.contains("\u{202e}"))
      XCTAssertTrue(page.contains("default-src 'none'"))
      XCTAssertFalse(page.contains("http://") || page.contains("https://"))
    }
  }

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
    XCTAssertEqual(HTML.link("a b#?%ä"), "a%20b%23%3F%25%C3%A4")
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

  private func manifest() throws -> AssignmentManifest {
    let scratch = try Scratch()
    return try AssignmentManifest.read(
      scratch.write(
        """
        {unit: U, title: T, files: [A.swift], tasks: [{id: "1", name: T, title: Task,
          file: A.swift, points: 3, checks: [{id: c, test: T/c, title: C, points: 3}]}],
          data: {trainingChunks: 1, validationChunks: 1}, recipes: {},
          limits: {build: {}, check: {}, training: {}}}
        """, "assignment.yml"))
  }
}
