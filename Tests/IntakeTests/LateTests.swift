import Assignment
import Foundation
import People
import TestSupport
import XCTest

@testable import Intake

final class LateTests: XCTestCase {
  private func date(_ text: String) throws -> Date {
    try XCTUnwrap(ISO8601DateFormatter().date(from: text))
  }

  func testDueDatesAndTheirZones() throws {
    let cases = [
      ("2026-10-09 23:59 Europe/Amsterdam", "2026-10-09T21:59:00Z"),
      ("2026-12-09 23:59:30 Europe/Amsterdam", "2026-12-09T22:59:30Z"),
      ("2026-10-09T23:59:00+02:00", "2026-10-09T21:59:00Z"),
      ("2026-10-09T23:59-0330", "2026-10-10T03:29:00Z"),
      ("2026-10-09T23:59Z", "2026-10-09T23:59:00Z"),
    ]
    for (text, expected) in cases {
      XCTAssertEqual(try DueDate(text).date, try date(expected), text)
    }
    for (text, part) in [
      ("2026-10-09 23:59", "no time zone"), ("2026-02-30 23:59 UTC", "calendar"),
      ("tomorrow", "no date"), ("2026-10-09 23:59 Mars/Olympus", "no known time zone"),
    ] {
      XCTAssertThrowsError(try DueDate(text)) { XCTAssertTrue("\($0)".contains(part), "\($0)") }
    }
  }

  func testTheRule() throws {
    let due = try DueDate("2026-10-09 23:59 UTC")
    let rule = LateRule(grace: 15, perDay: 0.1, maximum: 0.25)
    func mark(_ minutes: Double) -> LateMark? {
      rule.mark(submitted: due.date + minutes * 60, due: due)
    }
    XCTAssertNil(mark(-1))
    XCTAssertNil(mark(15), "the grace's end is in time")
    XCTAssertNil(mark(15.99), "so is its last second: 23:59 lasts until 23:59:59")
    XCTAssertEqual(mark(16)?.share, 0.1)
    XCTAssertEqual(mark(1440)?.share, 0.1, "a whole day is one begun day")
    XCTAssertEqual(mark(1441)?.share, 0.2)
    XCTAssertEqual(mark(99_999)?.share, 0.25)
    XCTAssertEqual(LateRule().mark(submitted: due.date + 60, due: due)?.share, 0)
    XCTAssertTrue(mark(1441)?.sentence.contains("1 d 1 min late") == true)
    XCTAssertTrue(mark(1441)?.sentence.contains("20 % of the points") == true)
  }

  func testAMinuteLastsUntilItsEnd() throws {
    let rule = LateRule(perDay: 0.1)
    let minute = try DueDate("2026-10-09 23:59 Europe/Amsterdam")
    XCTAssertNil(rule.mark(submitted: minute.date + 59.9, due: minute))
    XCTAssertEqual(rule.mark(submitted: minute.date + 60, due: minute)?.share, 0.1)
    // who says seconds means them, and sees them
    let second = try DueDate("2026-10-09 23:59:00 Europe/Amsterdam")
    XCTAssertNil(rule.mark(submitted: second.date + 0.5, due: second))
    let late = try XCTUnwrap(rule.mark(submitted: second.date + 30, due: second))
    XCTAssertEqual(late.submitted, "2026-10-09 23:59:30 Europe/Amsterdam")
    XCTAssertEqual(late.due, "2026-10-09 23:59:00 Europe/Amsterdam")
    XCTAssertEqual(
      DueDate.text(
        try date("2026-01-05T03:04:05Z"), in: try XCTUnwrap(TimeZone(identifier: "GMT"))),
      "2026-01-05 03:04 GMT")
  }

  func testTheMarkInTheSubmissionAndTheResult() throws {
    let scratch = try Scratch()
    for (id, time) in [(1, "Sep 24, 2024 900 PM"), (2, "Sep 24, 2024 901 PM")] {
      try scratch.write("sums", "\(id)-9 - Name \(id) - \(time)/Sums.swift")
    }
    let intake = try Intake(
      folder: scratch.path, files: files, rules: rules(late: LateRule(perDay: 0.1)))
    XCTAssertNil(intake["Name 1 (1)"]?.late)
    let late = try XCTUnwrap(intake["Name 2 (2)"])
    XCTAssertEqual(late.late?.seconds, 60)
    XCTAssertTrue(late.says("1 min late, at 2024-09-24 21:01 Europe/Amsterdam"), "\(late.notes)")
    var result = SubmissionResult(
      submission: "", members: [], status: .graded, score: 8, maxScore: 10, seed: 1, sandbox: "",
      seconds: .init(), checks: [], notes: [])
    XCTAssertEqual(result.finalScore, 8)
    result.late = late.late
    XCTAssertEqual(result.finalScore, 7.2, accuracy: 1e-12)
    XCTAssertEqual(result.score, 8, "what was earned stays")
  }

  func testWhereThereIsNoTimeThatIsSaid() throws {
    let scratch = try Scratch()
    try scratch.write("sums", "ann/Sums.swift")
    XCTAssertEqual(
      try Intake(folder: scratch.path, files: files, rules: rules()).report.sentences,
      ["1 submissions bear no time: it is not known whether they are late"])
    XCTAssertEqual(try Intake(folder: scratch.path, files: files).report.sentences, [])
  }

