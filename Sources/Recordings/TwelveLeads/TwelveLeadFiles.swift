import Archives
import Signals

/// Records of twelve leads as they are published, in an archive or a folder, at any depth: `NAME.hea` and `NAME.mat` of
/// the Challenge 2021, or `NNNNN_lr.hea` and `NNNNN_lr.dat` of PTB-XL with a table of what they show.
enum TwelveLeadFiles {
  /// What is asked for where there is nothing.
  static let wanted =
    "the Challenge 2021's folders of .mat and .hea files, or PTB-XL's records100 with its table of labels"

  /// The challenge has 88253 records and 11 GB.
  static let limits = ArchiveLimits(
    maximumEntries: 1_000_000, maximumEntryBytes: 256 << 20, maximumTotalBytes: 64 << 30)
  private static let mostHeaderBytes = 1 << 18

  /// Reads all records, sorted by name.
  ///
  /// A record that is missing or damaged is an error; where not `strict`, it is left out and named in `skipped`.
  /// Other files are passed over. Throws `RecordingError` or `ArchiveError`.
  static func read(
    _ path: String, strict: Bool = true, progress: RecordingProgress = { _, _ in }
  ) throws -> TwelveLeadSet {
    let files = try PublishedFiles(path, limits: limits)
    let found = try Found(files)
    guard !found.headers.isEmpty else {
      throw RecordingError.noRecordings(path: path, wanted: wanted)
    }
    var reading = Reading(found, files, strict: strict)
    try reading.findMissing()
    try files.forEach(of: { reading.owner(of: $0) }) { home, name, bytes in
      try reading.add(home, name, bytes)
      if reading.done % 16 == 0 { progress(reading.done, found.headers.count) }
    } skip: { home, error in
      try reading.skip(home, error)
    }
    return try reading.finished()
  }

  /// What came of looking for one record.
  enum Search {
    /// Its leads as its files have them, and the codes of what it shows.
    case found(TwelveLeadDigits, codes: [String])
    /// There is none of that name, but these are.
    case others([String])
  }

