import CSV

/// What PTB-XL's records show and which official part they belong to, by tables beside them: `labels.csv` of the course's
/// part, which has SNOMED CT codes, or PTB-XL's own `ptbxl_database.csv` with its statements, for which
/// `scp-to-snomed.csv` has the codes.
package struct RecordTables: Equatable {
  /// What a table says of a record.
  package struct Row: Equatable {
    package let codes: [String]
    package let fold: Int?
  }

  package static let (labels, database, codes) = (
    "labels.csv", "ptbxl_database.csv", "scp-to-snomed.csv"
  )
  static let files: Set<String> = [labels, database, codes]

  /// By the name of the record's header.
  package private(set) var rows: [String: Row] = [:]
  /// The names that one record can have, at 100 and at 500 Hz, in the order of the table.
  private(set) var listed: [(coarse: String, fine: String)] = []

  package static func == (left: RecordTables, right: RecordTables) -> Bool {
    left.rows == right.rows
  }

  /// The codes of the electrical axis, which PTB-XL has in a column of its own: left, right, and not to be told.
  private static let axes = [
    "LAD": "39732003", "ALAD": "39732003", "RAD": "47665007", "ARAD": "47665007",
    "AXL": "251200008", "AXR": "251200008",
  ]

  /// Reads what is there of the three tables; nil where it does not suffice.
  ///
  /// - Parameter place: a file's place in sentences.
  /// - Throws: `RecordingError.unreadable` and `.damagedTable`.
  package init?(_ files: [String: [UInt8]], place: (String) -> String) throws {
    if let bytes = files[Self.labels] {
      let table = try NamedTable(bytes, path: place(Self.labels))
      let columns = try table.columns(["filename_lr", "strat_fold", "snomed"])
      for row in table.rows {
        try add(
          row, table, name: row.cells[columns[0]], fold: row.cells[columns[1]],
          codes: row.cells[columns[2]].split(separator: ";").map(String.init))
      }
    } else if let bytes = files[Self.database], let mapping = files[Self.codes] {
      let codes = try Self.mapping(NamedTable(mapping, path: place(Self.codes)))
      let table = try NamedTable(bytes, path: place(Self.database))
      let columns = try table.columns(["filename_lr", "strat_fold", "scp_codes", "heart_axis"])
      for row in table.rows {
        let statements = Self.keys(row.cells[columns[2]])
        let axis = Self.axes[row.cells[columns[3]].trimmed].map { [$0] } ?? []
        try add(
          row, table, name: row.cells[columns[0]], fold: row.cells[columns[1]],
          codes: statements.flatMap { codes[$0] ?? [] } + axis)
      }
    } else {
      return nil
    }
  }

  private mutating func add(
    _ row: CSV.Row, _ table: NamedTable, name: String, fold: String, codes: [String]
  ) throws {
    let coarse = PublishedFiles.file(name)
    guard coarse.hasSuffix("_lr"), coarse.count > 3 else {
      throw table.damage(row.line, "\(name.debugDescription) is no record at 100 Hz")
    }
    // PTB-XL's own table writes 3 and 3.0
    guard let number = Double(fold), (1...10).contains(number), number == number.rounded() else {
      throw table.damage(row.line, "\(fold.debugDescription) is no official part from 1 to 10")
    }
    let fine = String(coarse.dropLast(3)) + "_hr"
    let own = Row(codes: DiagnosisCodes.merged(codes), fold: Int(number))
    guard rows.updateValue(own, forKey: coarse) == nil else {
      throw table.damage(row.line, "\(coarse) has a line already")
    }
    rows[fine] = own
    listed.append((coarse, fine))
  }

  private static func mapping(_ table: NamedTable) throws -> [String: [String]] {
    let columns = try table.columns(["scp_code", "snomed"])
    return Dictionary(
      table.rows.map { row in
        (
          row.cells[columns[0]].trimmed,
          row.cells[columns[1]].split(separator: ";").map { $0.trimmed }
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The keys of `{'NORM': 100.0, 'SR': 0.0}`.
  static func keys(_ text: String) -> [String] {
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return stride(from: 1, to: parts.count - 1, by: 2).map { String(parts[$0]) }
  }
}
