import Assignment
import CSV
import Foundation
import Gradebook
import Intake
import Publication
import XCTest

@testable import Reports

final class MarkingTests: XCTestCase {
  private let answers = [
    "ann": ["1a": "=HYPERLINK(\"x\")\n- second, line", "1b": "Short."], "ben": ["1a": "Because."],
    "cem": ["1a": "Since.", "1b": "Yes."],
  ]

  private func record(marks: MarkBook? = nil, answers: [String: [String: String]]? = nil) throws
    -> ClassRecord
  {
    try Sample.record(
      ["ann", "ben", "cem", "dan"].map { Sample.result($0) }, answers: answers ?? self.answers,
      marks: marks)
  }

  /// The table's rows, with points by anonymous name filled in.
  private func table(
    _ record: ClassRecord, points: String = "1", seed: UInt64 = 5
  ) throws -> [[String]] {
    let text = try MarkingTable(record, seed: seed).csv()
    var rows = try CSV.rows(Data(text.utf8), path: "t").map(\.cells)
    for index in rows.indices.dropFirst() { rows[index][3] = points }
    return rows
  }

  private func take(
    _ rows: [[String]], _ record: ClassRecord, halfPoints: Bool = true, replacing: Bool = false
  ) throws -> MarkingTable.Import {
    try MarkingTable(record, seed: 5).read(
      Data(CSV.text(rows).utf8), path: "m.csv", halfPoints: halfPoints, replacing: replacing)
  }

  func testAnswersInAnotherFormStayProvisionalUntilTheyAreMarked() throws {
    func record(_ marks: MarkBook?) throws -> ClassRecord {
      let one = Sample.result("eve")
      let base = try Sample.record([one], marks: marks)
      var known = base.students[0].record
      known.elsewhere = ["ANSWERS.docx"]
      return ClassRecord(
        manifest: base.manifest, summary: base.summary,
        students: [
          StudentRecord(
            result: one, record: known, questions: base.manifest.questions ?? [], template: "",
            marks: marks)
        ])
    }
    let unread = try record(nil)
    XCTAssertEqual(unread.students[0].answers.map(\.state), [.unmarked, .unmarked])
    XCTAssertNotNil(unread.students[0].provisional)
    XCTAssertNil(try Sample.record([Sample.result("eve")]).students[0].provisional)
    let rows = try table(unread, points: "0")
    // whoever marks does not see whose it is; whoever exports does
    let cell = try XCTUnwrap(rows.last?[2])
    XCTAssertTrue(cell.contains("another file may hold the answer"), cell)
    XCTAssertFalse(rows.joined().contains { $0.contains("eve") || $0.contains("docx") }, "\(rows)")
    XCTAssertEqual(
      MarkingTable(unread, seed: 5).elsewhere,
      rows.dropFirst().map { "\($0[1]): see ANSWERS.docx of eve" })
    let marks = try take(rows, unread).marks
    let marked = try record(MarkBook(seed: 5, marks: marks))
    XCTAssertNil(marked.students[0].provisional)
    // the class page asks for the file as long as it matters
    let question = Problem(.answers, ["eve"], "provisional until they are marked")
    let other = Problem(.owner, ["eve"], "whose is it")
    for (record, kinds) in [(unread, [Problem.Kind.owner, .answers]), (marked, [.owner])] {
      XCTAssertEqual(record.open([question, other]).map(\.kind), kinds)
    }
  }

  private func assertRefused(
    _ rows: [[String]], _ sentence: String, halfPoints: Bool = true, line: UInt = #line
  ) throws {
    let record = try record()
    XCTAssertThrowsError(try take(rows, record, halfPoints: halfPoints), line: line) {
      let problems = ($0 as? MarkingError)?.problems ?? ["\($0)"]
      XCTAssertEqual(problems.count, 1, "\(problems)", line: line)
      XCTAssertTrue(problems[0].contains(sentence), problems[0], line: line)
      XCTAssertTrue(problems[0].contains("m.csv"), problems[0], line: line)
    }
  }

