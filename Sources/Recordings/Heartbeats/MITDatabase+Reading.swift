import Signals

extension MITDatabase {
  /// Puts records together from their files, in whatever order these come, and keeps their rows only.
  struct Reading {
    private let found: Found
    private let files: PublishedFiles
    private let strict: Bool
    /// The records that a signal file belongs to.
    private var owners: [String: String] = [:]
    /// Files of records that are not complete.
    private var waiting: [String: [String: [UInt8]]] = [:]
    private var rows: [String: HeartbeatRows] = [:]
    private var skipped: [String: String] = [:]

    init(_ found: Found, _ files: PublishedFiles, strict: Bool) {
      self.found = found
      self.files = files
      self.strict = strict
      for record in found.expected {
        owners[record + ".atr"] = record
        for signal in found.headers[record]?.signals ?? [] { owners[signal.file] = record }
      }
    }

    /// Records that are done.
    var done: Int { rows.count + skipped.count }

    /// The record and the name of a file that is needed; nil for others.
    func wanted(_ name: String) -> (record: String, file: String)? {
      guard PublishedFiles.folder(of: name) == found.home else { return nil }
      let file = PublishedFiles.file(name)
      guard let record = owners[file], skipped[record] == nil, rows[record] == nil,
        waiting[record]?[file] == nil
      else { return nil }
      return (record, file)
    }

    /// Takes a file, and cuts the record once it has all.
    mutating func add(_ own: (record: String, file: String), _ bytes: [UInt8]) throws {
      waiting[own.record, default: [:]][own.file] = bytes
      guard let header = found.headers[own.record], let files = waiting[own.record],
        let annotations = files[own.record + ".atr"],
        header.signals.allSatisfy({ files[$0.file] != nil })
      else { return }
      waiting[own.record] = nil
      do {
        rows[own.record] = try cut(own.record, header, annotations, files)
      } catch let error as WFDBError {
        try skip(own, damage(own.record, error.description))
      }
    }

    private func cut(
      _ record: String, _ header: WFDBHeader, _ annotations: [UInt8], _ files: [String: [UInt8]]
    ) throws -> HeartbeatRows {
      guard header.name == record else {
        throw WFDBError("its header is that of \(header.name.debugDescription)")
      }
      // 250 Hz is what the format takes where a header says nothing
      let rate = header.rate ?? 250
      guard rate == Double(HeartRecord.samplesPerSecond) else {
        throw WFDBError(
          "its header says \(WFDBHeader.plain(rate)) Hz, and heartbeats are cut from "
            + "\(HeartRecord.samplesPerSecond) Hz")
      }
      let samples = try WFDBSignals.samples(of: header, signal: 0) { files[$0] }
      let rows = try HeartbeatRows(samples, try WFDBAnnotations(annotations))
      if let count = KaggleTestRows.rows[record], rows.classes.count != count, !header.isSynthetic {
        throw WFDBError(
          "its annotations give \(rows.classes.count) heartbeats, those of the database \(count)")
      }
      return rows
    }

    private func damage(_ record: String, _ problem: String) -> RecordingError {
      .damagedRecord(member: files.place(found.home + record), problem: problem)
    }

    /// Leaves a record out, or throws what is wrong with it.
    mutating func skip(_ own: (record: String, file: String), _ error: any Error) throws {
      waiting[own.record] = nil
      if strict { throw error }
      skipped[own.record] = "\(error)"
    }

    /// Everything in the order of the list.
    mutating func finished() throws -> HeartbeatSet {
      for record in found.expected where rows[record] == nil && skipped[record] == nil {
        try skip((record, ""), damage(record, missing(record)))
      }
      let refused = found.expected.compactMap { name in
        skipped[name].map { SkippedRecording(name: name, problem: $0) }
      }
      let names = found.expected.filter { rows[$0] != nil }
      guard names.contains(where: { rows[$0]?.classes.isEmpty == false }) else {
        throw refused.isEmpty
          ? RecordingError.noRecordings(path: files.path, wanted: MITDatabase.wanted)
          : RecordingError.noneUsable(path: files.path, refused: refused)
      }
      let isSynthetic = names.first.flatMap { found.headers[$0]?.isSynthetic } ?? false
      return HeartbeatSet(
        joining: names.map {
          ($0, found.headers[$0]?.signals.first?.description ?? "", rows[$0] ?? HeartbeatRows())
        },
        source: isSynthetic ? "\(files.path) (synthetic recordings)" : files.path,
        isSynthetic: isSynthetic, skipped: refused)
    }

    private func missing(_ record: String) -> String {
      guard let header = found.headers[record] else {
        return "\(record).hea is missing or unreadable"
      }
      let names = [record + ".atr"] + header.signals.map(\.file)
      let first = names.first { waiting[record]?[$0] == nil } ?? record
      return header.signals.isEmpty ? "its header has no signals" : "\(first) is missing"
    }
  }
}

extension HeartbeatSet {
  /// The rows of records, one after another.
  init(
    joining parts: [(name: String, lead: String, rows: HeartbeatRows)],
    signals: [HeartRecord] = [], source: String, isSynthetic: Bool,
    skipped: [SkippedRecording] = []
  ) {
    var records: [Record] = []
    var values: [Float] = []
    var (classes, samples): ([UInt8], [Int32]) = ([], [])
    values.reserveCapacity(parts.reduce(0) { $0 + $1.rows.values.count })
    for (name, lead, rows) in parts {
      records.append(
        Record(
          name: name, lead: lead, annotationCount: rows.annotationCount,
          beatCount: rows.beatCount, rows: classes.count..<(classes.count + rows.classes.count)))
      values += rows.values
      classes += rows.classes
      samples += rows.samples
    }
    let known = records.map {
      isSynthetic ? nil : KaggleTestRows.membership(ofRecord: $0.name)
    }
    // of the database or not: one rule for all
    let isOfTestFile =
      known.allSatisfy { $0 != nil }
      ? known.flatMap { $0 ?? [] } : HeartbeatHashes(values, classes: classes).drawnTestFile
    self.init(
      .records, records: records, values: values, classes: classes, samples: samples,
      isOfTestFile: isOfTestFile, signals: signals, source: source, isSynthetic: isSynthetic,
      skipped: skipped)
  }
}
