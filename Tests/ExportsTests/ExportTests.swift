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

#if canImport(FoundationXML)
  import FoundationXML
#endif

final class ExportTests: XCTestCase {
  private let manifest = """
    unit: Tiny
    title: A tiny unit
    files: [A.swift]
    tasks:
      - id: "1"
        name: One
        title: The first
        file: A.swift
        points: 3
        checks:
          - {id: one.values, test: T/a, title: values, points: 2}
          - {id: one.accuracy, test: T/b, title: accuracy, points: 1}
    questions:
      - {id: 1a, points: 2}
    data: {kind: spectrogram-chunks, training: 1, validation: 1}
    goals: {}
    limits: {build: {}, check: {}, training: {}}
    """

  private func student(
    _ name: String, _ people: [Person], values: Outcome = .passed, late: Double = 0,
    status: SubmissionResult.Status = .graded, message: String = "correct"
  ) -> (SubmissionResult, SubmissionRecord) {
    let checks = [
      CheckResult(
        id: "one.values", task: "1", points: values == .passed ? 2 : 0, maxPoints: 2,
        outcome: values, message: message, seconds: 0.25),
      CheckResult(
        id: "one.accuracy", task: "1", points: 1, maxPoints: 1, outcome: .passed,
        message: "correct", seconds: 2),
    ]
    var result = SubmissionResult(
      submission: name, members: [name], status: status,
      score: status == .graded ? checks.reduce(0) { $0 + $1.points } : 0, maxScore: 3, seed: 7,
      sandbox: "bubblewrap", seconds: .init(build: 1, judge: 3), checks: checks, notes: [])
    if late > 0 { result.late = LateMark(submitted: "b", due: "a", seconds: 60, share: late) }
    return (
      result,
      SubmissionRecord(
        submission: name, people: people, submitted: Date(timeIntervalSince1970: 1_700_000_000),
        answers: "<!-- answer 1a -->\nYes.\n<!-- end 1a -->\n", listed: people)
    )
  }

  /// Ann has all points; Ben and Cem, a group, lost two and came late; Dora's name and id are
  /// attacks; Eve was not graded by no fault of hers.
  private func record() throws -> ClassRecord {
    let scratch = try Scratch()
    let manifest = try AssignmentManifest.read(scratch.write(manifest, "assignment.yml"))
    let students = [
      student(
        "ann", [Person(name: "Ann Müller", id: "101", username: "amuller", email: "a@u.edu")]),
      student(
        "team",
        [
          Person(name: "Ben Bo", id: "102", username: "bbo", email: "b@u.edu"),
          Person(name: "Cem Ce", id: "0103", username: "cce", email: "c@u.edu"),
        ], values: .failed, late: 0.1, message: "H: yours 1 <b>\u{1}\u{fffe}, expected 2"),
      student(
        "=dora", [Person(name: "=HYPERLINK(\"u\",1)", id: "104", username: "dora", email: nil)]),
      student(
        "fay", [Person(name: "Fay", id: "-105", username: "@fay", email: "=f@u.edu")],
        values: .crashed),
      student(
        "eve", [Person(name: "Eve", id: "106", username: "eve", email: "e@u.edu")],
        status: .judgeFailed),
    ]
    let marks = MarkBook(
      seed: 1,
      marks: students.map {
        Mark(
          submission: $0.0.submission, question: "1a", points: 1.5, comment: "Well; =1",
          answer: "Yes.")
      })
    return ClassRecord(
      manifest: manifest,
      summary: GradeSummary(
        unit: "Tiny", title: "A tiny unit", seed: 7, sandbox: "bubblewrap", total: 5,
        complete: true, elapsedSeconds: 1, submissions: [], unrecognised: []),
      students: students.map {
        StudentRecord(
          result: $0.0, record: $0.1, questions: manifest.questions ?? [], template: "",
          marks: marks)
      })
  }

  private func export(
    _ format: ExportFormat, template: String? = nil, roster: String? = nil,
    column: String = "Homework 4", scaleTo: Double? = nil
  ) throws -> Export {
    func table(_ text: String?, _ path: String) throws -> PeopleTable? {
      try text.map { try PeopleTable(Data($0.utf8), path: path) }
    }
    return try Exporter(
      try record(),
      options: ExportOptions(
        template: table(template, "template.csv"), roster: table(roster, "roster.csv"),
        column: column, scaleTo: scaleTo)
    ).export(format)
  }

