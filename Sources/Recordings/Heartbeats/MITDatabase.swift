import Archives
import Signals

/// The MIT-BIH Arrhythmia Database as PhysioNet hands it out: `NAME.hea`, signals and `NAME.atr` of each record,
/// and their list `RECORDS`, in an archive or in a folder, at any depth; or Kaggle's two tables of its beats.
enum MITDatabase {
  /// The file with the names of the records, a line each.
  static let listFile = "RECORDS"
  /// What is asked for where there is nothing.
  static let wanted =
    "PhysioNet's mit-bih-arrhythmia-database-1.0.0.zip or its unpacked folder, or the folder with "
    + "Kaggle's \(KaggleTable.trainFile) and \(KaggleTable.testFile)"

  /// The database has 48 records and 64 MB, Kaggle's tables have 515 MB.
  private static let limits = ArchiveLimits(
    maximumEntries: 100_000, maximumEntryBytes: 1 << 30, maximumTotalBytes: 2 << 30)
  /// A record of a day, two signals, takes 93 MB; a header or a list takes a few hundred bytes.
  private static let mostRecordBytes = 256 << 20
  private static let mostTextBytes = 1 << 20

  /// Reads all records in the order of their list, or the two tables.
  ///
  /// A record that is missing or damaged is an error, for it means that the set is not the one it is taken
  /// for; where not `strict`, it is left out and named in `skipped`. Other files are passed over. Throws
  /// `RecordingError` or `ArchiveError`.
  static func read(
    _ path: String, strict: Bool = true, progress: RecordingProgress = { _, _ in }
  ) throws -> HeartbeatSet {
    let files = try PublishedFiles(path, limits: limits)
    let found = try Found(files)
    guard !found.expected.isEmpty else {
      guard found.hasTables else {
        throw RecordingError.noRecordings(path: path, wanted: wanted)
      }
      return try KaggleTable.read(files, progress: progress)
    }
    var reading = Reading(found, files, strict: strict)
    try files.forEach(of: { reading.wanted($0) }) { own, name, bytes in
      guard bytes.count <= mostRecordBytes else {
        throw RecordingError.unreadable(
          path: files.place(name), detail: "it is larger than \(mostRecordBytes) bytes")
      }
      try reading.add(own, bytes)
      progress(reading.done, found.expected.count)
    } skip: { own, error in
      try reading.skip(own, error)
    }
    return try reading.finished()
  }

  /// Whether an archive or folder holds synthetic records, as the first header in it says.
  static func isSynthetic(_ path: String) throws -> Bool {
    var isSynthetic = false
    try PublishedFiles(path, limits: limits).forEach { name, read in
      guard name.hasSuffix(".hea") else { return true }
      isSynthetic = WFDBHeader(try read()).isSynthetic
      return false
    }
    return isSynthetic
  }

  /// What an archive or folder holds, found by names and headers, before anything large is read.
  struct Found {
    /// The folder of the records, with a slash behind it, or nothing.
    private(set) var home = ""
    /// The records that should be there.
    private(set) var expected: [String] = []
    /// Their headers.
    private(set) var headers: [String: WFDBHeader] = [:]
    /// Whether one of Kaggle's tables is there.
    private(set) var hasTables = false

    init(_ files: PublishedFiles) throws {
      var lists: [(folder: String, bytes: [UInt8])] = []
      var all: [String: WFDBHeader] = [:]
      var annotated: Set<String> = []
      var contents = 0
      try files.forEach { name, read in
        let file = PublishedFiles.file(name)
        if file == MITDatabase.listFile || name.hasSuffix(".hea") {
          // a damaged one is missing
          guard let bytes = try? read(), bytes.count <= MITDatabase.mostTextBytes else {
            return true
          }
          contents += bytes.count
          guard contents <= 64 * MITDatabase.mostTextBytes else { return false }
          if file == MITDatabase.listFile {
            lists.append((PublishedFiles.folder(of: name), bytes))
          } else {
            all[String(name.dropLast(4))] = WFDBHeader(bytes)
          }
        } else if name.hasSuffix(".atr") {
          annotated.insert(String(name.dropLast(4)))
        } else if [KaggleTable.trainFile, KaggleTable.testFile].contains(file) {
          hasTables = true
        }
        return true
      }
      choose(lists, all, annotated, files)
    }

    /// The records' folder: the outermost with annotations. Excerpts in folders within it are no records.
    private mutating func choose(
      _ lists: [(folder: String, bytes: [UInt8])], _ all: [String: WFDBHeader],
      _ annotated: Set<String>, _ files: PublishedFiles
    ) {
      func depth(_ folder: String) -> Int { folder.split(separator: "/").count }
      let folders = Set(annotated.map(PublishedFiles.folder))
      guard let home = folders.min(by: { (depth($0), $0) < (depth($1), $1) }) else { return }
      self.home = home
      for (path, header) in all where PublishedFiles.folder(of: path) == home {
        headers[PublishedFiles.file(path)] = header
      }
      if let list = lists.first(where: { $0.folder == home }) {
        var seen: Set<String> = []
        expected = String(decoding: list.bytes, as: UTF8.self)
          .split(whereSeparator: \.isWhitespace).map(String.init)
          .filter { !$0.contains("/") && seen.insert($0).inserted }
      } else {
        expected = Set(headers.keys)
          .union(
            annotated.filter { PublishedFiles.folder(of: $0) == home }
              .map(PublishedFiles.file)
          ).sorted()
      }
    }
  }
}
