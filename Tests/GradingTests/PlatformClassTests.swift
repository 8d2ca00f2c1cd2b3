import Assignment
import Foundation
import Intake
import People
import TestSupport
import XCTest

/// One class in each platform's form: graded alike, exported, and read back by the platform's own numbers.
final class PlatformClassTests: XCTestCase {
  /// The course of all forms: what is built for one is there for the others.
  private static let course = Result { () throws -> SmallCourse in
    let course = try SmallCourse(Scratch.ofProcess(), "platforms")
    try course.change([
      "title: A toy unit":
        "title: A toy unit\ndue: \(PlatformClass.due)\nlate: {perDay: 0.1, maximum: 0.5}"
    ])
    return course
  }

  /// What a platform tells of when somebody handed in.
  private enum Lateness {
    case time, mark, nothing
  }

  private let people = PlatformClass()

  private func forms() throws -> PlatformForms {
    PlatformForms(course: try Self.course.get(), scratch: try Scratch())
  }

  // MARK: What is expected

  /// The points of the code: of 5, as assignment.yml has them; the mistake costs the values of the means, a crash
  /// all of them, and a file that does not compile is one that was not handed in.
  private func code(_ work: PlatformClass.Work) -> Double {
    switch work {
    case .right: 5
    case .wrong: 3.5
    case .crashing, .uncompiled: 2
    case .stub, .answers: 0
    }
  }

  /// What somebody has in the end: a day late costs a tenth where the platform tells the time.
  private func points(_ student: PlatformClass.Student, _ lateness: Lateness) -> String {
    let share = student.isLate && lateness == .time ? 0.9 : 1
    return Self.text(code(student.work) * share)
  }

  private static func text(_ points: Double) -> String {
    points == points.rounded() ? "\(Int(points))" : "\(points)"
  }

  /// The points of everybody but those who are left out, by one of their numbers.
  private func points(
    _ lateness: Lateness, without leftOut: [PlatformClass.Student] = [],
    by number: (PlatformClass.Student) -> String
  ) -> [String: String] {
    let out = Set(leftOut.map(\.number))
    return people.students.filter { !out.contains($0.number) }
      .reduce(into: [:]) { $0[number($1)] = points($1, lateness) }
  }

  // MARK: Grading and reading back

  /// Grades a form and holds each person's submission, known by where it lies, against what they did.
  ///
  /// - Parameters:
  ///   - place: what the place of somebody's submission has in it, and nobody else's.
  ///   - known: how the roster calls somebody; nil where it cannot tell who it is.
  private func grade(
    _ forms: PlatformForms, _ delivery: String, roster: String?, _ lateness: Lateness,
    place: (PlatformClass.Student) -> String, known: (PlatformClass.Student) -> String?
  ) throws -> (report: IntakeReport, output: String) {
    let out = forms.scratch.path + "/out"
    let run = try forms.course.run(
      ["grade", delivery, "--out", out, "--seed", "15", "--without-accuracy"]
        + (roster.map { ["--roster", $0] } ?? []))
    // of each class somebody handed in no code
    XCTAssertEqual(run.status, 3, run.output)
    let report = try JSONDecoder().decode(
      IntakeReport.self, from: Data(contentsOf: URL(fileURLWithPath: out + "/intake.json")))
    let grades = try table(out + "/grades.csv")
    XCTAssertEqual(report.submissions.count, people.handingIn.count)
    for student in people.handingIn {
      let entries = report.submissions.filter { $0.source.contains(place(student)) }
      XCTAssertEqual(entries.count, 1, "\(student.name): \(entries.map(\.source))")
      guard let entry = entries.first else { continue }
      let members = student.partner == nil ? [student] : try people.group(student)
      XCTAssertEqual(
        Set(entry.people.compactMap { $0.student?.ids.first }), Set(members.compactMap(known)),
        entry.source)
      let row = grades.first { $0["submission"] == entry.name }
      XCTAssertEqual(row?["code"], Self.text(code(student.work)), "\(entry.source): \(row ?? [:])")
      XCTAssertEqual(row?["total"], points(student, lateness), "\(entry.source): \(row ?? [:])")
      let isLate = student.isLate && lateness != .nothing
      XCTAssertEqual(entry.late != nil, isLate, entry.source)
      XCTAssertEqual(entry.late?.seconds != nil, isLate && lateness == .time, entry.source)
    }
    XCTAssertEqual(report.withoutCode.count, 1)
    XCTAssertEqual(report.unreadable.count, 0)
    XCTAssertEqual(report.unrecognised, [])
    return (report, run.output)
  }

  /// The rows of a table by the names of its columns.
  private func table(_ path: String) throws -> [[String: String]] {
    let table = try PeopleTable(Data(contentsOf: URL(fileURLWithPath: path)), path: path)
    return table.rows.map { row in
      table.header.indices.reduce(into: [:]) {
        $0[table.header[$1]] = table.cell(row, $1) ?? ""
      }
    }
  }

  private func export(
    _ forms: PlatformForms, _ format: String, _ more: [String]
  ) throws -> (status: Int32, output: String) {
    try forms.course.run(["export", format, "--out", forms.scratch.path + "/out"] + more)
  }

