import Assignment
import Foundation
import Gradebook
import Grading
import Intake
import People
import Publication
import WorkerPipe
import XCTest

@testable import Reports

/// A result with a mark in every field: what a student may see is on the page and in the text, and
/// nothing else is.
final class StudentViewTests: XCTestCase {
  /// No student may see these.
  private let forbidden = [
    "PRINTED", "OURFAULT", "424242", "SANDBOX", "/srv/secret", "srv", "OTHERNAME", "ADDRESS",
    "ROSTERNUMBER", "LOGIN", "\u{202e}", "GIVER", "2001-02-03",
  ]
  /// These are the student's.
  private let permitted = [
    "OWNNAME", "NOTE", "MESSAGE", "DIAGNOSIS", "FINDING", "QUANTITY", "YOURS", "EXPECTED",
    "TOLERANCE", "REMARK", "NETWORK", "RECORDINGS", "LATE", "ANSWER", "COMMENT", "HASH",
    "attempt 3", "hidden.swift:3", "OWNCODE", "COMPILER", "BYHAND",
  ]

  private func record(status: SubmissionResult.Status = .graded) throws -> ClassRecord {
    let path = "/srv/secret/hidden.swift:3"
    var own = Sample.result("OWNNAME", values: .failed, message: "MESSAGE at \(path)")
    own.status = status
    own.seed = 424242
    own.sandbox = "SANDBOX /srv/secret"
    own.details = "OURFAULT"
    own.notes = ["NOTE \(path): error"]
    own.recordings = "RECORDINGS"
    own.checks[0].details = "PRINTED"
    own.checks[0].diagnosis = "DIAGNOSIS \(path)"
    own.checks[0].findings = ["FINDING (\(path)) \u{202e}"]
    own.checks[0].byHand = PointsByHand(
      judged: 0, reason: "BYHAND", person: "GIVER", date: "2001-02-03", changes: [.files])
    own.checks[1].details = "PRINTED"
    own.checks[1].difference = NumberDifference(
      quantity: "QUANTITY", yours: "YOURS", expected: "EXPECTED", tolerance: "TOLERANCE", wrong: 1,
      count: 2)
    own.checks[1].curve = TrainingCurve(
      network: "NETWORK", goal: 0.7,
      points: [
        .init(attempt: 1, steps: 9, trainLoss: nil, trainAccuracy: nil, validationAccuracy: 0.5)
      ])
    own.checks[1].curve?.remarks = ["REMARK '\(path)'"]
    own.compilerMessages = [
      CompilerMessage("A.swift:1:1: error: COMPILER \(path) \u{202e}")
    ].compactMap(\.self)
    let late = LateMark(submitted: "LATE", due: "due", seconds: 60, share: 0.1)
    var record = try Sample.record(
      [own, Sample.result("OTHERNAME", message: "OTHERNAME")],
      answers: ["OWNNAME": ["1a": "ANSWER"]],
      people: [
        "OWNNAME": [
          Person(name: "OWNNAME", ids: ["ROSTERNUMBER"], email: "ADDRESS@u.edu", login: "LOGIN")
        ]
      ], late: ["OWNNAME": late], hashes: ["OWNNAME": ["A.swift": "HASH"]],
      marks: MarkBook(
        seed: 1,
        marks: [
          .init(
            submission: "OWNNAME", question: "1a", points: 1, comment: "COMMENT", answer: "ANSWER")
        ]))
    record.summary.seed = 424242
    record.summary.sandbox = own.sandbox
    let index = try XCTUnwrap(record.students.firstIndex { $0.result.submission == "OWNNAME" })
    record.students[index].record.attempt = 3
    record.students[index].files = ["A.swift": Array("OWNCODE \u{202e}".utf8)]
    record.students[1 - index].files = ["A.swift": Array("OTHERNAME".utf8)]
    return record
  }

  private func view(_ record: ClassRecord) throws -> StudentView {
    StudentView(try XCTUnwrap(record.students.first { $0.result.submission == "OWNNAME" }))
  }

  func testPageAndTextShowWhatIsTheStudentsAndNothingElse() throws {
    let record = try record()
    let view = try view(record)
    let page = StudentPage(view, manifest: record.manifest).html
    let text = StudentMarkdown(view, manifest: record.manifest).text.replacing("\\", with: "")
    for mark in forbidden {
      XCTAssertFalse(page.contains(mark), "\(mark) is on the page")
      XCTAssertFalse(text.contains(mark), "\(mark) is in the text")
    }
    for mark in permitted {
      XCTAssertTrue(page.contains(mark), "\(mark) is not on the page")
      // the text has no numbers side by side, no drawing, no attempts and no code
      if ![
        "QUANTITY", "YOURS", "EXPECTED", "TOLERANCE", "attempt 3", "OWNCODE", "COMPILER",
      ].contains(mark) {
        XCTAssertTrue(text.contains(mark), "\(mark) is not in the text")
      }
    }
  }

  func testWhatWentWrongOnTheGradersSideIsNotShown() throws {
    let record = try record(status: .judgeFailed)
    let page = StudentPage(try view(record), manifest: record.manifest).html
    XCTAssertFalse(page.contains("OURFAULT"))
    XCTAssertFalse(page.contains("NOTE"), "older results have it among the notes")
    XCTAssertTrue(page.contains("by no fault of yours"))
  }

  func testTheInstructorSeesWhatWasPrinted() throws {
    let record = try record()
    let page = ClassPage(record, attention: []).html
    for mark in ["PRINTED", "424242", "SANDBOX"] { XCTAssertTrue(page.contains(mark), mark) }
    XCTAssertFalse(
      ClassPage(try Sample.record([Sample.result("ann")]), attention: []).html
        .contains("Printed while judged"))
  }

  func testLongPrintsAreCutOnTheClassPage() throws {
    var result = Sample.result("ann")
    result.checks[0].details = String(repeating: "x", count: 60_000) + "END"
    let page = ClassPage(try Sample.record([result]), attention: []).html
    XCTAssertFalse(page.contains("END"))
    XCTAssertTrue(page.contains(String(repeating: "x", count: 2000)))
  }
}