  /// Looks for a record, and reads no other.
  ///
  /// - Throws: `RecordingError` or `ArchiveError`.
  static func digits(of name: String, in path: String) throws -> Search {
    let files = try PublishedFiles(path, limits: limits)
    let found = try Found(files)
    guard !found.headers.isEmpty else {
      throw RecordingError.noRecordings(path: path, wanted: wanted)
    }
    guard let home = found.headers.keys.first(where: { PublishedFiles.file($0) == name }),
      let header = found.headers[home].map({ WFDBHeader($0) })
    else { return .others(found.headers.keys.map(PublishedFiles.file).sorted()) }
    let folder = PublishedFiles.folder(of: home)
    let wanted = Set(header.signals.map { folder + $0.file })
    var bytes: [String: [UInt8]] = [:]
    try files.forEach { name, read in
      if wanted.contains(name) { bytes[PublishedFiles.file(name)] = try read() }
      return bytes.count < wanted.count
    }
    do {
      let digits = try TwelveLeadDigits(header, name: name) { bytes[$0] }
      return .found(
        digits,
        codes: found.tables?.rows[name]?.codes ?? DiagnosisCodes.inComments(digits.comments))
    } catch let error as WFDBError {
      throw RecordingError.damagedRecord(member: files.place(home), problem: error.description)
    }
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

  /// What an archive or folder holds, found by names, headers and tables, before anything large is read.
  struct Found {
    /// The header of each record, by its path without `.hea`.
    private(set) var headers: [String: [UInt8]] = [:]
    /// What the records show, where tables say so.
    private(set) var tables: RecordTables?

    init(_ files: PublishedFiles) throws {
      var tables: [String: [UInt8]] = [:]
      try files.forEach { name, read in
        let file = PublishedFiles.file(name)
        if name.hasSuffix(".hea") {
          // a damaged one is missing
          guard let bytes = try? read(), bytes.count <= TwelveLeadFiles.mostHeaderBytes else {
            return true
          }
          headers[String(name.dropLast(4))] = bytes
        } else if RecordTables.files.contains(file), tables[file] == nil {
          tables[file] = try read()
        }
        return true
      }
      self.tables = try RecordTables(tables) { files.place($0) }
      // PTB-XL has each record twice, at 100 and at 500 Hz
      let coarse = headers.keys.filter { $0.hasSuffix("_lr") }
      if !coarse.isEmpty { headers = headers.filter { !$0.key.hasSuffix("_hr") } }
      var names: Set<String> = []
      for home in headers.keys.sorted() where !names.insert(PublishedFiles.file(home)).inserted {
        throw RecordingError.duplicatedMember(
          path: files.path, record: PublishedFiles.file(home))
      }
      if self.tables == nil,
        headers.keys.contains(where: { $0.hasSuffix("_lr") || $0.hasSuffix("_hr") })
      {
        throw RecordingError.unreadable(
          path: files.path,
          detail:
            "PTB-XL's diagnoses are in \(RecordTables.labels), or in \(RecordTables.database) with "
            + "\(RecordTables.codes), and neither is there")
      }
    }
  }

  /// Puts records together from their files, in whatever order these come.
  struct Reading {
    private let found: Found
    private let files: PublishedFiles
    private let strict: Bool
    /// The record that a signal file belongs to.
    private var owners: [String: String] = [:]
    /// How many files each needs.
    private var needed: [String: Int] = [:]
    /// Files of records that are not complete.
    private var waiting: [String: [String: [UInt8]]] = [:]
    private var records = TwelveLeadRecords()
    private var finishedHomes: Set<String> = []
    private var skipped: [String: String] = [:]
    private var isSynthetic = false

    init(_ found: Found, _ files: PublishedFiles, strict: Bool) {
      self.found = found
      self.files = files
      self.strict = strict
      let first = found.headers.keys.min()
      for (home, bytes) in found.headers {
        let header = WFDBHeader(bytes)
        let folder = PublishedFiles.folder(of: home)
        let names = Set(header.signals.map { folder + $0.file })
        for name in names { owners[name] = home }
        needed[home] = names.count
        if home == first { isSynthetic = header.isSynthetic }
      }
    }

    /// Records that are done.
    var done: Int { records.count + skipped.count }

    /// The record of a file that is needed; nil for others.
    func owner(of name: String) -> String? {
      guard let home = owners[name], !finishedHomes.contains(home),
        skipped[PublishedFiles.file(home)] == nil, waiting[home]?[name] == nil
      else { return nil }
      return home
    }

    /// Refuses what a table lists and no header describes.
    mutating func findMissing() throws {
      guard let tables = found.tables else { return }
      let there = Set(found.headers.keys.map(PublishedFiles.file))
      for (name, other) in tables.listed where !there.contains(name) && !there.contains(other) {
        try skip(name, damage(name, "it is listed but \(name).hea is missing or unreadable"))
      }
    }

    /// Takes a file, and makes the record once it has all.
    mutating func add(_ home: String, _ file: String, _ bytes: [UInt8]) throws {
      waiting[home, default: [:]][file] = bytes
      guard let all = waiting[home], all.count == needed[home], let header = found.headers[home]
      else { return }
      waiting[home] = nil
      finishedHomes.insert(home)
      let (name, folder) = (PublishedFiles.file(home), PublishedFiles.folder(of: home))
      do {
        let row = found.tables?.rows[name]
        if row == nil, found.tables != nil, name.hasSuffix("_lr") || name.hasSuffix("_hr") {
          throw WFDBError("no table says what it shows")
        }
        let digits = try TwelveLeadDigits(WFDBHeader(header), name: name) { all[folder + $0] }
        records.append(try digits.record(name, codes: row?.codes, fold: row?.fold))
      } catch let error as WFDBError {
        try skip(home, damage(home, error.description))
      }
    }

    private func damage(_ home: String, _ problem: String) -> RecordingError {
      .damagedRecord(member: files.place(home), problem: problem)
    }

    /// Leaves a record out, or throws what is wrong with it.
    mutating func skip(_ home: String, _ error: any Error) throws {
      waiting[home] = nil
      finishedHomes.insert(home)
      if strict { throw error }
      skipped[PublishedFiles.file(home)] = "\(error)"
    }

    /// Everything, sorted by name.
    mutating func finished() throws -> TwelveLeadSet {
      for home in found.headers.keys.sorted() where !finishedHomes.contains(home) {
        let header = WFDBHeader(found.headers[home] ?? [])
        let folder = PublishedFiles.folder(of: home)
        let missing = header.signals.map(\.file).first { waiting[home]?[folder + $0] == nil }
        try skip(
          home,
          damage(home, missing.map { "\($0) is missing" } ?? "its header has no signals"))
      }
      let refused = skipped.sorted { $0.key < $1.key }
        .map { SkippedRecording(name: $0.key, problem: $0.value) }
      guard records.count > 0 else {
        throw RecordingError.noneUsable(path: files.path, refused: refused)
      }
      return TwelveLeadSet(
        records.finished().sorted { $0.name < $1.name },
        source: isSynthetic ? "\(files.path) (synthetic recordings)" : files.path,
        isSynthetic: isSynthetic, skipped: refused)
    }
  }
}