  func testTableIsAnonymousAndItsOrderStays() throws {
    let rows = try table(try record())
    XCTAssertEqual(rows[0], ["question", "answer id", "answer text", "points", "comment"])
    XCTAssertEqual(rows.dropFirst().map { $0[0] }, ["1a", "1a", "1a", "1b", "1b"])
    XCTAssertEqual(Set(rows.map { $0[1] }).count, 6)
    let text = CSV.text(rows)
    for name in ["ann", "ben", "cem"] { XCTAssertFalse(text.contains(name)) }
    XCTAssertEqual(try table(try record()), rows)
    // one more in the class moves nobody else
    let more = try Sample.record(
      ["ann", "ben", "cem", "eve"].map { Sample.result($0) },
      answers: answers.merging(["eve": ["1a": "New."]]) { $1 })
    XCTAssertEqual(try table(more).filter { $0[2] != "New." }, rows)
    XCTAssertNotEqual(try table(try record(), seed: 6).map { $0[1] }, rows.map { $0[1] })
  }

  func testOrderDiffersBetweenQuestions() throws {
    let names = (0..<40).map { "s\($0)" }
    let record = try Sample.record(
      names.map { Sample.result($0) },
      answers: Dictionary(uniqueKeysWithValues: names.map { ($0, ["1a": $0, "1b": $0]) }))
    let rows = try table(record).dropFirst()
    let first = rows.filter { $0[0] == "1a" }.map { $0[2] }
    let second = rows.filter { $0[0] == "1b" }.map { $0[2] }
    XCTAssertEqual(first.count, 40)
    XCTAssertEqual(Set(first), Set(second))
    XCTAssertNotEqual(first, second)
    XCTAssertNotEqual(first, names)
  }

  func testNoAnswerIsAFormula() throws {
    let row = try XCTUnwrap(try table(try record()).first { $0[2].contains("HYPERLINK") })
    XCTAssertEqual(row[2], "'=HYPERLINK(\"x\")\n'- second, line")
  }

  func testImportTakesMarks() throws {
    var rows = try table(try record(), points: "0,5")
    rows[1][4] = "Well\nput."
    rows[2][3] = ""
    let taken = try take(rows, try record())
    XCTAssertEqual(taken.marks.count, 4)
    XCTAssertEqual(taken.unmarked, 1)
    XCTAssertEqual(taken.marks[0].points, 0.5)
    XCTAssertEqual(taken.marks[0].comment, "Well\nput.")
    let answer = try XCTUnwrap(answers[taken.marks[0].submission]?["1a"])
    XCTAssertEqual(taken.marks[0].answer, answer)
    // rows in another order, columns too, line ends as spreadsheets leave them
    let turned = (rows.prefix(1) + rows.dropFirst().reversed()).map { Array($0.reversed()) }
    let text = CSV.text(turned).replacing("\n'- second", with: "\r\n- second")
    let again = try MarkingTable(try record(), seed: 5).read(
      Data(text.utf8), path: "m", halfPoints: true, replacing: false)
    XCTAssertEqual(again.marks.count, 4)
  }

  func testImportRefusesWhatIsWrong() throws {
    let good = try table(try record())
    func changed(_ row: Int, _ column: Int, _ text: String) -> [[String]] {
      var rows = good
      rows[row][column] = text
      return rows
    }
    // one answer has two lines, so lines and rows differ after it
    try assertRefused(changed(1, 1, "Azzzz"), "line 2: there is no answer Azzzz")
    try assertRefused(changed(1, 3, "2.5"), "more than the 2 of question 1a")
    try assertRefused(changed(1, 3, "-1"), "fewer than none")
    try assertRefused(changed(1, 3, "0.3"), "neither whole nor half")
    try assertRefused(changed(1, 3, "0.5"), "not whole", halfPoints: false)
    try assertRefused(changed(1, 3, "nan"), "no number of points")
    try assertRefused(changed(1, 3, "A"), "no number of points")
    try assertRefused(changed(1, 2, "Other text"), "is not the student's answer")
    try assertRefused(changed(1, 0, "1b"), "is an answer to 1a, not to 1b")
    try assertRefused(good + [good[1]], "in line 2 already")
    var comment = changed(1, 3, "")
    comment[1][4] = "Hm."
    try assertRefused(comment, "a comment and no points")
    try assertRefused(good.map { Array($0.dropLast()) }, "lacks the column comment")
  }

  func testImportNamesEveryWrongRowAndTakesNone() throws {
    var rows = try table(try record())
    rows[1][3] = "9"
    rows[4][3] = "x"
    XCTAssertThrowsError(try take(rows, try record())) {
      XCTAssertEqual(($0 as? MarkingError)?.problems.count, 2)
      XCTAssertTrue("\($0)".contains("nothing was imported"))
    }
  }

