import CSV
import Foundation
import Intake
import People

extension Exporter {
  /// Names that Canvas keeps for columns of its own.
  private static let reserved: Set<String> = [
    "student", "lastname", "firstname", "id", "sis user id", "sis login id", "section",
    "integration id", "root account", "current score", "current points", "current grade",
    "final score", "final points", "final grade", "override grade", "override score",
    "override status", "unposted current score", "unposted final score", "unposted current grade",
    "unposted final grade",
  ]

  /// The gradebook that Canvas imports: the students' columns of its own export, and one column of
  /// points. People without a grade are left out, so that nothing of theirs changes.
  ///
  /// Source: `gradebook_importer.rb` of canvas-lms.
  func canvas() throws -> Export {
    var export = Export()
    let column = try checkedColumn()
    guard !Self.reserved.contains(column.lowercased()) else {
      throw ExportError("Canvas keeps the name “\(column)” for a column of its own; use --column")
    }
    guard let table = options.template ?? options.roster else {
      throw ExportError(
        "Canvas finds people by its own ids: export the gradebook there and name the file with "
          + "--template")
    }
    let isTemplate = options.template != nil
    let section = table.column(["section"])
    if isTemplate {
      let first = table.header.first ?? ""
      guard first.contains("Student") || first.contains("LastName"), let section,
        let id = table.column(["id"]), id < section
      else {
        throw ExportError(
          "\(table.path) is not a gradebook that Canvas exported: it must begin with the columns "
            + "Student, ID and have a column Section")
      }
    }
    // an assignment is told by its number, as in `Homework 4 (1234)`
    let title =
      (isTemplate
        ? table.header.dropFirst((section ?? 0) + 1).first {
          $0 == column || ($0.hasPrefix(column + " (") && $0.hasSuffix(")"))
        } : nil) ?? column
    let own =
      isTemplate
      ? Array(table.header.prefix((section ?? 0) + 1))
      : ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    var rows = [own + [title]]
    rows.append(
      ["    Points Possible"] + Array(repeating: "", count: own.count - 1)
        + [CSV.points(maximum)])
    let people = table.rows.filter { row in
      !row.cells.contains { $0.contains("Points Possible") }
        && !row.cells.allSatisfy { ["", "Manual Posting", "Muted"].contains($0) }
    }
    for entry in try entries(
      table.keeping(people), from: isTemplate ? (.canvas, ["ID"]) : nil, &export.notes)
    {
      let person = entry.person
      let cells =
        isTemplate
        ? (0..<own.count).map { entry.row?.cells.dropFirst($0).first ?? "" }
        : [
          person.name ?? "", "", entry.identity.number ?? "", entry.identity.login ?? "", "",
        ]
      var safe: [String] = []
      for (name, cell) in zip(own, cells) {
        if name.lowercased().hasSuffix("id") {
          guard let id = identifier(cell, of: person, &export.notes) else { break }
          safe.append(id)
        } else {
          safe.append(Self.text(cell))
        }
      }
      guard safe.count == own.count else { continue }
      rows.append(safe + [CSV.points(score(entry.student))])
    }
    guard rows.count > 2 else { throw Self.nobody(export.notes) }
    if !isTemplate {
      export.notes.append(
        "without --template Canvas can only match by SIS ids, login names and names")
    }
    export.files["canvas.csv"] = CSV.text(rows)
    return export
  }
}