  func testTimesInNames() throws {
    let zone = try XCTUnwrap(TimeZone(identifier: "Europe/Amsterdam"))
    let cases = [
      ("Sep 24, 2024 926 PM", "2024-09-24T19:26:00Z"),
      ("September 4, 2024 1205 AM", "2024-09-03T22:05:00Z"),
      ("okt 3, 2024 2359", "2024-10-03T21:59:00Z"),
      ("3 oktober, 2024 23:59", "2024-10-03T21:59:00Z"),
      ("24 août, 2024 9 h 26", nil), ("24 août 2024 926", "2024-08-24T07:26:00Z"),
      ("24. März 2024 0926", "2024-03-24T08:26:00Z"), ("Sep 31, 2024 926 PM", nil),
      ("Sep 24, 2024 1326 PM", nil), ("Group 3", nil), ("Sep 24, 2024", nil),
    ]
    for (text, expected) in cases {
      XCTAssertEqual(NameTime.read(text, in: zone), try expected.map(date), text)
    }
  }

  func testATimeOfTheStudentsChoiceInANameIsNotTaken() throws {
    func read(_ name: String, isFolder: Bool = false) -> PlatformName? {
      PlatformName.read(name, isFolder: isFolder, in: .gmt)
    }
    // the platform's time is a folder's last part, and the display name is what is before it
    let folder = read(
      "5-1 - Eve Ill - Jan 1, 2020 100 AM - Dec 24, 2026 926 PM", isFolder: true)
    XCTAssertEqual(folder?.time, try date("2026-12-24T21:26:00Z"))
    XCTAssertEqual(folder?.person.name, "Eve Ill - Jan 1, 2020 100 AM")
    XCTAssertNil(folder?.problem)
    let unread = read("5-1 - Eve Ill - Jan 1, 2020 100 AM - 24 grudnia 2026 926", isFolder: true)
    XCTAssertNil(unread?.time)
    XCTAssertTrue(unread?.problem?.contains("24 grudnia 2026 926 in its name") == true)
    // between a person's and a file's name either can hold one
    for name in [
      "5-1 - Eve Ill - Jan 1, 2020 100 AM - Dec 24, 2026 926 PM - Sums.swift",
      "5-1 - Eve Ill - Dec 24, 2026 926 PM - Jan 1, 2020 100 AM - Sums.swift",
      "5-1 - Eve Ill - Dec 24, 2026 926 PM - Jan 1, 2020 100 AM.zip",
      "5-1 - Eve Ill - Jan 1, 2020 100 AM - 24 grudnia 2026 926 - Sums.swift",
    ] {
      XCTAssertNil(read(name)?.time, name)
      XCTAssertTrue(read(name)?.problem?.contains("more than one time") == true, name)
      XCTAssertEqual(read(name)?.person.ids, ["5"], name)
    }
    let plain = read("5-1 - Eve Ill - Dec 24, 2026 926 PM - my - own - Sums.swift")
    XCTAssertEqual(plain?.time, try date("2026-12-24T21:26:00Z"))
    XCTAssertEqual(plain?.file, "my - own - Sums.swift")
    XCTAssertNil(plain?.problem)
  }

  func testAmbiguousLatenessIsListed() throws {
    let scratch = try Scratch()
    try scratch.write(
      "sums", "class/5-1 - Eve - Jan 1, 2020 100 AM - Dec 24, 2026 926 PM - Sums.swift")
    let brightspace = try Intake(
      folder: scratch.path + "/class", files: files, rules: rules(late: LateRule(perDay: 0.1)))
    XCTAssertNil(brightspace.submissions.first?.submitted)
    XCTAssertTrue(
      brightspace.report.sentences.contains {
        $0.contains("more than one time") && $0.hasSuffix("it is not known whether it is late")
      }, "\(brightspace.report.sentences)")
    // Canvas's mark can stand in a name as well
    try scratch.write("sums", "canvas/eve_1_2_x_LATE_103_6004_Sums.swift")
    try scratch.write("sums", "canvas/fay_104_6005_Sums.swift")
    let canvas = try Intake(folder: scratch.path + "/canvas", files: files, rules: rules())
    XCTAssertEqual(canvas.submissions.count, 2)
    XCTAssertEqual(
      canvas.report.sentences.filter { $0.contains("marked late or as not") }.count, 1,
      "\(canvas.report.sentences)")
  }

  func testTheAssignmentFileIsChecked() throws {
    XCTAssertEqual(try manifest("due: 2026-10-09 23:59 Europe/Amsterdam").late, nil)
    let whole = try manifest(
      "due: 2026-10-09T23:59:00Z\nlate: {grace: 15, perDay: 0.1, maximum: 0.5}")
    XCTAssertEqual(whole.late, LateRule(grace: 15, perDay: 0.1, maximum: 0.5))
    XCTAssertEqual(whole.due, "2026-10-09T23:59:00Z")
    for (lines, part) in [
      ("due: soon", "no date"), ("late: {perDay: 10}", "perDay is a share"),
      ("late: {grace: -1}", "grace is in minutes"),
    ] {
      XCTAssertThrowsError(try manifest(lines)) {
        XCTAssertTrue("\($0)".contains(part), "\($0)")
      }
    }
  }

  private func manifest(_ lines: String) throws -> AssignmentManifest {
    let scratch = try Scratch()
    return try AssignmentManifest.read(
      scratch.write(
        """
        unit: Tiny
        title: Tiny
        files: [Sums.swift]
        data: {kind: spectrogram-chunks, training: 1, validation: 1}
        goals: {}
        tasks: []
        limits: {build: {}, check: {}, training: {}}
        \(lines)
        """, "assignment.yml"))
  }
}