  private let canvasTemplate = """
    Student,ID,SIS User ID,SIS Login ID,Section,Homework 3 (11),Homework 4 (12),Final Score
    ,,,,,Manual Posting,,
        Points Possible,,,,,10,5,(read only)
    "Müller, Ann",9001,101,amuller,S1,7,,55
    "Bo, Ben",9002,102,bbo,S1,7,,55
    "Ce, Cem",9003,0103,cce,S1,,,
    =HYPERLINK("u"),9004,104,dora,"a;=1",,,
    "Eve",9006,106,eve,S1,,3,
    Ghost,9009,109,ghost,S1,,4,
    "Student, Test",9010,,,S1,,,
    """

  func testCanvasTakesItsOwnTableBack() throws {
    // a quote within a cell is written twice; Canvas does so too
    let template = canvasTemplate.replacing("=HYPERLINK(\"u\")", with: "\"=HYPERLINK(\"\"u\"\")\"")
    let export = try export(.canvas, template: template)
    let text = try XCTUnwrap(export.files["canvas.csv"])
    let known = [
      ("9001", "amuller", "Müller, Ann"), ("9002", "bbo", "Bo, Ben"), ("9003", "cce", "Ce, Cem"),
      ("9004", "dora", "=H"), ("9006", "eve", "Eve"), ("9009", "ghost", "Ghost"),
    ]
    let taken = try Importer.canvas(text, students: known)
    XCTAssertEqual(taken.assignment, "Homework 4 (12)")
    XCTAssertEqual(taken.possible, 5)
    XCTAssertEqual(taken.grades.map(\.id), ["9001", "9002", "9003", "9004"])
    // 4.5 of 5; 1 + 1.5 less a tenth, for both of the group
    XCTAssertEqual(taken.grades.map(\.points), [4.5, 2.25, 2.25, 4.5])
    // nothing of those changes: neither is in the table, and why is said
    for name in ["Ghost has no submission", "Eve is left out: the code was not graded"] {
      XCTAssertTrue(export.notes.contains { $0.hasPrefix(name) }, "\(export.notes)")
    }
    XCTAssertTrue(export.notes.contains("nobody in template.csv handed in fay"), "\(export.notes)")
  }

  /// A class as a download gave it, without a roster.
  private func export(
    _ format: ExportFormat, of people: [(name: String, person: Person)], _ platform: Platform,
    template: String? = nil, roster: String? = nil
  ) throws -> Export {
    var record = try record()
    record = ClassRecord(
      manifest: record.manifest, summary: record.summary,
      students: people.map { name, person in
        var (result, known) = student(name, [person])
        known.platform = platform
        known.listed = nil
        result.submission = name
        return StudentRecord(
          result: result, record: known, questions: record.manifest.questions ?? [], template: "",
          marks: nil)
      })
    return try Exporter(
      record,
      options: ExportOptions(
        template: template.map { try PeopleTable(Data($0.utf8), path: "template.csv") },
        roster: roster.map { try PeopleTable(Data($0.utf8), path: "roster.csv") }, column: "HW")
    ).export(format)
  }

  func testCanvassOwnNumbersFindPeople() throws {
    let handedIn = [
      (name: "leeann (601)", person: Person(name: "leeann", ids: ["601"])),
      (name: "foxcy (999)", person: Person(name: "foxcy", ids: ["999"])),
    ]
    let export = try export(
      .canvas, of: handedIn, .canvas,
      template: """
        Student,ID,SIS User ID,SIS Login ID,Section,HW (77)
            Points Possible,,,,,5
        "Lee, Ann",601,1111111,alee,A,
        "Ray, Bob",611,2222222,bray,A,
        "Fox, Cy",613,4444444,cfox,A,
        """)
    let text = try XCTUnwrap(export.files["canvas.csv"])
    XCTAssertTrue(text.contains("\"Lee, Ann\",601,1111111,alee,A,3"), text)
    XCTAssertFalse(text.contains("Ray") || text.contains("Fox"), text)
    // Canvas gave this Cy Fox another number: it is another one's work
    XCTAssertTrue(
      export.notes.contains { $0.contains("Fox, Cy is left out: foxcy (999) has the name") },
      "\(export.notes)")
  }

