import Signals

/// The figures that are printed of heartbeats and their sets.
public struct HeartbeatStatistics: Sendable, Equatable {
  /// Some beats.
  public struct Group: Sendable, Equatable {
    /// What they are, such as `training`.
    public let name: String
    /// How many there are of each class.
    public let counts: [Int]
    /// The mean of all their values; not a number without beats.
    public let mean: Double
  }

  /// All beats, the two files, the four sets.
  public let groups: [Group]
  /// The mean of all values of each class.
  public let classMeans: [Double]
  /// The same of the training file.
  public let trainingClassMeans: [Double]
  /// The mean and the standard deviation of each of the training file's first columns.
  public let firstColumns: [(mean: Double, deviation: Double)]
  /// Values before the zeros: the least, the median, and the median of each class.
  public let lengths: (least: Int, median: Int, byClass: [Int])
  /// Rows without zeros at the end.
  public let fullCount: Int
  /// Two of the hashes that are equal, which would make the sets depend on the order.
  public let equalHashes: Int
  /// The first row, its record and its hash.
  public let first: Row
  /// The first row of Kaggle's test file, where it is known.
  public let firstOfTest: Row?
  /// The share of beats to test on whose record is trained on too; nil where records are not known.
  public let sharedRecords: Double?

  /// A row.
  public struct Row: Sendable, Equatable {
    /// Where it is from.
    public let place: String
    /// Its class.
    public let letter: String
    /// Its first values.
    public let values: [Float]
    /// Its hash.
    public let hash: UInt64
  }

  /// Whether all figures are the same as far as they are printed.
  public static func == (one: HeartbeatStatistics, other: HeartbeatStatistics) -> Bool {
    one.report == other.report
  }

  init(_ beats: HeartbeatSet, parts: [HeartbeatPart]) {
    let figures = HeartbeatFigures(beats.values, classes: beats.classes, parts: parts)
    let hashes = HeartbeatHashes(beats.values, classes: beats.classes)
    let trainingFile: [HeartbeatPart] = [.training, .validation]
    let testFile: [HeartbeatPart] = [.test, .holdOut]
    func group(_ name: String, _ wanted: [HeartbeatPart]) -> Group {
      let group = figures.group(wanted)
      return Group(name: name, counts: group.counts, mean: group.mean)
    }
    groups =
      [
        group("all beats", HeartbeatPart.allCases), group("training file", trainingFile),
        group("test file", testFile),
      ] + HeartbeatPart.allCases.map { group($0.rawValue, [$0]) }
    classMeans = figures.group(HeartbeatPart.allCases).classMeans
    trainingClassMeans = figures.group(trainingFile).classMeans
    firstColumns = figures.firstColumns(6, of: trainingFile)
    lengths = figures.spread
    fullCount = figures.fullCount
    equalHashes = hashes.equalCount
    func row(_ index: Int) -> Row {
      let record = beats.records.first { $0.rows.contains(index) }
      let place =
        beats.samples.isEmpty
        ? "row \(index - (record?.rows.lowerBound ?? 0) + 1) of \(record?.name ?? "")"
        : "record \(record?.name ?? ""), sample \(beats.samples[index])"
      return Row(
        place: place, letter: HeartbeatClass.allCases[Int(beats.classes[index])].letter,
        values: Array(beats.row(index).prefix(8)), hash: hashes.hashes[index])
    }
    first = row(0)
    firstOfTest = beats.firstOfTestFile.map(row)
    sharedRecords = Self.sharedRecords(beats) { figures.count(testFile, in: $0.rows) }
  }

  private static func sharedRecords(
    _ beats: HeartbeatSet, tested: (HeartbeatSet.Record) -> Int
  ) -> Double? {
    guard beats.origin == .records else { return nil }
    var (shared, all) = (0, 0)
    for record in beats.records {
      let tested = tested(record)
      all += tested
      if tested < record.rows.count { shared += tested }
    }
    return all == 0 ? nil : Double(shared) / Double(all)
  }
}

extension HeartbeatSet {
  /// The place of the first row of Kaggle's test file; nil where nobody knows.
  var firstOfTestFile: Int? {
    guard origin == .records else { return records.last?.rows.first }
    guard let record = records.first(where: { $0.name == KaggleTestRows.first.record }) else {
      return nil
    }
    return record.rows.first { samples[$0] == KaggleTestRows.first.sample }
  }
}
