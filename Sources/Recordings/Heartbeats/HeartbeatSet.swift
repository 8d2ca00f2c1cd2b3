import Signals

/// Heartbeats of many records, a row of 187 numbers each, and where they came from.
public struct HeartbeatSet: RecordingCollection {
  /// What is known of a record besides its rows.
  struct Record: Sendable, Equatable {
    /// Its name; empty for a table whose rows nobody knows the records of.
    let name: String
    /// The name of the lead that the rows were cut from.
    let lead: String
    /// Annotations of all kinds, and those that are beats.
    let annotationCount: Int
    let beatCount: Int
    /// The places of its rows.
    let rows: Range<Int>
  }

  /// Where rows come from.
  enum Origin: String, Sendable {
    /// Records with signals and annotations.
    case records
    /// Kaggle's two tables, `mitbih_train.csv` and `mitbih_test.csv`.
    case tables
  }

  /// Values a beat.
  public static let width = HeartbeatRows.width

  /// Values a second of a row.
  public static let valuesPerSecond =
    Double(HeartRecord.samplesPerSecond) / Double(HeartbeatRows.step)

  let origin: Origin
  /// The records, or the two tables.
  let records: [Record]
  /// All rows, one after another.
  let values: [Float]
  /// The class of each.
  let classes: [UInt8]
  /// The sample of each beat's annotation; empty where nobody knows.
  let samples: [Int32]
  /// Whether each is of Kaggle's test file, or of the set that stands for it.
  let isOfTestFile: [Bool]
  /// The records with their signals, where they were made here.
  let signals: [HeartRecord]

  /// Where the recordings came from, for people.
  public let source: String
  /// Whether they were made up.
  public let isSynthetic: Bool
  /// What should have been among them but is damaged or missing.
  public let skipped: [SkippedRecording]

  /// A set; there is a class for each row.
  init(
    _ origin: Origin, records: [Record], values: [Float], classes: [UInt8], samples: [Int32],
    isOfTestFile: [Bool], signals: [HeartRecord] = [], source: String, isSynthetic: Bool = false,
    skipped: [SkippedRecording] = []
  ) {
    self.origin = origin
    self.records = records
    self.values = values
    self.classes = classes
    self.samples = samples
    self.isOfTestFile = isOfTestFile
    self.signals = signals
    self.source = source
    self.isSynthetic = isSynthetic
    self.skipped = skipped
  }

  /// Records, or tables.
  public var count: Int { records.count }
  /// What is counted.
  public var noun: String { origin == .records ? "recordings" : "tables" }
  /// The number of beats.
  public var beatCount: Int { classes.count }
  /// Whether they are all of the public set.
  public var isWhole: Bool {
    !isSynthetic && skipped.isEmpty && beatCount == KaggleTestRows.rowCount
  }

  /// The row of a beat.
  func row(_ index: Int) -> ArraySlice<Float> {
    values[(index * Self.width)..<((index + 1) * Self.width)]
  }

  /// How many beats of a class there are.
  public func count(of own: HeartbeatClass) -> Int { classCounts[own.rawValue] }

  /// Some rows of a class, evenly spread over the set, so over its records, without the zeros that fill
  /// them.
  public func examples(of own: HeartbeatClass, _ count: Int) -> [ArraySlice<Float>] {
    let members = ChosenRows.ofClass(own, classes)
    return (0..<min(count, members.count)).map { place in
      let row = row(members[(2 * place + 1) * members.count / (2 * count)])
      let last = row.lastIndex { $0 > 0 } ?? row.startIndex
      return row[...last]
    }
  }

  /// Mean, tenth and ninetieth per cent of a class at each place of its rows, of the beats that last so long; as far
  /// as a tenth of them do.
  public func spread(of own: HeartbeatClass) -> [(mean: Float, low: Float, high: Float)] {
    let members = ChosenRows.ofClass(own, classes).map { member in
      let row = row(member)
      return row[...(row.lastIndex { $0 > 0 } ?? row.startIndex)]
    }
    var spread: [(mean: Float, low: Float, high: Float)] = []
    for place in 0..<Self.width {
      let column = members.filter { place < $0.count }.map { $0[$0.startIndex + place] }.sorted()
      guard let last = column.indices.last, 10 * column.count >= members.count else { break }
      let mean = column.reduce(0) { $0 + Double($1) } / Double(column.count)
      spread.append((Float(mean), column[last / 10], column[last - last / 10]))
    }
    return spread
  }

  /// How many there are of each class.
  var classCounts: [Int] { ChosenRows.counts(classes) }

  /// `90589 N, 2779 S, 7236 V, 803 F, 8039 Q`.
  static func text(_ counts: [Int]) -> String {
    zip(counts, HeartbeatClass.allCases).map { "\($0) \($1.letter)" }.joined(separator: ", ")
  }

  /// How many there are, of which classes, from which records and leads.
  public var inventory: String {
    let beats = "heartbeats: \(beatCount) (\(Self.text(classCounts)))"
    guard origin == .records else {
      let tables = records.map { "\($0.rows.count) in \($0.name)" }
      return "\(beats)\ntables: \(tables.joined(separator: ", "))"
    }
    let leads = Dictionary(grouping: records, by: \.lead).mapValues(\.count)
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($1) \($0)" }
    return """
      records: \(count), first lead \(leads.joined(separator: ", "))
      annotations: \(records.reduce(0) { $0 + $1.annotationCount }), \
      beats among them: \(records.reduce(0) { $0 + $1.beatCount })
      \(beats); the last of each record falls away
      """
  }

  /// How many there are, a clause.
  public var summary: String { "\(count) \(noun), \(beatCount) heartbeats" }

  /// The same with another word on where they came from.
  public func from(_ source: String) -> HeartbeatSet {
    HeartbeatSet(
      origin, records: records, values: values, classes: classes, samples: samples,
      isOfTestFile: isOfTestFile, signals: signals, source: source, isSynthetic: isSynthetic,
      skipped: skipped)
  }

  /// Writes them into the store of a folder. Throws `RecordingError.unwritable`.
  public func save(in folder: String) throws -> String {
    try HeartbeatStore.save(self, in: folder)
  }

  /// Writes the records as the MIT-BIH database is published. Throws `RecordingError`, also where the set
  /// has rows and no signals.
  public func write(to path: String, progress: RecordingProgress) throws {
    guard signals.count == count else {
      throw RecordingError.unwritable(path: path, detail: "the set has rows, and no signals")
    }
    try MITDatabase.write(self, to: path, progress: progress)
  }
}