  /// What an exported table says: a column of points by a column of numbers.
  private func readBack(
    _ forms: PlatformForms, _ file: String, _ column: String, by number: String
  ) throws -> [String: String] {
    let rows = try table(forms.scratch.path + "/out/exports/" + file)
    let pairs = rows.map { ($0[number] ?? "", $0[column] ?? "") }
    XCTAssertEqual(Set(pairs.map(\.0)).count, pairs.count, "somebody is there twice")
    return Dictionary(pairs) { first, _ in first }
  }

  // MARK: The platforms

  /// Its numbers are in no list, so namesakes cannot be told apart until an instructor says which is which.
  func testBrightspace() throws {
    let forms = try forms()
    let roster = try forms.brightspaceTable()
    let namesakes = Set(people.namesakes.map(\.number))
    let (report, output) = try grade(
      forms, forms.brightspace(), roster: roster, .time, place: { "\($0.brightspace)-" },
      known: { namesakes.contains($0.number) ? nil : "#\($0.number)" })
    XCTAssertEqual(
      Set(report.superseded.map(\.name)), ["Hạnh Nguyễn Thị (397018)", "Ivan Petrov (397019)"])
    XCTAssertEqual(
      report.problems.filter { $0.kind == .owner }.map(\.submissions),
      people.namesakes.map { ["Jan de Vries (\($0.brightspace))"] })
    XCTAssertTrue(
      output.contains("2 students on the roster are called Jan de Vries, and nothing else tells"),
      output)

    let first = try export(forms, "brightspace", ["--template", roster])
    XCTAssertEqual(first.status, 0, first.output)
    let column = "Toy Points Grade <Numeric MaxPoints:6>"
    XCTAssertEqual(
      try readBack(forms, "brightspace.csv", column, by: "OrgDefinedId"),
      points(.time, without: people.namesakes) { "#\($0.number)" })
    XCTAssertEqual(
      first.output.components(separatedBy: "Jan de Vries is left out: several ").count - 1, 2,
      first.output)

    for student in people.namesakes {
      let decided = try forms.course.run([
        "decide", "owner", "Jan de Vries (\(student.brightspace))", student.number, "--out",
        forms.scratch.path + "/out",
      ])
      XCTAssertEqual(decided.status, 0, decided.output)
    }
    let second = try export(forms, "brightspace", ["--template", roster])
    XCTAssertEqual(
      try readBack(forms, "brightspace.csv", column, by: "OrgDefinedId"),
      points(.time) { "#\($0.number)" }, second.output)
  }

  /// What came late is marked and no time is told, so nothing is taken off.
  func testCanvas() throws {
    let forms = try forms()
    let roster = try forms.canvasTable()
    let (report, _) = try grade(
      forms, forms.canvas(), roster: roster, .mark, place: { "_\($0.canvas)_" },
      known: { $0.number })
    XCTAssertEqual(report.problems.map(\.kind), [.noCode], "\(report.problems)")
    let run = try export(forms, "canvas", ["--template", roster])
    XCTAssertEqual(run.status, 0, run.output)
    var expected = points(.mark) { "\($0.canvas)" }
    // the row of what is possible
    expected[""] = "6"
    XCTAssertEqual(try readBack(forms, "canvas.csv", "Toy (1234)", by: "ID"), expected)
    XCTAssertEqual(
      try readBack(forms, "canvas.csv", "Toy (1234)", by: "SIS User ID").filter { $0.key != "" },
      points(.mark) { $0.number })
  }

  /// A text that was written online is a part of the submission beside its files; nothing tells a time.
  func testMoodle() throws {
    let forms = try forms()
    let worksheet = try forms.moodleWorksheet(isBlind: false)
    let (report, _) = try grade(
      forms, forms.moodle(isBlind: false), roster: worksheet, .nothing,
      place: { "_\($0.participant)_" }, known: { $0.number })
    XCTAssertEqual(report.superseded, [])
    // what was written online may be the answers of those who have no ANSWERS.md
    XCTAssertEqual(
      Set(report.problems.map(\.kind)), [.noCode, .answers, .time], "\(report.problems)")
    XCTAssertEqual(
      Set(report.problems.filter { $0.kind == .answers }.flatMap(\.submissions)).count,
      people.handingIn.count { PlatformForms.wroteOnline($0) && $0.partner == nil })
    let sheet = try export(forms, "moodle-worksheet", ["--template", worksheet])
    XCTAssertEqual(sheet.status, 0, sheet.output)
    XCTAssertEqual(
      try readBack(forms, "moodle-worksheet.csv", "Grade", by: "Identifier"),
      points(.nothing) { "Participant \($0.participant)" })
    let book = try export(
      forms, "moodle-gradebook", ["--template", try forms.moodleGradebook()])
    XCTAssertEqual(book.status, 0, book.output)
    XCTAssertEqual(
      try readBack(forms, "moodle-gradebook.csv", "Toy", by: "ID number"),
      points(.nothing) { $0.number })
  }

