import CSV
import Foundation
import Intake
import People
import Reports

extension Exporter {
  /// The offline grading worksheet of a Moodle assignment, filled in.
  ///
  /// Source: `mod/assign/feedback/offline/importgradeslib.php` of Moodle.
  func moodleWorksheet() throws -> Export {
    guard let table = options.template else {
      throw ExportError(
        "Moodle numbers the participants itself: download the grading worksheet of the assignment "
          + "and name the file with --template")
    }
    let needed = ["Identifier", "Grade", "Last modified (grade)"]
    let missing = needed.filter { table.column([$0]) == nil }
    guard missing.isEmpty, let grade = table.column(["Grade"]) else {
      throw ExportError(
        "\(table.path) lacks the column \(missing.joined(separator: ", ")): download Moodle's "
          + "grading worksheet with the language set to English")
    }
    let (identifiers, maximumGrade) = (
      table.column(["Identifier"]), table.column(["Maximum Grade"])
    )
    let feedback = table.column(["Feedback comments"])
    // what students wrote online stays where it is
    let kept = table.header.indices.filter { table.header[$0] != "Online text" }
    var export = Export()
    var rows = [kept.map { Self.text(table.header[$0]) }]
    for entry in try entries(table, from: (.moodle, ["Identifier"]), &export.notes) {
      guard let row = entry.row else { continue }
      let name = table.cell(row, identifiers) ?? ""
      guard name.wholeMatch(of: /Participant \d+/) != nil else {
        export.notes.append(
          "line \(row.line) of \(table.path) is left out: “\(name)” is no identifier")
        continue
      }
      if table.cell(row, table.column(["Grade can be changed"])) == "No" {
        export.notes.append(
          "\(entry.person.label) is left out: Moodle says the grade cannot be changed")
        continue
      }
      if let possible = table.cell(row, maximumGrade).flatMap(Self.number), maximum > possible {
        throw ExportError(
          "full marks are \(CSV.points(maximum)) here and \(CSV.points(possible)) in Moodle: change "
            + "the maximum grade there, or use --scale-to \(CSV.points(possible))")
      }
      var cells = table.header.indices.map { row.cells.dropFirst($0).first ?? "" }
      cells[grade] = CSV.points(score(entry.student))
      if let feedback { cells[feedback] = summary(StudentView(entry.student)) }
      var isSafe = true
      for index in cells.indices where index != grade && index != feedback {
        let isID = index == table.column(["ID number"]) || index == table.column(["Email address"])
        if isID {
          guard identifier(cells[index], of: entry.person, &export.notes) != nil else {
            isSafe = false
            break
          }
        } else {
          cells[index] = Self.text(cells[index])
        }
      }
      if isSafe { rows.append(kept.map { cells[$0] }) }
    }
    guard rows.count > 1 else { throw Self.nobody(export.notes) }
    export.files["moodle-worksheet.csv"] = CSV.text(rows)
    return export
  }

  /// A table for Moodle's gradebook, where the teacher says which column is what.
  ///
  /// Source: `grade/import/csv/classes/load_data.php` of Moodle, which ends the whole import at a
  /// value above the maximum; so there is none.
  func moodleGradebook() throws -> Export {
    var export = Export()
    let column = try checkedColumn()
    var rows: [[String]] = []
    for entry in try entries(options.template ?? options.roster, &export.notes) {
      let person = entry.person
      let identity = entry.identity
      guard identity.number ?? identity.login ?? identity.email != nil else {
        export.notes.append(
          "\(person.label) is left out: Moodle needs an id number, a username or an address; name a "
            + "table of them with --roster")
        continue
      }
      var ids: [String] = []
      for id in [identity.number, identity.login, identity.email] {
        guard let id = identifier(id, of: person, &export.notes) else { break }
        ids.append(id)
      }
      if ids.count == 3 { rows.append(ids + [CSV.points(score(entry.student))]) }
    }
    guard !rows.isEmpty else {
      throw ExportError(
        "of nobody an id number, username or address is known: name Moodle's export of the "
          + "gradebook with --template, or a table of the people with --roster")
    }
    // a column without a value for anybody would only be in the way
    let used = (0..<4).filter { column in rows.contains { !$0[column].isEmpty } }
    let header = ["ID number", "Username", "Email address", column]
    export.files["moodle-gradebook.csv"] = CSV.text(
      ([header] + rows).map { row in
        used.map { row[$0] }
      })
    export.notes.append("full marks are \(CSV.points(maximum)): the grade item must allow as many")
    return export
  }

  /// What the student reads beside the grade; nothing in it is the student's own text.
  private func summary(_ student: StudentView) -> String {
    var parts = [
      "Code: \(CSV.points(student.codeScore)) of \(CSV.points(student.codeMaxScore)) points"
    ]
    if !student.answers.isEmpty {
      let possible = student.answers.reduce(0) { $0 + $1.maxPoints }
      parts.append(
        "written answers: \(CSV.points(student.answerPoints)) of \(CSV.points(possible)) points")
    }
    if student.penalty > 0 {
      parts.append("handed in late: \(CSV.points(student.penalty)) points off")
    }
    let provisional = student.provisional.map { " " + $0 } ?? ""
    return parts.joined(separator: ", ") + "." + provisional
  }

  /// A number as Moodle writes it, with a point or a comma.
  private static func number(_ text: String) -> Double? { Double(text.replacing(",", with: ".")) }
}