  func testParticipantsOfBlindMarkingAreFoundByTheirNumber() throws {
    let handedIn = [4711, 4712].map {
      (name: "Participant \($0) (\($0))", person: Person(name: "Participant \($0)", ids: ["\($0)"]))
    }
    let export = try export(
      .moodleWorksheet, of: handedIn, .moodle,
      template: """
        Identifier,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments
        Participant 4711,Submitted,,33.00,Yes,-,
        Participant 4712,Submitted,,33.00,Yes,-,
        Participant 4713,Submitted,,33.00,Yes,-,
        """)
    let text = try XCTUnwrap(export.files["moodle-worksheet.csv"])
    XCTAssertTrue(text.contains("Participant 4711,Submitted,3,"), text)
    XCTAssertTrue(text.contains("Participant 4712,Submitted,3,"), text)
    XCTAssertFalse(text.contains("4713"), text)
    XCTAssertTrue(export.notes.contains("Participant 4713 has no submission and is left out"))
  }

  func testEveryHeadingOfARosterIsTaken() throws {
    let handedIn = [(name: "00123456", person: Person(folder: "00123456"))]
    for (roster, row) in [
      ("Vorname;Nachname;Matrikelnummer;E-Mail\nAnn;Lee;00123456;a@u.example", "#00123456,3,#"),
      // a spreadsheet took the zeros
      ("Name;Matrikelnummer\nAnn Lee;123456", "#123456,3,#"),
      // a login on GitHub is none on Brightspace
      (
        "identifier,github_username,github_id,name\n\"00123456\",\"annlee\",\"1\",\"Ann Lee\"",
        "#00123456,3,#"
      ),
    ] {
      let export = try export(.brightspace, of: handedIn, .plain, roster: roster)
      let lines = export.files["brightspace.csv"]?.split(separator: "\r\n").map(String.init) ?? []
      XCTAssertEqual(lines.last, row, roster)
      XCTAssertTrue(
        export.notes.contains { $0.hasPrefix("roster.csv: people are known by ") },
        "\(export.notes)")
    }
  }

  func testWithoutATableADownloadsNumbersAreNobodys() throws {
    let handedIn = [(name: "Ann Lee (397063)", person: Person(name: "Ann Lee", ids: ["397063"]))]
    for format in [ExportFormat.brightspace, .moodleGradebook] {
      XCTAssertThrowsError(try export(format, of: handedIn, .brightspace)) {
        XCTAssertTrue("\($0)".contains("--roster"), "\($0)")
      }
    }
  }

  func testAnExportWithoutAnybodyFails() throws {
    for (format, template) in [
      (ExportFormat.canvas, "Student,ID,Section\n\"Nobody, Here\",1,S\n"),
      (.brightspace, "OrgDefinedId,Username\n#999999,nobody\n"),
      (.moodleGradebook, "ID number\n999999\n"), (.nbgrader, "id,name\n99,No Body\n"),
      (.moodleWorksheet, "Identifier,Grade,Last modified (grade)\nParticipant 99,,-\n"),
    ] {
      XCTAssertThrowsError(try export(format, template: template), "\(format)") {
        XCTAssertTrue("\($0)".contains("nobody in template.csv has a grade"), "\($0)")
      }
    }
  }

  func testCanvasRefusals() throws {
    for (template, column, sentence) in [
      (nil, "H", "--template"), ("Name,Points\nx,1", "H", "not a gradebook that Canvas exported"),
      (canvasTemplate, "Final Score", "keeps the name"),
      (canvasTemplate, "=1", "cannot be the name"),
    ] {
      XCTAssertThrowsError(try export(.canvas, template: template, column: column)) {
        XCTAssertTrue("\($0)".contains(sentence), "\($0)")
      }
    }
  }

  func testCanvasWithoutANumberMakesANewAssignment() throws {
    let text = try XCTUnwrap(
      export(.canvas, template: "Student,ID,Section\n\"Müller, Ann\",9001,S\n").files["canvas.csv"])
    XCTAssertEqual(
      text,
      "Student,ID,Section,Homework 4\r\n\"    Points Possible\",,,5\r\n\"Müller, Ann\",9001,S,4.5\r\n"
    )
  }

  private let worksheet = """
    Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Online text,Last modified (grade),Feedback comments
    Participant 11,Ann Müller,101,a@u.edu,Submitted,,5.00,Yes,"Friday, 1 May","<p>=1</p>","Monday, 4 May",
    Participant 12,Ben Bo,102,b@u.edu,Submitted,3.00,5.00,No,-,,-,old
    Participant 13,"=HYPERLINK(""u"",1)",104,d@u.edu,Submitted,,5.00,Yes,-,,-,
    Participant 14,Fay,-105,=f@u.edu,Submitted,,5.00,Yes,-,,-,
    """

