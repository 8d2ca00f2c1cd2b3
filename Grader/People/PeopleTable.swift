import CSV
import Foundation

/// A table of people that a platform, a university or an instructor made: a header and rows.
public struct PeopleTable: Sendable {
  /// What it is called in messages.
  public let path: String
  /// The names of the columns.
  public let header: [String]
  /// The rows below, each with the line it begins in.
  public let rows: [CSV.Row]
  /// What each column holds.
  public let columns: [PersonColumn]

  /// Reads a CSV file.
  ///
  /// - Throws: `TableError`.
  public init(_ data: Data, path: String) throws {
    guard let table = PeopleTable(try CSV.rows(data, path: path), path: path) else {
      throw TableError(path, "it is empty")
    }
    self = table
  }

  /// Takes rows, of which the first names the columns; nil where there is none.
  public init?(_ rows: [CSV.Row], path: String) {
    guard let first = rows.first else { return nil }
    self.init(
      path: path, header: first.cells.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) },
      rows: Array(rows.dropFirst()))
  }

  private init(path: String, header: [String], rows: [CSV.Row]) {
    self.path = path
    self.header = header
    self.rows = rows
    var columns = header.map(PersonColumn.init)
    // "Name, Vorname": beside a first name alone it is the family's
    if columns.contains(.firstName), !columns.contains(.lastName),
      let name = columns.firstIndex(of: .name),
      ["name", "naam"].contains(Person.folded(header[name]))
    {
      columns[name] = .lastName
    }
    self.columns = columns
  }

  /// The same table with some of its rows.
  public func keeping(_ rows: [CSV.Row]) -> PeopleTable {
    PeopleTable(path: path, header: header, rows: rows)
  }

  /// Whether any column says who somebody is.
  public var knowsPeople: Bool { columns.contains { $0 != .other } }

  /// The place of the first column with one of these names, whatever their case.
  public func column(_ names: [String]) -> Int? {
    for name in names {
      if let index = header.firstIndex(where: { $0.lowercased() == name.lowercased() }) {
        return index
      }
    }
    return nil
  }

  /// A cell of a row; nil where there is no such column, or it is empty.
  public func cell(_ row: CSV.Row, _ column: Int?) -> String? {
    guard let column, row.cells.indices.contains(column) else { return nil }
    let text = row.cells[column].trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? nil : text
  }

  /// The cells of a row that hold something of one kind.
  public func cells(_ row: CSV.Row, _ kind: PersonColumn) -> [String] {
    columns.indices.filter { columns[$0] == kind }.compactMap { cell(row, $0) }.map(Self.plain)
  }

  /// The person of a row; nil for the rows that platforms put between, and those that name nobody.
  public func person(_ row: CSV.Row) -> Person? {
    func first(_ kind: PersonColumn) -> String? { cells(row, kind).first }
    var person = Person()
    person.ids = cells(row, .number) + cells(row, .platformNumber)
    person.email = first(.email)
    person.login = first(.login)
    if let login = first(.gitHubLogin) {
      if person.login == nil { person.login = login } else { person.ids.append(login) }
    }
    let parts = [.firstName, .infix, .lastName].compactMap(first)
    let joined = parts.joined(separator: " ")
    person.name = first(.name) ?? (joined.isEmpty ? nil : joined)
    // a family name that is the whole one beside a first name
    if let whole = first(.lastName), let given = first(.firstName), first(.name) == nil,
      !columns.contains(.infix), whole != given, Person.folded(whole).contains(" "),
      Set(Person.nameWords(given)).isSubset(of: Person.nameWords(whole))
    {
      person.name = whole
    }
    // Canvas's second and third lines
    let isNobody = ["pointspossible", "manualposting", "studenttest", "teststudent"].contains(
      Person.folded(person.name ?? "").filter(\.isLetter))
    return isNobody || person == Person() ? nil : person
  }

  /// A cell as it was meant, where a spreadsheet was kept from taking it for a quantity: `="00123"`.
  private static func plain(_ cell: String) -> String {
    cell.wholeMatch(of: /="(.+)"/).map { String($0.1) } ?? cell
  }

  /// Which columns were taken for what, in a sentence's end: `Matrikelnummer (number)`.
  public var taken: String {
    zip(header, columns).compactMap { heading, column in
      column.words.map { "\(shown(heading)) (\($0))" }
    }.joined(separator: ", ")
  }

  /// What is odd about the numbers: a sentence each.
  public var problems: [String] {
    let numbers = columns.indices.filter { [.number, .platformNumber].contains(columns[$0]) }
    let shortened = rows.filter { row in
      numbers.contains { cell(row, $0)?.wholeMatch(of: /\d[.,]?\d*[Ee]\+?\d+/) != nil }
    }
    guard let first = shortened.first else { return [] }
    return [
      "\(path) has numbers that a spreadsheet shortened, as in 1.23E+08 (line \(first.line)"
        + (shortened.count > 1 ? " and \(shortened.count - 1) more" : "")
        + "): make the table again with that column as text"
    ]
  }
}
