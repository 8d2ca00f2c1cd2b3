import Assignment
import CSV
import Foundation
import Intake
import People
import Reports

extension ReaderProbe {
  /// Cells come back when they are written.
  func readCSV(_ bytes: [UInt8]) throws {
    let rows = try CSV.rows(Data(bytes), path: "a table").map(\.cells)
    // a byte can be three in UTF-8
    try BrokenProperty.unless(
      rows.joined().reduce(0) { $0 + $1.utf8.count } <= 3 * bytes.count, "more text than bytes")
    let again = try BrokenProperty.unlessWorks {
      try CSV.rows(CSV.text(rows), path: "a copy").map(\.cells)
    }
    try BrokenProperty.unless(again == rows, "other cells are read than were written")
  }

  /// Assignments are used or refused.
  func readAssignment(_ bytes: [UInt8]) throws {
    _ = try AssignmentManifest.read(Data(bytes), path: "assignment.yml")
  }

  private static let template = """
    # Answers
    <!-- members -->
    <!-- end members -->
    ## Question 1
    <!-- answer Q1 -->
    <!-- end Q1 -->
    ## Question 2
    <!-- answer Q2 -->
    <!-- end Q2 -->
    """

  /// Answers are no longer than the sheet, and what is wrong with it is said in words.
  func readAnswers(_ bytes: [UInt8]) throws {
    let sheet = AnswerSheet(Data(bytes), template: Self.template, questions: ["Q1", "Q2"])
    let texts = sheet.answers.values + sheet.leftovers.map(\.text) + [sheet.members]
    try BrokenProperty.unless(
      texts.reduce(0) { $0 + $1.utf8.count } <= 3 * bytes.count + 8, "more text than bytes")
    for sentence in sheet.problems + sheet.remarks {
      try BrokenProperty.unlessSentence(sentence, ofBytes: bytes.count)
    }
    try BrokenProperty.unless(
      GroupMembers.read(String(decoding: bytes, as: UTF8.self)).count <= 12, "too many members")
  }

  /// There are no more people than lines, and what is odd is said in words.
  func readRoster(_ bytes: [UInt8]) throws {
    let roster = try Roster(String(decoding: bytes, as: UTF8.self))
    try BrokenProperty.unless(roster.students.count <= bytes.count, "more people than bytes")
    for sentence in roster.problems {
      try BrokenProperty.unlessSentence(sentence, ofBytes: bytes.count)
    }
  }

  /// A person's names are no longer than the name that they were read from.
  func readPlatformName(_ bytes: [UInt8]) throws {
    let name = String(decoding: bytes, as: UTF8.self)
    guard let zone = TimeZone(identifier: "Europe/Amsterdam") else { return }
    for isFolder in [false, true] {
      guard let found = PlatformName.read(name, isFolder: isFolder, in: zone) else { continue }
      try BrokenProperty.unless(
        (found.person.name ?? "").utf8.count <= 3 * name.utf8.count, "a name grew")
    }
    _ = Person(folder: name)
    _ = Person(called: name)
  }

  /// The file lists people or is refused.
  func readGradescope(_ bytes: [UInt8]) throws {
    let export = try GradescopeExport(String(decoding: bytes, as: UTF8.self))
    try BrokenProperty.unless(export.entries.count <= bytes.count, "more entries than bytes")
  }
}
