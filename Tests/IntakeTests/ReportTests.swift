import Foundation
import People
import TestSupport
import XCTest

@testable import Intake

final class ReportTests: XCTestCase {
  func testTheReportAsJSONAndAsLines() throws {
    let scratch = try Scratch()
    try scratch.write("new", "1-9 - Ann Lee - Sep 25, 2024 900 PM/Sums.swift")
    try scratch.write("old", "1-9 - Ann Lee - Sep 23, 2024 900 PM/Sums.swift")
    try scratch.write("none", "2-9 - Bob Ray - Sep 23, 2024 900 PM/essay.txt")
    try scratch.write("x", "notes.txt")
    let intake = try Intake(
      folder: scratch.path, files: files,
      rules: rules(roster: "name\nAnn Lee\nCy Fox\n"))
    let report = try JSONDecoder().decode(IntakeReport.self, from: intake.report.json())
    XCTAssertEqual(report.submissions.map(\.name), ["Ann Lee (1)", "Bob Ray (2)"])
    XCTAssertEqual(report.submissions.map(\.files), [["Sums.swift"], []])
    XCTAssertEqual(report.superseded.count, 1)
    XCTAssertEqual(report.late.map(\.name), ["Ann Lee (1)"])
    XCTAssertEqual(report.withoutCode.map(\.name), ["Bob Ray (2)"])
    XCTAssertEqual(report.unreadable.map(\.name), [])
    XCTAssertEqual(
      report.problems.map(\.sentence),
      [
        "Bob Ray (2) handed in no code: there is essay.txt; the code would be Sums.swift, Means.swift"
      ])
    XCTAssertEqual(report.roster?.missing.map(\.name), ["Cy Fox"])
    XCTAssertEqual(report.roster?.unknown.map(\.person.name), ["Bob Ray"])
    XCTAssertEqual(report.due, "2024-09-24 21:00 Europe/Amsterdam")
    let lines = report.summary()
    XCTAssertEqual(
      lines.first,
      "intake: 2 submissions (Brightspace 2), 1 earlier attempts left out, 1 late, 1 without code, "
        + "1 other things, 1 to look at")
    XCTAssertEqual(lines[1], "roster: 2 students, 1 without a submission, 1 people unknown")
    for part in [
      "late: Ann Lee", "look at: Bob Ray", "missing: Cy Fox", "notes.txt", "earlier:",
    ] {
      XCTAssertTrue(lines.contains { $0.contains(part) }, part)
    }
  }

  func testAnOrdinaryClassIsASingleLine() throws {
    let scratch = try Scratch()
    for name in ["ann", "bob"] {
      for file in files { try scratch.write("x", "\(name)/\(file)") }
    }
    let intake = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(intake.report.summary(), ["intake: 2 submissions (plain 2)"])
    XCTAssertEqual(intake.submissions.map(\.members), [["ann"], ["bob"]])
  }
}
