import CSV
import Foundation

/// A published table whose first line has the names of its columns.
struct NamedTable {
  let path: String
  private let names: [String]
  /// The rows below the first, each with as many cells as that has.
  let rows: [CSV.Row]

  /// - Throws: `RecordingError.unreadable` where it is no table, `.damagedTable` where a row has other columns.
  init(_ bytes: [UInt8], path: String) throws {
    self.path = path
    let all: [CSV.Row]
    do {
      all = try CSV.rows(Data(bytes), path: path)
    } catch let error as TableError {
      throw RecordingError.unreadable(path: path, detail: error.reason)
    }
    names = all.first?.cells.map { $0.trimmed } ?? []
    rows = Array(all.dropFirst())
    guard !names.isEmpty else { throw damage(1, "it has no line of names") }
    for row in rows where row.cells.count != names.count {
      throw damage(row.line, "it has \(row.cells.count) cells, the first line \(names.count)")
    }
  }

  /// The places of columns.
  ///
  /// - Throws: `RecordingError.damagedTable` where there is none of a name.
  func columns(_ wanted: [String]) throws -> [Int] {
    try wanted.map { name in
      guard let place = names.firstIndex(of: name) else {
        throw damage(1, "it has no column \(name)")
      }
      return place
    }
  }

  /// What is wrong with a line.
  func damage(_ line: Int, _ problem: String) -> RecordingError {
    .damagedTable(path: path, line: line, problem: problem)
  }
}
