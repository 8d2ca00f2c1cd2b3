/// A table as text with commas, cells in quotes where they hold one (RFC 4180), and a first line of names.
struct QuotedTable {
  /// A row and the line that it begins in, from 1.
  struct Row {
    let line: Int
    let cells: [String]
  }

  let path: String
  private let names: [String]
  /// The rows below the first, each with as many cells as that has.
  let rows: [Row]

  /// - Throws: `RecordingError.damagedTable`.
  init(_ bytes: [UInt8], path: String) throws {
    self.path = path
    var all: [Row] = []
    var cells: [String] = []
    var cell: [UInt8] = []
    var (line, first, isQuoted, wasQuoted) = (1, 1, false, false)
    func endCell() {
      cells.append(String(decoding: cell, as: UTF8.self))
      cell = []
      wasQuoted = false
    }
    func endRow() {
      if !(cells.isEmpty && cell.isEmpty && !wasQuoted) {
        endCell()
        all.append(Row(line: first, cells: cells))
        cells = []
      }
      first = line
    }
    var place = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      if byte == 0x0A { line += 1 }
      switch byte {
      case 0x22 where isQuoted:
        if place < bytes.count, bytes[place] == 0x22 {
          cell.append(byte)
          place += 1
        } else {
          isQuoted = false
        }
      case 0x22 where cell.isEmpty && !wasQuoted:
        isQuoted = true
        wasQuoted = true
      case 0x2C where !isQuoted: endCell()
      case 0x0A where !isQuoted: endRow()
      case 0x0D where !isQuoted: break
      default: cell.append(byte)
      }
    }
    func damage(_ line: Int, _ problem: String) -> RecordingError {
      .damagedTable(path: path, line: line, problem: problem)
    }
    guard !isQuoted else { throw damage(first, "a quote is never closed") }
    endRow()
    guard let head = all.first else { throw damage(1, "it has no line of names") }
    names = head.cells.map { $0.trimmed }
    rows = Array(all.dropFirst())
    for row in rows where row.cells.count != names.count {
      throw damage(row.line, "it has \(row.cells.count) cells, the first line \(names.count)")
    }
  }

  /// The places of columns.
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