  func testAMarkIsReplacedOnlyWhenAsked() throws {
    var book = MarkBook(seed: 5)
    book.marks = try take(try table(try record()), try record()).marks
    let marked = try record(marks: book)
    // what is exported again comes back without a change
    let exported = try MarkingTable(marked, seed: 5).csv()
    let same = try MarkingTable(marked, seed: 5).read(
      Data(exported.utf8), path: "m", halfPoints: true, replacing: false)
    XCTAssertEqual(same.marks, [])
    XCTAssertEqual(same.unchanged, 5)
    let others = try table(marked, points: "0")
    XCTAssertThrowsError(try take(others, marked)) {
      XCTAssertTrue("\($0)".contains("--replace"), "\($0)")
    }
    XCTAssertEqual(try take(others, marked, replacing: true).marks.count, 5)
  }

  func testAChangedAnswerIsMarkedAgainAndKeepsItsMark() throws {
    var book = MarkBook(seed: 5)
    book.marks = try take(try table(try record()), try record()).marks
    var changed = answers
    changed["ben"] = ["1a": "On second thoughts."]
    let record = try record(marks: book, answers: changed)
    let ben = record.students[1]
    XCTAssertEqual(ben.answers.map(\.state), [.changed, .empty])
    XCTAssertEqual(ben.answers[0].points, 1)
    XCTAssertEqual(
      ben.provisional, "The grade is provisional: 1 answer has changed since it was marked.")
    XCTAssertNil(record.students[0].provisional)
    let rows = try CSV.rows(Data(try MarkingTable(record, seed: 5).csv().utf8), path: "t")
    XCTAssertEqual(rows.first { $0.cells[2] == "On second thoughts." }?.cells[3], "")
    XCTAssertEqual(rows.count { $0.cells[3] == "1" }, 4)
    // a new mark for the new text needs no permission, and the old one is still in the book
    var filled = rows.map(\.cells)
    for index in filled.indices.dropFirst() where filled[index][3].isEmpty {
      filled[index][3] = "2"
    }
    let taken = try take(filled, record)
    XCTAssertEqual(taken.marks.map(\.points), [2])
    book.marks += taken.marks
    XCTAssertEqual(book.mark("ben", "1a")?.points, 2)
    XCTAssertEqual(book.marks.count { $0.submission == "ben" }, 2)
  }

  func testUnmarkedAnswersKeepTheGradeProvisional() throws {
    let record = try record()
    XCTAssertEqual(
      record.students.map(\.provisional),
      [
        "The grade is provisional: 2 answers are not marked yet.",
        "The grade is provisional: 1 answer is not marked yet.",
        "The grade is provisional: 2 answers are not marked yet.", nil,
      ])
    XCTAssertEqual(record.students[0].maxScore, 6)
    XCTAssertEqual(record.students[0].score, 3)
  }

  func testMarksAreKeptInTheGradebook() throws {
    let folder = NSTemporaryDirectory() + "/marks-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = MarkStore(folder: folder)
    XCTAssertNil(try store.load(), "no folder")
    XCTAssertThrowsError(try store.save(MarkBook(seed: 1)), "no gradebook")
    _ = try Gradebook(folder: folder)
    XCTAssertNil(try store.load(), "no marks")
    let first = Mark(submission: "a", question: "1a", points: 1.5, comment: "ü", answer: "x\n")
    var book = MarkBook(seed: 1 << 60, marks: [first])
    try store.save(book)
    XCTAssertEqual(try store.load(), book)
    book.marks.append(first)
    try store.save(book)
    XCTAssertEqual(try store.load(), book)
  }

  func testALongAnswerFitsIntoACell() throws {
    let long = String(repeating: "word ", count: 10_000)
    let record = try record(answers: ["ann": ["1a": long]])
    let rows = try table(record)
    XCTAssertLessThan(rows[1][2].utf16.count, 32_767)
    XCTAssertTrue(rows[1][2].hasSuffix("the whole text is in ANSWERS.md]"))
    let marks = try take(rows, record).marks
    XCTAssertEqual(marks.first?.answer, long.trimmingCharacters(in: .whitespaces))
  }
}
