import Archives
import Foundation
import TestSupport
import XCTest

@testable import Recordings
@testable import Signals

/// Folders, archives and tables as people have them.
final class MITDatabaseTests: FolderTestCase {
  private static let made = Result {
    try SyntheticHearts.make(count: 5, seed: 5, minutes: 1) { _, _ in }
  }

  private func made() throws -> HeartbeatSet { try Self.made.get() }

  /// The records, written below the test's folder.
  @discardableResult
  private func write(_ name: String) throws -> HeartbeatSet {
    let set = try made()
    try set.write(to: path(name)) { _, _ in }
    return set
  }

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(name)))
  }

  func testAFolderAtAnyDepthAndAnArchive() throws {
    let set = try write("a/b/mit-bih")
    var done: [Int] = []
    for place in ["a", "a/b", "a/b/mit-bih"] {
      let read = try MITDatabase.read(path(place)) { count, total in
        XCTAssertEqual(total, 5)
        done.append(count)
      }
      XCTAssertEqual(read.values, set.values)
      XCTAssertEqual(read.records, set.records)
      XCTAssertEqual(read.skipped, [])
    }
    XCTAssertEqual(done.last, 5)
    try set.write(to: path("mitdb.zip")) { _, _ in }
    XCTAssertEqual(try MITDatabase.read(path("mitdb.zip")).values, set.values)
    // a folder of downloads
    XCTAssertEqual(
      try Heartbeats().find(path("."), localStore: ""), .archive(path: path(".")))
    try FileManager.default.removeItem(atPath: path("a"))
    XCTAssertEqual(
      try Heartbeats().find(path("."), localStore: ""), .archive(path: path("./mitdb.zip")))
  }

  /// PhysioNet's folder holds excerpts of the same records in `x_mitdb`, older annotations and web pages.
  func testExcerptsAndOtherFilesAreNoRecords() throws {
    let set = try write("db")
    let excerpts = try SyntheticHearts.make(count: 2, seed: 6, minutes: 1) { _, _ in }
    try excerpts.write(to: path("db/x_mitdb")) { _, _ in }
    try FileManager.default.copyItem(
      atPath: path("db/s001.atr"), toPath: path("db/s001.at_"))
    try write("<html>", to: "db/mitdbdir/index.htm")
    try write("x", to: "db/._s001.hea")
    let read = try MITDatabase.read(path("db"))
    XCTAssertEqual(read.records, set.records)
    // without the list too
    try FileManager.default.removeItem(atPath: path("db/RECORDS"))
    XCTAssertEqual(try MITDatabase.read(path("db")).records, set.records)
  }

  /// What is wrong with one entry of an archive costs its record, and no other.
  func testADamagedEntryOfAZipCostsItsRecord() throws {
    try write("db")
    let names = try FileManager.default.contentsOfDirectory(atPath: path("db")).sorted()
    var zip = ZipWriter.bytes(try names.map { ("db/" + $0, Array(try bytes("db/" + $0))) })
    let start = try XCTUnwrap(zip.firstRange(of: Array("db/s002.dat".utf8))).lowerBound
    zip[start + 500] ^= 1
    try Data(zip).write(to: URL(fileURLWithPath: path("a.zip")))
    let read = try MITDatabase.read(path("a.zip"), strict: false)
    XCTAssertEqual(read.records.map(\.name), ["s001", "s003", "s004", "s005"])
    XCTAssertEqual(read.skipped.map(\.name), ["s002"])
    XCTAssertThrowsError(try MITDatabase.read(path("a.zip"))) {
      guard case .some(.unreadable(_, .some, _)) = $0 as? ArchiveError else {
        return XCTFail("\($0)")
      }
    }
  }

  func testDamagedAndMissingRecordsAreNamed() throws {
    try write("db")
    let whole = try bytes("db/s002.dat")
    try whole.dropLast(30).write(to: URL(fileURLWithPath: path("db/s001.dat")))
    var changed = whole
    changed[900] ^= 0x10
    try changed.write(to: URL(fileURLWithPath: path("db/s002.dat")))
    try FileManager.default.removeItem(atPath: path("db/s003.atr"))
    try write("s004 2 250 21600\ns004.dat 212\ns004.dat 212\n", to: "db/s004.hea")
    let read = try MITDatabase.read(path("db"), strict: false)
    XCTAssertEqual(read.records.map(\.name), ["s005"])
    XCTAssertEqual(read.skipped.map(\.name), ["s001", "s002", "s003", "s004"])
    for (skipped, part) in zip(
      read.skipped,
      [
        "its header says 21600 samples, s001.dat has", "the check sum", "s003.atr is missing",
        "its header says 250 Hz, and heartbeats are cut from 360 Hz",
      ])
    {
      XCTAssertTrue(skipped.problem.contains(part), skipped.problem)
      XCTAssertTrue(skipped.problem.hasPrefix(path("db")), skipped.problem)
    }
    XCTAssertThrowsError(try MITDatabase.read(path("db"))) {
      XCTAssertTrue("\($0)".contains("s001"), "\($0)")
    }
    try FileManager.default.removeItem(atPath: path("db/s005.hea"))
    XCTAssertThrowsError(try MITDatabase.read(path("db"), strict: false)) {
      XCTAssertTrue("\($0)".contains("None of the 5 recordings"), "\($0)")
    }
  }

  /// A record of the database's name must have as many beats as the database's.
  func testARecordOfTheDatabaseWithOtherAnnotationsIsNamed() throws {
    try write("db")
    for ending in ["dat", "atr"] {
      try FileManager.default.moveItem(
        atPath: path("db/s001.\(ending)"), toPath: path("db/100.\(ending)"))
    }
    try write("100 2 360 21600\n100.dat 212\n100.dat 212\n", to: "db/100.hea")
    try write("100\n", to: "db/RECORDS")
    XCTAssertThrowsError(try MITDatabase.read(path("db"))) {
      XCTAssertTrue("\($0)".contains("heartbeats, those of the database 2272"), "\($0)")
    }
  }

  func testNothingThere() throws {
    try write("x", to: "none/readme.txt")
    XCTAssertThrowsError(try MITDatabase.read(path("none"))) {
      XCTAssertTrue(
        "\($0)".contains("holds no recordings; give PhysioNet's mit-bih-arrhythmia"), "\($0)")
    }
    XCTAssertThrowsError(try MITDatabase.read(path("nowhere")))
  }

  // MARK: - Kaggle's tables

  private func line(_ values: [Double], _ number: Double) -> String {
    (values + [number]).map { String(format: "%.18e", $0) }.joined(separator: ",")
  }

  /// Values of every kind come back to the bit: small, large, of many digits, and halfway between two.
  func testNumbersOfTables() throws {
    let values: [Float] = (0..<187).map { index in
      switch index % 5 {
      case 0: Float(index) / 186
      case 1: Float(bitPattern: 0x3F80_0000 - UInt32(index))
      case 2: 1 / Float(index + 3)
      case 3: Float.leastNormalMagnitude * Float(index)
      default: Float.leastNonzeroMagnitude * Float(index)
      }
    }
    let text = line(values.map(Double.init), 3)
    let rows = try KaggleRows(Array((text + "\r\n" + text).utf8), path: "t.csv")
    XCTAssertEqual(rows.classes, [3, 3])
    XCTAssertEqual(rows.values.map(\.bitPattern), (values + values).map(\.bitPattern))
    // 1 + 2⁻²⁴ lies between two numbers, and is rounded to the even one; a little more is not
    // and so near to halfway that a quotient of rounded numbers falls on the other side
    let odd = [
      "1.000000059604644775390625", "1.000000059604644775390626", "-2.5E1", "7", ".5",
      "1.466556044761091471e-03", "6.013353355228900909e-02", "5.724962102249264717e-03",
    ]
    let padding = [String](repeating: "0", count: 187 - odd.count)
    let others = try KaggleRows(
      Array((odd + padding + ["4"]).joined(separator: ",").utf8), path: "t.csv")
    XCTAssertEqual(
      Array(others.values.prefix(odd.count)), odd.map { Float(Double($0) ?? .nan) })
  }

  func testDamagedTablesNameTheLine() {
    let zeros = [Double](repeating: 0, count: 187)
    let good = line(zeros, 1) + "\n"
    for (text, part) in [
      ("a,b,c\n" + good, "t.csv, line 1: number 1 is none"),
      (good + line([Double](zeros.dropLast()), 1) + "\n", "line 2: it has 187 numbers, not 188"),
      (good + line(zeros + [0], 1), "line 2: it has more than 188 numbers"),
      (good + line(zeros, 5), "line 2: its class is 5.0, and there are 0 to 4"),
      (good + line(zeros, 0.5), "line 2: its class is 0.5"),
      (good + "\n" + line([.nan] + zeros.dropLast(), 0), "line 3: number 1 is none"),
      (line([Double](repeating: 1e300, count: 187), 0), "line 1: number 1 is none"),
      (String(good.dropLast(4)), "line 1: number 188 is none"),
      ("1;2;3", "line 1: after number 1 comes no comma"),
    ] {
      XCTAssertThrowsError(try KaggleRows(Array(text.utf8), path: "t.csv"), part) {
        XCTAssertTrue("\($0)".contains(part), "\($0)")
      }
    }
  }

  /// Two tables are one set; the second is the test file. One alone is refused.
  func testTheTwoTables() throws {
    let set = try made()
    func text(_ indices: [Int]) -> String {
      indices.map {
        line(set.row($0).map(Double.init), Double(set.classes[$0])) + "\n"
      }.joined()
    }
    let order = set.classes.indices.filter { !set.isOfTestFile[$0] }
    let tests = set.classes.indices.filter { set.isOfTestFile[$0] }
    try write(text(order), to: "k/archive/mitbih_train.csv")
    XCTAssertThrowsError(try MITDatabase.read(path("k"))) {
      XCTAssertTrue("\($0)".contains("mitbih_test.csv is missing"), "\($0)")
    }
    try write(text(tests), to: "k/archive/mitbih_test.csv")
    try write("other beats", to: "k/archive/ptbdb_normal.csv")
    let read = try MITDatabase.read(path("k"))
    XCTAssertEqual(read.values, (order + tests).flatMap { set.row($0) })
    XCTAssertEqual(read.isOfTestFile.count { $0 }, tests.count)
    XCTAssertEqual(read.noun, "tables")
    XCTAssertEqual(read.summary, "2 tables, \(set.beatCount) heartbeats")
    let file = try read.save(in: path("s"))
    let loaded = try HeartbeatStore.load(file)
    XCTAssertEqual(loaded.values, read.values)
    XCTAssertEqual(loaded.origin, .tables)
    XCTAssertEqual(loaded.isOfTestFile, read.isOfTestFile)
    XCTAssertThrowsError(try loaded.write(to: path("w")) { _, _ in })
    // they are not the database's
    XCTAssertEqual(read.comparison(with: nil)?.isAlike, false)
  }
}