  /// Without a list at grading the worksheet finds people by Moodle's number, and the gradebook, which has none of
  /// them, by what is left, the name: whoever shares it is left out and named.
  func testMoodleWithoutARosterAtGrading() throws {
    let forms = try forms()
    let (report, _) = try grade(
      forms, forms.moodle(isBlind: false), roster: nil, .nothing,
      place: { "_\($0.participant)_" }, known: { _ in nil })
    XCTAssertEqual(
      report.problems.filter { $0.kind == .severalSubmissions }.map(\.submissions),
      [people.namesakes.map { "Jan de Vries (\($0.participant))" }])
    let sheet = try export(
      forms, "moodle-worksheet", ["--template", try forms.moodleWorksheet(isBlind: false)])
    XCTAssertEqual(sheet.status, 0, sheet.output)
    XCTAssertEqual(
      try readBack(forms, "moodle-worksheet.csv", "Grade", by: "Identifier"),
      points(.nothing) { "Participant \($0.participant)" })
    let book = try export(
      forms, "moodle-gradebook", ["--template", try forms.moodleGradebook()])
    XCTAssertEqual(book.status, 0, book.output)
    XCTAssertEqual(
      try readBack(forms, "moodle-gradebook.csv", "Toy", by: "ID number"),
      points(.nothing, without: people.namesakes) { $0.number })
    XCTAssertEqual(
      book.output.components(separatedBy: "Jan de Vries is left out: several ").count - 1, 2,
      book.output)
  }

  /// The participants' numbers are all that is known; who is in a group by ANSWERS.md alone is nobody on the list.
  func testMoodleWithBlindMarking() throws {
    let forms = try forms()
    let worksheet = try forms.moodleWorksheet(isBlind: true)
    let partners = try people.handingIn.compactMap(\.partner).map(people.student)
    let (report, _) = try grade(
      forms, forms.moodle(isBlind: true), roster: worksheet, .nothing,
      place: { "_\($0.participant)_" },
      known: { student in
        partners.contains { $0.number == student.number }
          ? nil : "Participant \(student.participant)"
      })
    XCTAssertEqual(report.superseded, [])
    let sheet = try export(forms, "moodle-worksheet", ["--template", worksheet])
    XCTAssertEqual(sheet.status, 0, sheet.output)
    XCTAssertEqual(
      try readBack(forms, "moodle-worksheet.csv", "Grade", by: "Identifier"),
      points(.nothing, without: partners) { "Participant \($0.participant)" })
    for student in partners + [people.absent] {
      XCTAssertTrue(
        sheet.output.contains(
          "Participant \(student.participant) has no submission and is left out"),
        sheet.output)
    }
    // ANSWERS.md alone has names, which is said, and the gradebook nothing else
    let claims = report.problems.filter { $0.kind == .claim }
    XCTAssertEqual(claims.count, partners.count, "\(report.problems)")
    let book = try export(
      forms, "moodle-gradebook", ["--template", try forms.moodleGradebook()])
    XCTAssertEqual(book.status, 0, book.output)
    let groups = try people.handingIn.flatMap(people.group)
    XCTAssertEqual(
      try readBack(forms, "moodle-gradebook.csv", "Toy", by: "ID number"),
      groups.reduce(into: [:]) { $0[$1.number] = points($1, .nothing) })
  }

  func testGradescope() throws {
    let forms = try forms()
    let roster = try forms.gradescopeTable()
    let (report, _) = try grade(
      forms, forms.gradescope(), roster: roster, .time, place: { "submission_\($0.gradescope)" },
      known: { $0.number })
    let run = try export(forms, "gradescope", [])
    XCTAssertEqual(run.status, 0, run.output)
    let folder = forms.scratch.path + "/out/exports/gradescope"
    var found: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let results = try JSONDecoder().decode(
        Results.self,
        from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)/results.json")))
      let entry = report.submissions.first { $0.name == results.extra_data["submission"] }
      let place = try XCTUnwrap(entry?.source.split(separator: "/").last.map(String.init), name)
      XCTAssertNil(found.updateValue(Self.text(results.score), forKey: place))
    }
    XCTAssertEqual(
      found,
      points(
        .time, without: try people.handingIn.compactMap(\.partner).map(people.student)
      ) { "submission_\($0.gradescope)" })
  }

  private struct Results: Decodable {
    let score: Double
    let extra_data: [String: String]
  }

  /// The login tells who it is; the time is that of the last commit.
  func testGitHubClassroom() throws {
    let forms = try forms()
    let roster = try forms.classroomRoster()
    let (report, _) = try grade(
      forms, forms.gitHubClassroom(), roster: roster, .time, place: { "toy-\($0.login)" },
      known: { $0.number })
    XCTAssertTrue(report.submissions.allSatisfy { $0.hasOwnClock == true })
    let run = try export(forms, "nbgrader", ["--roster", roster])
    XCTAssertEqual(run.status, 0, run.output)
    // who handed in nothing has 0 there
    var expected = points(.time) { $0.number }.mapValues { $0.contains(".") ? $0 : $0 + ".0" }
    expected[people.absent.number] = "0.0"
    XCTAssertEqual(try readBack(forms, "nbgrader.csv", "score", by: "student_id"), expected)
  }
}
