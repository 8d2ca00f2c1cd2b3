import Signals

/// Kaggle's "ECG Heartbeat Categorization Dataset": two tables without a header line, a beat a row, 187 values
/// and the class, all in `%.18e`.
package enum KaggleTable {
  package static let trainFile = "mitbih_train.csv"
  package static let testFile = "mitbih_test.csv"

  /// Reads both tables. Throws `RecordingError` or `ArchiveError`.
  static func read(_ files: PublishedFiles, progress: RecordingProgress) throws -> HeartbeatSet {
    var rows: [String: KaggleRows] = [:]
    try files.forEach { name, read in
      let file = PublishedFiles.file(name)
      guard [trainFile, testFile].contains(file) else { return true }
      guard rows[file] == nil else {
        throw RecordingError.duplicatedMember(path: files.path, record: file)
      }
      rows[file] = try KaggleRows(read(), path: files.place(name))
      progress(rows.count, 2)
      return true
    }
    var records: [HeartbeatSet.Record] = []
    var values: [Float] = []
    var classes: [UInt8] = []
    for file in [trainFile, testFile] {
      guard let own = rows.removeValue(forKey: file) else {
        throw RecordingError.unusableSet(
          problem: "\(files.path) has one of Kaggle's two tables, and \(file) is missing")
      }
      records.append(
        .init(
          name: file, lead: "", annotationCount: 0, beatCount: own.classes.count,
          rows: classes.count..<(classes.count + own.classes.count)))
      values += own.values
      classes += own.classes
    }
    let tests = records[1].rows
    return HeartbeatSet(
      .tables, records: records, values: values, classes: classes, samples: [],
      isOfTestFile: classes.indices.map(tests.contains), source: files.path)
  }
}

extension KaggleRows {
  /// Reads a table; `path` names it in errors.
  ///
  /// - Throws: `RecordingError.damagedTable`.
  package init(_ bytes: [UInt8], path: String) throws {
    do {
      try self.init(bytes)
    } catch {
      throw RecordingError.damagedTable(path: path, line: error.line, problem: error.problem)
    }
  }
}
