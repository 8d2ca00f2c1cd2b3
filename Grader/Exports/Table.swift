import CSV
import Foundation
import Intake

/// A table that a platform or an instructor made: a header and rows.
public struct Table: Sendable {
  /// What it is called in messages.
  let path: String
  /// The names of the columns.
  let header: [String]
  /// The rows below, each with the line it begins in.
  let rows: [CSV.Row]

  /// Reads a CSV file.
  ///
  /// - Throws: `FileError.cannotRead`, `ExportError` when it is empty.
  public init(_ data: Data, path: String) throws {
    let rows = try CSV.rows(data, path: path)
    guard let first = rows.first else { throw ExportError("\(path) is empty") }
    self.path = path
    header = first.cells.map { $0.trimmingCharacters(in: .whitespaces) }
    self.rows = Array(rows.dropFirst())
  }

  /// The place of the first column with one of these names, whatever their case.
  func column(_ names: [String]) -> Int? {
    for name in names {
      if let index = header.firstIndex(where: { $0.lowercased() == name.lowercased() }) {
        return index
      }
    }
    return nil
  }

  /// A cell of a row; nil where there is no such column, or it is empty.
  func cell(_ row: CSV.Row, _ column: Int?) -> String? {
    guard let column, row.cells.indices.contains(column) else { return nil }
    let text = row.cells[column].trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? nil : text
  }

  /// The person of a row, by the names that platforms give their columns.
  func person(_ row: CSV.Row) -> Person {
    let names = [
      cell(row, column(["first name", "firstname", "given name"])),
      cell(row, column(["last name", "lastname", "surname", "family name"])),
    ]
    let full = cell(row, column(["name", "full name", "student"]))
    let joined = names.compactMap { $0 }.joined(separator: " ")
    return Person(
      name: full ?? (joined.isEmpty ? nil : joined),
      id: cell(
        row,
        column([
          "sis user id", "orgdefinedid", "id number", "student id", "student number", "sid",
          "student_id", "id",
        ])),
      username: cell(row, column(["sis login id", "username", "user name", "login"])),
      email: cell(row, column(["email", "email address", "e-mail"])))
  }
}

extension Person {
  /// Somebody with at most one number.
  init(name: String?, id: String?, username: String?, email: String?) {
    self.init(name: name, ids: id.map { [$0] } ?? [], email: email, login: username)
  }

  /// The number that platforms are told.
  var id: String? { ids.first }
  /// The name to log in with.
  var username: String? { login }
}