  func testMoodlesWorksheetComesBackFilledIn() throws {
    let export = try export(.moodleWorksheet, template: worksheet)
    let text = try XCTUnwrap(export.files["moodle-worksheet.csv"])
    // the times as Moodle wrote them: "-" would begin a formula, and no time is older than any
    let taken = try Importer.moodleWorksheet(
      text, participants: [11, 12, 13, 14], modified: [11: "Monday, 4 May", 13: "'-"])
    XCTAssertEqual(taken.mapValues(\.grade), [11: 4.5, 13: 4.5])
    XCTAssertEqual(
      taken[11]?.feedback, "Code: 3 of 3 points, written answers: 1.5 of 2 points.")
    XCTAssertFalse(text.contains("<p>"))
    XCTAssertTrue(export.notes.contains { $0.contains("Ben Bo is left out: Moodle says") })
    XCTAssertTrue(export.notes.contains { $0.contains("Fay is left out: a spreadsheet would") })
  }

  func testMoodlesWorksheetRefusals() throws {
    let small = worksheet.replacing("5.00", with: "4,00".replacing(",", with: "."))
    for (template, sentence) in [
      (nil, "--template"), ("Name,Grade\nx,1", "lacks the column Identifier"),
      (small, "--scale-to 4"),
    ] as [(String?, String)] {
      XCTAssertThrowsError(try export(.moodleWorksheet, template: template)) {
        XCTAssertTrue("\($0)".contains(sentence), "\($0)")
      }
    }
    let scaled = try export(.moodleWorksheet, template: small, scaleTo: 4)
    let text = try XCTUnwrap(scaled.files["moodle-worksheet.csv"])
    let taken = try Importer.moodleWorksheet(
      text, participants: [11, 13], modified: [11: "Monday, 4 May", 13: "'-"])
    XCTAssertEqual(taken[11]?.grade, 3.6)
  }

  func testMoodlesGradebook() throws {
    let export = try export(.moodleGradebook)
    let text = try XCTUnwrap(export.files["moodle-gradebook.csv"])
    let grades = try Importer.moodleGradebook(
      text, key: "ID number", users: ["101", "102", "0103", "104"], column: "Homework 4", maximum: 5
    )
    XCTAssertEqual(grades, ["101": 4.5, "102": 2.25, "0103": 2.25, "104": 4.5])
    XCTAssertThrowsError(
      try Importer.moodleGradebook(
        text, key: "ID number", users: ["101", "102", "0103", "104"], column: "Homework 4",
        maximum: 4), "the reader refuses what Moodle does")
  }

  func testBrightspaceKeepsItsIds() throws {
    let export = try export(.brightspace)
    let text = try XCTUnwrap(export.files["brightspace.csv"])
    XCTAssertTrue(text.contains("#0103,cce,2.25,#\r\n"), text)
    let grades = try Importer.brightspace(
      text, users: ["101", "102", "0103", "104"], item: "Homework 4", maximum: 5)
    XCTAssertEqual(grades, ["101": 4.5, "102": 2.25, "0103": 2.25, "104": 4.5])
    XCTAssertTrue(export.notes.contains { $0.contains("Fay is left out") }, "\(export.notes)")

    let template = """
      OrgDefinedId,Username,Homework 4 Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator
      #101,#amuller,,#
      #0103,#cce,,#
      """
    let filled = try self.export(.brightspace, template: template, scaleTo: 10)
    let again = try XCTUnwrap(filled.files["brightspace.csv"])
    XCTAssertEqual(
      try Importer.brightspace(again, users: ["101", "0103"], item: "Homework 4", maximum: 10),
      ["101": 9, "0103": 4.5])
    XCTAssertThrowsError(
      try self.export(
        .brightspace, template: template.replacing("MaxPoints:10", with: "MaxPoints:4"))
    ) { XCTAssertTrue("\($0)".contains("--scale-to 4"), "\($0)") }
  }

