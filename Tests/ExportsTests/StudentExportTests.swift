import Assignment
import Foundation
import Gradebook
import Grading
import Intake
import People
import Publication
import Reports
import TestSupport
import XCTest

@testable import Exports

/// A result with a mark in every field: what students are shown by platforms is theirs.
final class StudentExportTests: XCTestCase {
  private let manifest = """
    unit: Tiny
    title: A tiny unit
    files: [A.swift]
    tasks:
      - id: "1"
        name: One
        title: The first
        file: A.swift
        points: 2
        checks:
          - {id: one.values, test: T/a, title: values, points: 2}
    data: {kind: spectrogram-chunks, training: 1, validation: 1}
    goals: {}
    limits: {build: {}, check: {}, training: {}}
    """
  /// Nowhere, not even where all submissions are in one file.
  private let forbidden = [
    "PRINTED", "OURFAULT", "424242", "SANDBOX", "/srv/secret", "srv", "PRIVATE",
  ]

  private func export(_ format: ExportFormat, template: String? = nil) throws -> Export {
    let scratch = try Scratch()
    let manifest = try AssignmentManifest.read(scratch.write(manifest, "assignment.yml"))
    let students = ["ann", "ben"].map { name in
      var result = SubmissionResult(
        submission: name, members: [name], status: .graded, score: 0, maxScore: 2, seed: 424242,
        sandbox: "SANDBOX /srv/secret", seconds: .init(build: 1, judge: 2),
        checks: [
          CheckResult(
            id: "one.values", task: "1", points: 0, maxPoints: 2, outcome: .failed,
            message: "MESSAGE-\(name) /srv/secret/x.swift", diagnosis: "DIAGNOSIS-\(name)",
            findings: ["FINDING-\(name) in /srv/secret/y"], details: "PRINTED")
        ], notes: ["NOTE-\(name) /srv/secret/z"])
      result.details = "OURFAULT"
      return StudentRecord(
        result: result,
        record: SubmissionRecord(
          submission: name, people: [Person(name: name, ids: ["1-\(name)"], login: name)],
          answers: "PRIVATE", listed: [Person(name: name, ids: ["1-\(name)"], login: name)]),
        questions: [], template: "", marks: nil)
    }
    let record = ClassRecord(
      manifest: manifest,
      summary: GradeSummary(
        unit: "Tiny", title: "A tiny unit", seed: 424242, sandbox: "SANDBOX", total: 2,
        complete: true, elapsedSeconds: 1, submissions: [], unrecognised: []),
      students: students)
    return try Exporter(
      record,
      options: ExportOptions(
        template: template.map { try PeopleTable(Data($0.utf8), path: "t.csv") }, column: "HW")
    ).export(format)
  }

  private func assertHarmless(_ export: Export, line: UInt = #line) {
    XCTAssertFalse(export.files.isEmpty, line: line)
    for (name, text) in export.files {
      for mark in forbidden {
        XCTAssertFalse(text.contains(mark), "\(mark) in \(name)", line: line)
      }
    }
  }

  func testGradescope() throws {
    let export = try export(.gradescope)
    assertHarmless(export)
    for name in ["ann", "ben"] {
      let text = try XCTUnwrap(export.files["gradescope/\(name)/results.json"])
      for mark in ["MESSAGE", "DIAGNOSIS", "FINDING", "NOTE"] {
        XCTAssertTrue(text.contains("\(mark)-\(name)"), mark)
        XCTAssertFalse(text.contains("\(mark)-\(name == "ann" ? "ben" : "ann")"), mark)
      }
    }
  }

  func testJUnit() throws {
    let export = try export(.junit)
    assertHarmless(export)
    let text = try XCTUnwrap(export.files["junit.xml"])
    for mark in ["MESSAGE", "DIAGNOSIS", "FINDING"] {
      XCTAssertTrue(text.contains("\(mark)-ann"), mark)
    }
  }

  func testTables() throws {
    assertHarmless(try export(.nbgrader))
    assertHarmless(try export(.brightspace))
    assertHarmless(try export(.moodleGradebook))
    assertHarmless(
      try export(
        .canvas,
        template: "Student,ID,SIS User ID,SIS Login ID,Section,HW (1)\nann,5,1-ann,ann,A,\n"))
    let worksheet = try export(
      .moodleWorksheet,
      template: "Identifier,Full name,ID number,Grade,Maximum Grade,Last modified (grade),"
        + "Feedback comments\nParticipant 5,ann,1-ann,,10,,\n")
    assertHarmless(worksheet)
    XCTAssertTrue(worksheet.files.values.contains { $0.contains("Code: 0 of 2 points") })
  }
}
