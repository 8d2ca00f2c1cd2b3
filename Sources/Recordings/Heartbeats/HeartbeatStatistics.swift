import Dispatch
import Foundation

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
    let width = HeartbeatSet.width
    let hashes = HeartbeatRows.hashes(beats.values)
    let sums = Self.sums(beats)
    let classes = beats.classes
    func group(_ name: String, _ isMember: (Int) -> Bool) -> Group {
      let members = classes.indices.filter(isMember)
      return Group(
        name: name, counts: HeartbeatSet.counts(members.lazy.map { classes[$0] }),
        mean: members.reduce(0) { $0 + sums.rows[$1] } / Double(members.count * width))
    }
    func means(_ isMember: (Int) -> Bool) -> [Double] {
      HeartbeatClass.allCases.indices.map { number in
        group("") { classes[$0] == UInt8(number) && isMember($0) }.mean
      }
    }
    let isTested = parts.map { $0 == .test || $0 == .holdOut }
    groups =
      [
        group("all beats") { _ in true }, group("training file") { !isTested[$0] },
        group("test file") { isTested[$0] },
      ] + HeartbeatPart.allCases.map { part in group(part.rawValue) { parts[$0] == part } }
    classMeans = means { _ in true }
    trainingClassMeans = means { !isTested[$0] }
    firstColumns = Self.columns(beats) { !isTested[$0] }
    let all = sums.lengths.sorted()
    lengths = (
      all.first ?? 0, Self.median(all),
      HeartbeatClass.allCases.indices.map { number in
        Self.median(
          classes.indices.filter { classes[$0] == UInt8(number) }.map { sums.lengths[$0] }.sorted())
      }
    )
    fullCount = all.count { $0 == width }
    equalHashes = hashes.count - Set(hashes).count
    func row(_ index: Int) -> Row {
      let record = beats.records.first { $0.rows.contains(index) }
      let place =
        beats.samples.isEmpty
        ? "row \(index - (record?.rows.lowerBound ?? 0) + 1) of \(record?.name ?? "")"
        : "record \(record?.name ?? ""), sample \(beats.samples[index])"
      return Row(
        place: place, letter: HeartbeatClass.allCases[Int(classes[index])].letter,
        values: Array(beats.row(index).prefix(8)), hash: hashes[index])
    }
    first = row(0)
    firstOfTest = beats.firstOfTestFile.map(row)
    sharedRecords = Self.sharedRecords(beats, isTested)
  }

  private static func median(_ sorted: [Int]) -> Int {
    sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// The sum of each row, and how many values it has before the zeros.
  private static func sums(_ beats: HeartbeatSet) -> (rows: [Double], lengths: [Int]) {
    let (count, width) = (beats.beatCount, HeartbeatSet.width)
    var lengths = [Int](repeating: 0, count: count)
    let rows = [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      lengths.withUnsafeMutableBufferPointer { lengths in
        beats.values.withUnsafeBufferPointer { values in
          // Threads write disjoint places.
          nonisolated(unsafe) let (target, lengths, values) = (buffer, lengths, values)
          let block = 1024
          DispatchQueue.concurrentPerform(iterations: (count + block - 1) / block) { part in
            for row in (part * block)..<min((part + 1) * block, count) {
              var (sum, length) = (0.0, 0)
              for place in 0..<width {
                let value = values[row * width + place]
                sum += Double(value)
                if value > 0 { length = place + 1 }
              }
              target[row] = sum
              lengths[row] = length
            }
          }
        }
      }
      filled = count
    }
    return (rows, lengths)
  }

  private static func columns(
    _ beats: HeartbeatSet, _ isMember: (Int) -> Bool
  ) -> [(mean: Double, deviation: Double)] {
    let members = beats.classes.indices.filter(isMember)
    let count = Double(members.count)
    return (0..<6).map { column in
      func value(_ row: Int) -> Double { Double(beats.values[row * HeartbeatSet.width + column]) }
      let mean = members.reduce(0) { $0 + value($1) } / count
      let square = members.reduce(0) { $0 + (value($1) - mean) * (value($1) - mean) }
      // of a sample, as pandas takes it
      return (mean, (square / max(1, count - 1)).squareRoot())
    }
  }

  private static func sharedRecords(_ beats: HeartbeatSet, _ isTested: [Bool]) -> Double? {
    guard beats.origin == .records else { return nil }
    var (shared, all) = (0, 0)
    for record in beats.records {
      let tested = record.rows.count { isTested[$0] }
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
