import Examples
import Foundation
import XCTest

@testable import Recordings
@testable import Signals

/// The figures of the MIT-BIH Arrhythmia Database, where it is at hand.
final class RealHeartbeatTests: XCTestCase {
  nonisolated(unsafe) private static var loaded: HeartbeatSet?

  /// Read once for all tests.
  private func database() throws -> HeartbeatSet {
    if let loaded = Self.loaded { return loaded }
    let set = try RealData.load(Heartbeats()) { name in
      name.hasSuffix(".atr")
        || name.hasSuffix(".zip") && (name.hasPrefix("mitdb") || name.hasPrefix("mit-bih"))
    }
    // a part of it, or one that is read wrongly, fails
    XCTAssertEqual(set.count, 48)
    XCTAssertEqual(set.skipped.map(\.name), [])
    Self.loaded = set
    return set
  }

  private struct Fixture: Decodable {
    struct Row: Decodable {
      let index: Int
      let record: String
      let sample: Int32
      let `class`: UInt8
      let hash: String
      let bits: String
    }
    struct Sum: Decodable {
      let record: String
      let rows: Int
      let hashes: String
    }
    struct Test: Decodable {
      let rows: Int
      let hashes: String
    }
    let rows: [Row]
    let sums: [Sum]
    let test: Test
  }

  /// Some rows bit by bit, and the hashes of all, as NumPy cuts them (Tests/Reference/heartbeats.py).
  func testTheRowsToTheBit() throws {
    let set = try database()
    let fixture = try JSONDecoder().decode(
      Fixture.self, from: Data(contentsOf: fixture("heartbeats.json")))
    let hashes = HeartbeatRows.hashes(set.values)
    for row in fixture.rows {
      XCTAssertEqual(
        set.row(row.index).map(\.bitPattern),
        row.bits.split(separator: " ").compactMap { UInt32($0, radix: 16) }, "row \(row.index)")
      XCTAssertEqual(hashes[row.index], UInt64(row.hash, radix: 16))
      XCTAssertEqual(set.classes[row.index], row.class)
      XCTAssertEqual(set.samples[row.index], row.sample)
      XCTAssertEqual(set.records.first { $0.rows.contains(row.index) }?.name, row.record)
    }
    XCTAssertEqual(set.records.map(\.name), fixture.sums.map(\.record))
    for (record, sum) in zip(set.records, fixture.sums) {
      XCTAssertEqual(record.rows.count, sum.rows)
      XCTAssertEqual(
        record.rows.reduce(0) { $0 &+ hashes[$1] }, UInt64(sum.hashes, radix: 16), record.name)
    }
    let tests = hashes.indices.filter { set.isOfTestFile[$0] }
    XCTAssertEqual(tests.count, fixture.test.rows)
    XCTAssertEqual(
      tests.reduce(0) { $0 &+ hashes[$1] }, UInt64(fixture.test.hashes, radix: 16))
  }

  /// The figures of the unit's specification, by PyTorch and pandas on the same rows.
  func testTheFigures() throws {
    let set = try database()
    XCTAssertEqual(
      set.inventory + "\n" + (try Heartbeats().prepare(set, [:]).report),
      """
      records: 48, first lead 45 MLII, 3 V5
      annotations: 112647, beats among them: 109494
      heartbeats: 109446 (90589 N, 2779 S, 7236 V, 803 F, 8039 Q); the last of each record falls away
                          N       S       V       F       Q     all      mean
      all beats       90589    2779    7236     803    8039  109446  0.174122
      training file   72471    2223    5788     641    6431   87554  0.174283
      test file       18118     556    1448     162    1608   21892  0.173479
      training        68848    2112    5499     609    6110   83178  0.174277
      validation       3623     111     289      32     321    4376  0.174396
      test             9059     278     724      81     804   10946  0.172667
      hold-out         9059     278     724      81     804   10946  0.174291
      class means (N S V F Q): 0.161729 0.194940 0.243248 0.106742 0.251098
      of the training file: 0.161896 0.194778 0.243849 0.107253 0.250860
      its first columns, means: 0.890371 0.758166 0.423978 0.219109 0.201132 0.210405
      deviations: 0.240891 0.221802 0.227302 0.206882 0.177064 0.171915
      values before the zeros: least 10, median 109, 973 rows full; medians by class 106, 107, 114, 78, 120
      hashes: all differ
      first row: 0.954064 0.480565 0.053004 0.127208 0.116608 0.137809 0.123675 0.116608 …, \
      class N (record 100, sample 77), hash 5a7d5becc5ae9a18
      first row of the test file: 1.000000 0.758264 0.111570 0.000000 0.080579 0.078512 0.066116 \
      0.049587 …, class N (record 103, sample 322111), hash 3332aee58df15729
      tested beats whose record is trained on too: 1.0000; split=patients tells what a new patient \
      can expect
      """)
  }