  func testNBGradersTable() throws {
    let roster = """
      First Name,Last Name,Student ID,Email
      Ann,"Müller, Dr.",101,a@u.edu
      Ben,Bo,102,b@u.edu
      =1,Ghost,109,g@u.edu
      """
    let export = try export(.nbgrader, roster: roster)
    let rows = try Importer.nbgrader(try XCTUnwrap(export.files["nbgrader.csv"]))
    XCTAssertEqual(rows.map { $0["student_id"] }, ["101", "102", "109"])
    XCTAssertEqual(rows[0]["last_name"], "Müller  Dr.")
    XCTAssertEqual(rows[0]["timestamp"], "2023-11-14 22:13:20")
    XCTAssertEqual(rows[1]["raw_score"], "2.5")
    XCTAssertEqual(rows[1]["late_submission_penalty"], "0.25")
    XCTAssertEqual(rows[1]["score"], "2.25")
    // somebody who handed nothing in is in the table with nothing
    XCTAssertEqual(rows[2]["timestamp"], "")
    XCTAssertEqual(rows[2]["score"], "0.0")
    XCTAssertEqual(rows[2]["first_name"], "'=1")
    XCTAssertEqual(rows[2]["max_score"], "5.0")
  }

  func testGradescopesResults() throws {
    let export = try export(.gradescope)
    XCTAssertEqual(
      export.files.keys.sorted(),
      ["=dora", "ann", "fay", "team"].map { "gradescope/\($0)/results.json" })
    let team = try XCTUnwrap(export.files["gradescope/team/results.json"])
    let (score, tests) = try Importer.gradescope(team)
    XCTAssertEqual(score, 2.25)
    XCTAssertEqual(tests.map { $0["status"] as? String }, ["failed", "passed", nil])
    XCTAssertEqual(tests.map { $0["max_score"] as? Double }, [2, 1, 2])
    XCTAssertEqual(tests[2]["output"] as? String, "marked: Well; =1")
    XCTAssertThrowsError(
      try Importer.gradescope(team.replacing("\"failed\"", with: "\"crashed\"")),
      "the reader refuses what Gradescope does")
  }

  func testJUnitIsValidAndCounts() throws {
    let text = try XCTUnwrap(export(.junit).files["junit.xml"])
    let reader = JUnitReader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    XCTAssertTrue(parser.parse(), "\(String(describing: parser.parserError))")
    XCTAssertEqual(reader.names.sorted(), ["=dora", "ann", "eve", "fay", "team"])
    XCTAssertEqual(reader.counts, ["testcase": 10, "failure": 1, "error": 1])
    XCTAssertEqual(reader.totals, ["tests": 10, "failures": 1, "errors": 1, "skipped": 0])
    XCTAssertEqual(reader.sums, reader.totals)
    XCTAssertEqual(reader.message, "H: yours 1 <b>\u{fffd}\u{fffd}, expected 2")
  }

  func testNamesakesGetNoGradeOfAnother() throws {
    let export = try export(
      .canvas, template: "Student,ID,Section\nAnn Müller,1,S\n\"Muller, Ann\",2,S\nBen Bo,3,S\n")
    let rows = try Importer.table(try XCTUnwrap(export.files["canvas.csv"]))
    XCTAssertEqual(rows.dropFirst(2).map { $0[1] }, ["3"])
    XCTAssertEqual(export.notes.count { $0.contains("several people have this name") }, 2)
  }

  func testSaysThatGradesAreProvisional() throws {
    var record = try record()
    record.students[1].answers = [
      MarkedAnswer(question: "1a", maxPoints: 2, text: "Yes.", mark: nil)
    ]
    let export = try Exporter(record, options: ExportOptions(column: "H")).export(.junit)
    // Eve's is as well: it was not graded
    XCTAssertTrue(export.notes.contains { $0.hasPrefix("2 of 5 grades are provisional") })
  }
}

/// Takes a report apart as continuous integration does.
private final class JUnitReader: NSObject, XMLParserDelegate {
  var names: [String] = []
  var counts: [String: Int] = [:]
  var totals: [String: Int] = [:]
  var sums: [String: Int] = [:]
  var message = ""

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    let numbers = ["tests", "failures", "errors", "skipped"]
    switch element {
    case "testsuites":
      for name in numbers { totals[name] = attributes[name].flatMap { Int($0) } }
    case "testsuite":
      names.append(attributes["name"] ?? "")
      for name in numbers { sums[name, default: 0] += attributes[name].flatMap { Int($0) } ?? -99 }
    case "testcase", "failure", "error", "skipped":
      counts[element, default: 0] += 1
      if element == "failure" { message = attributes["message"] ?? "" }
    default: break
    }
  }
}

extension Person {
  /// Somebody with at most one number.
  init(name: String?, id: String?, username: String?, email: String?) {
    self.init(name: name, ids: id.map { [$0] } ?? [], email: email, login: username)
  }
}
