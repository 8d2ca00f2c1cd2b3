import Archives
import Examples
import Foundation
import Signals

/// The recordings as PhysioNet hands them out: `.mat` files and `REFERENCE.csv`, in an archive or
/// in a folder.
public enum RecordingArchive {
  static let labelFile = "REFERENCE.csv"
  /// The whole public set has 8528 recordings and 167 MB; an order of magnitude above that.
  private static let limits = ArchiveLimits(
    maximumEntries: 200_000, maximumEntryBytes: 64 << 20, maximumTotalBytes: 4 << 30)

  /// Reads all recordings of an archive (zip or tar) or folder, in the order of the label file.
  ///
  /// A record without its file, a file without its record and a damaged file are errors, for each
  /// means that the set is not the one it is taken for; where not `strict`, they are left out and
  /// named in `skipped`. Other files are passed over. Throws `RecordingError` or `ArchiveError`.
  public static func read(
    _ path: String, strict: Bool = true, progress: RecordingProgress = { _, _ in }
  ) throws -> RecordingSet {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw RecordingError.missing(path: path)
    }
    return isFolder.boolValue
      ? try readFolder(path, strict: strict, progress: progress)
      : try readArchive(path, strict: strict, progress: progress)
  }

  /// Whether an archive or folder holds synthetic recordings, as the first header in it says; a set
  /// without headers is taken for real.
  static func isSynthetic(_ path: String) throws -> Bool {
    var header: [UInt8]?
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      header = try PublishedFiles.names(in: path).first(where: isHeader)
        .map { try PublishedFiles.contents(of: path + "/" + $0) }
    } else {
      try ArchiveReader.forEachEntry(in: path, limits: limits) { entry, read in
        guard entry.kind == .file, let name = entry.safeRelativePath, isHeader(name) else {
          return true
        }
        header = try read()
        return false
      }
    }
    return header.map { WFDBHeader($0).isSynthetic } ?? false
  }

  private static func isHeader(_ path: String) -> Bool {
    path.hasSuffix(".hea") && !PublishedFiles.isShadow(path)
  }

  private static func readArchive(
    _ path: String, strict: Bool, progress: RecordingProgress
  ) throws -> RecordingSet {
    var found = Found(path: path, strict: strict)
    try ArchiveReader.forEachEntry(in: path, limits: limits) { entry, read in
      guard entry.kind == .file, let name = entry.safeRelativePath else { return true }
      try found.add(name, labels: { (try read(), "\(path): \(name)") })
      return true
    }
    let labels = try found.checkedLabels()
    let scratch = try ScratchFile()
    var samples = Samples()
    var headers: [String: [UInt8]] = [:]
    try ArchiveReader.forEachEntry(in: path, limits: limits) { entry, read in
      guard entry.kind == .file, let name = entry.safeRelativePath, found.isAtHome(name) else {
        return true
      }
      if isHeader(name) {
        if let record = recordName(of: name), found.isExpected(record) {
          headers[record] = try? read()
        }
        return true
      }
      guard let record = record(of: name), found.isExpected(record) else { return true }
      do {
        samples.add(
          try MATLABFile.readSamples(
            read(), member: "\(path): \(name)", scratch: scratch), of: record)
        report(samples.count, labels.rows.count, progress)
      } catch let error as ArchiveError {
        // Of one entry: the others can still be read, unless the next header says otherwise.
        guard case .unreadable(_, .some, _) = error else { throw error }
        try found.skip(record, error)
      } catch let error as RecordingError where error.isOfOneRecording {
        try found.skip(record, error)
      }
      return true
    }
    return try found.recordings(samples.finished(), headers)
  }

  private static func readFolder(
    _ path: String, strict: Bool, progress: RecordingProgress
  ) throws -> RecordingSet {
    var found = Found(path: path, strict: strict)
    for name in try PublishedFiles.names(in: path) {
      let file = path + "/" + name
      try found.add(name, labels: { (try PublishedFiles.contents(of: file), file) })
    }
    let labels = try found.checkedLabels()
    let scratch = try ScratchFile()
    var samples = Samples()
    var headers: [String: [UInt8]] = [:]
    for row in labels.rows where found.isExpected(row.record) {
      let file = path + "/" + (found.place(of: row.record) ?? row.record + ".mat")
      do {
        samples.add(
          try MATLABFile.readSamples(
            PublishedFiles.contents(of: file, atMost: limits.maximumEntryBytes), member: file,
            scratch: scratch), of: row.record)
        headers[row.record] = try? PublishedFiles.contents(of: file.dropLast(4) + ".hea")
        report(samples.count, labels.rows.count, progress)
      } catch let error as RecordingError where error.isOfOneRecording {
        try found.skip(row.record, error)
      }
    }
    return try found.recordings(samples.finished(), headers)
  }

  /// The samples of recordings in the order in which they are found.
  private struct Samples {
    private var numbers = NumberWriter<Int16>()
    private var places: [String: Range<Int>] = [:]
    var count: Int { places.count }

    mutating func add(_ samples: [Int16], of record: String) {
      places[record] = numbers.append(contentsOf: samples)
    }

    /// Those of each record.
    func finished() -> [String: StoredNumbers<Int16>] {
      let all = numbers.finished()
      return places.mapValues(all.slice)
    }
  }

  static func report(_ done: Int, _ total: Int, _ progress: RecordingProgress) {
    if done % 64 == 0 || done == total { progress(done, total) }
  }

  /// The record a file belongs to, or nil for other files. macOS puts a `._` shadow beside each
  /// file of its archives.
  private static func record(of path: String) -> String? {
    path.hasSuffix(".mat") ? recordName(of: path) : nil
  }

  /// A file's name without its extension of three letters; nil for macOS's shadows.
  private static func recordName(of path: String) -> String? {
    PublishedFiles.isShadow(path) ? nil : String(PublishedFiles.file(path).dropLast(4))
  }

  /// What an archive or folder holds, found by the names alone, before anything large is read.
  private struct Found {
    let path: String
    let strict: Bool
    private var files: [(path: String, record: String)] = []
    private var labelFiles: [(folder: String, labels: () throws -> ReferenceLabels)] = []
    /// The place of each record's file below the label file.
    private var records: [String: String] = [:]
    /// The folder with the label file, with a slash behind it, or nothing.
    private var home = ""
    private var labels: ReferenceLabels?
    private var skipped: [String: String] = [:]

    init(path: String, strict: Bool) {
      self.path = path
      self.strict = strict
    }

    mutating func add(_ name: String, labels read: () throws -> ([UInt8], String)) throws {
      if let record = record(of: name) {
        files.append((name, record))
      } else if PublishedFiles.file(name) == labelFile {
        let (bytes, place) = try read()
        labelFiles.append(
          (String(name.dropLast(labelFile.count)), { try ReferenceLabels(bytes, path: place) }))
      }
    }

    /// The label file that counts: the outermost, and beside PhysioNet's validation set, whose recordings
    /// are among the others, the one of the training set.
    private func chosenLabels() throws -> (folder: String, labels: () throws -> ReferenceLabels)? {
      func depth(_ folder: String) -> Int { folder.split(separator: "/").count }
      let least = labelFiles.map { depth($0.folder) }.min()
      let outermost = labelFiles.filter { depth($0.folder) == least }
      let training = outermost.filter {
        $0.folder.split(separator: "/").last?.hasPrefix("training") == true
      }
      let candidates = training.count == 1 ? training : outermost
      guard candidates.count < 2 else {
        throw RecordingError.duplicatedMember(path: path, record: labelFile)
      }
      return candidates.first
    }

    /// The labels, once they are compared with the files.
    mutating func checkedLabels() throws -> ReferenceLabels {
      guard let chosen = try chosenLabels() else {
        throw files.isEmpty
          ? RecordingError.noRecordings(path: path) : RecordingError.noLabelFile(path: path)
      }
      home = chosen.folder
      for file in files where isAtHome(file.path) {
        guard records.updateValue(file.path, forKey: file.record) == nil else {
          throw RecordingError.duplicatedMember(path: path, record: file.record)
        }
      }
      let labels = try chosen.labels()
      self.labels = labels
      for row in labels.rows where records[row.record] == nil {
        try skip(
          row.record,
          RecordingError.missingRecord(path: labels.path, line: row.line, record: row.record))
      }
      for extra in Set(records.keys).subtracting(labels.rows.map(\.record)).sorted() {
        try skip(extra, RecordingError.unlistedRecord(path: path, record: extra))
      }
      return labels
    }

    /// Whether a file lies below the label file that counts.
    func isAtHome(_ path: String) -> Bool { path.hasPrefix(home) }

    /// Where a record's file lies.
    func place(of record: String) -> String? { records[record] }

    /// Leaves a recording out, or throws what is wrong with it.
    mutating func skip(_ record: String, _ error: any Error) throws {
      if strict { throw error }
      skipped[record] = "\(error)"
    }

    /// Whether a recording is to be read.
    func isExpected(_ record: String) -> Bool { skipped[record] == nil }

    /// Everything in the order of the labels, but for what was skipped or is not what its header says.
    mutating func recordings(
      _ samples: [String: StoredNumbers<Int16>], _ headers: [String: [UInt8]]
    ) throws -> RecordingSet {
      let rows = (labels?.rows ?? []).filter { samples[$0.record] != nil }
      for row in rows {
        guard let header = headers[row.record], let numbers = samples[row.record],
          let problem = ChallengeHeader.contradiction(header, of: numbers.array)
        else { continue }
        let error = RecordingError.contradictoryHeader(
          member: "\(path): \(row.record).hea", problem: problem)
        try skip(row.record, error)
      }
      let refused = skipped.sorted { $0.key < $1.key }
        .map { SkippedRecording(name: $0.key, problem: $0.value) }
      let recordings = rows.filter { isExpected($0.record) }.compactMap { row in
        samples[row.record].map { Recording(name: row.record, label: row.label, numbers: $0) }
      }
      guard !recordings.isEmpty else {
        throw refused.isEmpty
          ? RecordingError.noRecordings(path: path)
          : RecordingError.noneUsable(path: path, refused: refused)
      }
      // as `isSynthetic` says of the whole archive, by the first header
      let isSynthetic =
        try headers.isEmpty
        ? RecordingArchive.isSynthetic(path)
        : headers.min { $0.key < $1.key }.map { WFDBHeader($0.value).isSynthetic } ?? false
      return RecordingSet(
        recordings, source: isSynthetic ? "\(path) (synthetic recordings)" : path,
        isSynthetic: isSynthetic, skipped: refused)
    }
  }
}
