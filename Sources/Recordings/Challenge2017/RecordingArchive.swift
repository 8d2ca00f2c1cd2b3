import Archives
import Foundation

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
      let home = try folderOfLabels(URL(fileURLWithPath: path), path: path)
      header = try names(in: home).first(where: isHeader).map {
        try contents(of: home.appendingPathComponent($0).path)
      }
    } else {
      try ArchiveReader.forEachEntry(in: path, limits: limits) { entry, read in
        guard entry.kind == .file, let name = entry.safeRelativePath, isHeader(name) else {
          return true
        }
        header = try read()
        return false
      }
    }
    return header.map(WFDBHeader.isSynthetic) ?? false
  }

  private static func isHeader(_ path: String) -> Bool {
    path.hasSuffix(".hea") && path.split(separator: "/").last?.hasPrefix("._") == false
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
    var samples: [String: [Int16]] = [:]
    samples.reserveCapacity(labels.rows.count)
    try ArchiveReader.forEachEntry(in: path, limits: limits) { entry, read in
      guard entry.kind == .file, let name = entry.safeRelativePath, let record = record(of: name),
        found.isExpected(record)
      else { return true }
      do {
        let bytes = try read()
        try scratch.replace(with: bytes)
        samples[record] = try MATLABFile.readSamples(
          scratch.path, member: "\(path): \(name)", byteCount: bytes.count)
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
    return try found.recordings(samples)
  }

  private static func readFolder(
    _ path: String, strict: Bool, progress: RecordingProgress
  ) throws -> RecordingSet {
    let folder = URL(fileURLWithPath: path)
    let home = try folderOfLabels(folder, path: path)
    var found = Found(path: path, strict: strict)
    for name in try names(in: home) {
      let file = home.appendingPathComponent(name).path
      try found.add(name, labels: { (try contents(of: file), file) })
    }
    let labels = try found.checkedLabels()
    var samples: [String: [Int16]] = [:]
    for row in labels.rows where found.isExpected(row.record) {
      let file = home.appendingPathComponent(row.record + ".mat").path
      let attributes = try? FileManager.default.attributesOfItem(atPath: file)
      do {
        guard FileManager.default.isReadableFile(atPath: file) else {
          throw RecordingError.unreadable(path: file, detail: "permission denied")
        }
        samples[row.record] = try MATLABFile.readSamples(
          file, member: file, byteCount: (attributes?[.size] as? NSNumber)?.intValue ?? 0)
        report(samples.count, labels.rows.count, progress)
      } catch let error as RecordingError where error.isOfOneRecording {
        try found.skip(row.record, error)
      }
    }
    return try found.recordings(samples)
  }

  /// The folder itself, or the one folder in it that has a label file, as `training2017/` does.
  private static func folderOfLabels(_ folder: URL, path: String) throws -> URL {
    func hasLabels(_ url: URL) -> Bool {
      FileManager.default.fileExists(atPath: url.appendingPathComponent(labelFile).path)
    }
    if hasLabels(folder) { return folder }
    let names = try names(in: folder)
    let homes = names.map { folder.appendingPathComponent($0) }.filter(hasLabels)
    if homes.count == 1 { return homes[0] }
    throw names.contains { $0.hasSuffix(".mat") }
      ? RecordingError.noLabelFile(path: path) : RecordingError.noRecordings(path: path)
  }

  private static func names(in folder: URL) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    } catch {
      throw RecordingError.unreadable(path: folder.path, detail: reason(error))
    }
  }

  private static func contents(of file: String) throws -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    } catch {
      throw RecordingError.unreadable(path: file, detail: reason(error))
    }
  }

  static func report(_ done: Int, _ total: Int, _ progress: RecordingProgress) {
    if done % 64 == 0 || done == total { progress(done, total) }
  }

  /// The record a file belongs to, or nil for other files. macOS puts a `._` shadow beside each
  /// file of its archives.
  private static func record(of path: String) -> String? {
    guard let name = path.split(separator: "/").last, name.hasSuffix(".mat"),
      !name.hasPrefix("._")
    else { return nil }
    return String(name.dropLast(4))
  }

  /// What an archive or folder holds, found by the names alone, before anything large is read.
  private struct Found {
    let path: String
    let strict: Bool
    var records: Set<String> = []
    var labels: ReferenceLabels?
    private var skipped: [String: String] = [:]

    init(path: String, strict: Bool) {
      self.path = path
      self.strict = strict
    }

    mutating func add(_ name: String, labels read: () throws -> ([UInt8], String)) throws {
      if let record = record(of: name) {
        guard records.insert(record).inserted else {
          throw RecordingError.duplicatedMember(path: path, record: record)
        }
      } else if name.split(separator: "/").last.map(String.init) == labelFile {
        guard labels == nil else {
          throw RecordingError.duplicatedMember(path: path, record: labelFile)
        }
        let (bytes, place) = try read()
        labels = try ReferenceLabels(bytes, path: place)
      }
    }

    /// The labels, once they are compared with the files.
    mutating func checkedLabels() throws -> ReferenceLabels {
      guard let labels else {
        throw records.isEmpty
          ? RecordingError.noRecordings(path: path) : RecordingError.noLabelFile(path: path)
      }
      for row in labels.rows where !records.contains(row.record) {
        try skip(
          row.record,
          RecordingError.missingRecord(path: labels.path, line: row.line, record: row.record))
      }
      for extra in records.subtracting(labels.rows.map(\.record)).sorted() {
        try skip(extra, RecordingError.unlistedRecord(path: path, record: extra))
      }
      return labels
    }

    /// Leaves a recording out, or throws what is wrong with it.
    mutating func skip(_ record: String, _ error: any Error) throws {
      if strict { throw error }
      skipped[record] = "\(error)"
    }

    /// Whether a recording is to be read.
    func isExpected(_ record: String) -> Bool { skipped[record] == nil }

    /// Everything in the order of the labels, but for what was skipped.
    func recordings(_ samples: [String: [Int16]]) throws -> RecordingSet {
      guard !samples.isEmpty else { throw RecordingError.noRecordings(path: path) }
      let isSynthetic = try RecordingArchive.isSynthetic(path)
      return RecordingSet(
        (labels?.rows ?? []).compactMap { row in
          samples[row.record].map {
            Recording(name: row.record, label: row.label, samples: $0)
          }
        },
        source: isSynthetic ? "\(path) (synthetic recordings)" : path, isSynthetic: isSynthetic,
        skipped: skipped.sorted { $0.key < $1.key }
          .map { SkippedRecording(name: $0.key, problem: $0.value) })
    }
  }
}

/// One temporary file, used again and again: libmatio reads files only, not bytes in memory.
private final class ScratchFile {
  let path: String
  private let descriptor: Int32

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("rhythmlab-\(UUID().uuidString).mat").path
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw failure() }
  }

  /// Makes `bytes` the whole contents. Overwriting in place is quicker than a new file each time.
  func replace(with bytes: [UInt8]) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress?.advanced(by: written), $0.count - written, off_t(written))
      }
      guard count > 0 else { throw failure() }
      written += count
    }
    guard ftruncate(descriptor, off_t(bytes.count)) == 0 else { throw failure() }
  }

  private func failure() -> RecordingError {
    .unwritable(path: path, detail: String(cString: strerror(errno)))
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(path)
  }
}