  /// The rows of the four sets, as in the table above.
  func testTheFourSets() throws {
    let sets = try Heartbeats().prepare(try database(), ["patch": "187"]).split
    XCTAssertEqual(
      [sets.training.count, sets.validation.count, sets.test?.count, sets.holdOut?.count],
      [83178, 4376, 10946, 10946])
  }

  /// DS1 and DS2 of de Chazal, O'Dwyer and Reilly 2004 (whose counts are with every record's last beat), with the
  /// paced records, and 202 on the side of 201.
  func testTheSplitByPatients() throws {
    let set = try database()
    let parts = try set.parts(.patients)
    var sides: [Bool: Set<String>] = [:]
    for record in set.records {
      let tested = Set(record.rows.map { [.test, .holdOut].contains(parts[$0]) })
      XCTAssertEqual(tested.count, 1, record.name)
      sides[tested.first ?? false, default: []].insert(record.name)
    }
    XCTAssertEqual(sides[false]?.count, 25)
    XCTAssertEqual(sides[true]?.count, 23)
    XCTAssertTrue(
      try Heartbeats().prepare(set, ["split": "patients"]).report.contains(
        "tested beats whose record is trained on too: 0.0000"))
  }

  /// Kaggle's own tables hold the same rows: written here as Kaggle writes them, read and compared.
  func testTablesOfTheSameRows() throws {
    let set = try database()
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kaggle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var tables = ["mitbih_train.csv": "", "mitbih_test.csv": ""]
    // a twentieth, or the test would write half a gigabyte
    let chosen = set.classes.indices.filter { $0 % 20 == 3 }
    for index in chosen {
      let line =
        set.row(index).map { String(format: "%.18e", Double($0)) }.joined(separator: ",")
        + String(format: ",%.18e\n", Double(set.classes[index]))
      tables[set.isOfTestFile[index] ? "mitbih_test.csv" : "mitbih_train.csv"]? += line
    }
    for (name, text) in tables {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    let read = try MITDatabase.read(folder.path)
    let order =
      chosen.filter { !set.isOfTestFile[$0] } + chosen.filter { set.isOfTestFile[$0] }
    XCTAssertEqual(read.beatCount, chosen.count)
    XCTAssertEqual(read.classes, order.map { set.classes[$0] })
    XCTAssertEqual(
      HeartbeatRows.hashes(read.values), HeartbeatRows.hashes(order.flatMap { set.row($0) }))
    let comparison = try XCTUnwrap(read.comparison(with: set))
    XCTAssertFalse(comparison.isAlike)
    XCTAssertTrue(
      comparison.lines.contains { $0.hasPrefix("mitbih_test.csv: ") && $0.contains("; 0 are not") },
      "\(comparison.lines)")
    // and of the whole set the sums alone tell
    let whole = try XCTUnwrap(set.comparison(with: nil))
    XCTAssertTrue(whole.isAlike)
    XCTAssertEqual(
      whole.lines,
      [
        "mitbih_train.csv: all 87554 rows are those of the database, to the bit",
        "mitbih_test.csv: all 21892 rows are those of the database, to the bit",
      ])
  }
}
