import Assignment
import CSV
import Foundation
import Intake
import People
import Publication
import Reports

extension Exporter {
  /// The table that `nbgrader export` writes, for programs that read it.
  ///
  /// Source: nbgrader's `CsvExportPlugin`, which quotes nothing; so no cell has a comma, a quote or
  /// a line end.
  func nbgrader() throws -> Export {
    var export = Export()
    let table = options.roster ?? options.template
    var lines = [
      "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,"
        + "late_submission_penalty,score,max_score"
    ]
    // nothing is looked for on a platform by it: without a table it has all who handed in
    let entries =
      try table.map { try self.entries($0, leavesOut: false, &export.notes) }
      ?? everybody(&export.notes)
    if entries.contains(where: { $0.student.record.submitted == nil }) {
      export.notes.append(
        "the column timestamp is empty, which nbgrader has for missing submissions, where no time "
          + "of handing in is known")
    }
    func line(_ person: Person, _ row: CSV.Row?, _ student: StudentRecord?) {
      // nbgrader has no other name for a student than an id
      let identity =
        row.flatMap { row in table.map { Identity(row, in: $0) } } ?? Identity(listed: person)
      let known = [identity.number, identity.login, identity.email, person.name]
      let id = known.compactMap(\.self).first { !$0.isEmpty } ?? ""
      guard let id = identifier(id, of: person, &export.notes) else { return }
      let (first, last) = Self.names(person, table, row)
      let scale = student.map { $0.maxScore > 0 ? maximum / $0.maxScore : 0 } ?? 1
      let penalty = ((student?.penalty ?? 0) * scale * 100).rounded() / 100
      let score = student.map(self.score) ?? 0
      let raw = student.map {
        (($0.result.score + $0.answerPoints) * scale * 100).rounded() / 100
      }
      let cells = [
        record.manifest.unit, "", student?.record.submitted.map(Self.timestamp) ?? "", id, last,
        first, person.email ?? "", Self.number(raw ?? 0), Self.number(penalty),
        Self.number(score), Self.number(maximum),
      ]
      lines.append(cells.map(Self.unquoted).joined(separator: ","))
    }
    for entry in entries { line(entry.person, entry.row, entry.student) }
    if let table {
      let present = Set(entries.compactMap { $0.row?.line })
      for row in table.rows where !present.contains(row.line) {
        if let person = table.person(row) { line(person, row, nil) }
      }
    }
    export.files["nbgrader.csv"] = lines.map { $0 + "\n" }.joined()
    return export
  }

  /// Who handed in, with a grade.
  private func everybody(_ notes: inout [String]) -> [Entry] {
    record.students.flatMap { student in
      guard student.result.status != .judgeFailed else {
        notes += student.record.people.map { "\($0.label) is left out: the code was not graded" }
        return [Entry]()
      }
      return student.record.people.map {
        Entry(person: $0, student: student, row: nil, identity: Identity(listed: $0))
      }
    }
  }

  /// First and last name: the roster's, or what stands on either side of a comma or the last space.
  private static func names(
    _ person: Person, _ table: PeopleTable?, _ row: CSV.Row?
  ) -> (first: String, last: String) {
    if let table, let row, let last = table.cells(row, .lastName).first {
      let infix = table.cells(row, .infix).prefix(1)
      return (table.cells(row, .firstName).first ?? "", (infix + [last]).joined(separator: " "))
    }
    let name = person.name ?? ""
    if let comma = name.firstIndex(of: ",") {
      let first = name[comma...].dropFirst().trimmingCharacters(in: .whitespaces)
      return (first, String(name[..<comma]))
    }
    let words = name.split(separator: " ")
    return (words.dropLast().joined(separator: " "), words.last.map(String.init) ?? "")
  }

  /// As Python prints a number: 9.0.
  private static func number(_ value: Double) -> String {
    let text = CSV.points(value)
    return text.contains(".") ? text : text + ".0"
  }

  /// As Python prints a time.
  private static func timestamp(_ date: Date) -> String {
    var style = Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: .gmt)
    style = style.year().month().day().time(includingFractionalSeconds: false)
    return style.format(date)
  }

  /// A cell in a table that has no quotes.
  static func unquoted(_ cell: String) -> String {
    let scalars = text(cell).unicodeScalars.map { ",\";".unicodeScalars.contains($0) ? " " : $0 }
    return text(String(String.UnicodeScalarView(scalars)))
  }
}
