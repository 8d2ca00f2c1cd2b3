import Examples
import Foundation
import TensorCore
import XCTest

@testable import Recordings
@testable import Signals

/// Heartbeats: the rule, the hashes, the sets, the table formats and the store. The rows are compared with those that
/// NumPy cuts (Tests/Reference/heartbeats.py, wfdb_files.py).
final class HeartbeatTests: FolderTestCase {
  private static let made = Result {
    try SyntheticHearts.make(count: 5, seed: 5, minutes: 1) { _, _ in }
  }

  private func rows(_ signal: [Int16], _ marks: [(Int, UInt8)]) throws -> HeartbeatRows {
    try HeartbeatRows(
      signal, WFDBAnnotations(marks.map { .init(sample: $0.0, code: $0.1) }))
  }

  /// Annotations at 3, 9 (a rhythm), 39 and 49 of 60 samples. The first beat is cut from 3 to
  /// 9 + ⌊0.2 · 30⌋ = 15, so 3, 6, 9, 12; the second from 39 to 49 + ⌊0.2 · 11⌋ = 51, so 39, 42, 45, 48.
  func testTheRuleByHand() throws {
    var signal = [Int16](repeating: 100, count: 60)
    for (place, value) in [
      (3, 10), (6, 30), (9, 14), (12, 25), (39, -7), (42, -7), (45, 0), (48, -3),
    ] {
      signal[place] = Int16(value)
    }
    let rows = try rows(signal, [(3, 1), (9, 28), (39, 5), (49, 12)])
    XCTAssertEqual(rows.classes, [0, 2])
    XCTAssertEqual(rows.samples, [3, 39])
    XCTAssertEqual([rows.annotationCount, rows.beatCount], [4, 3])
    let expected: [[Float]] = [
      [0, 1, Float(4.0 / 20), 0.75], [0, 0, 1, Float(4.0 / 7)],
    ]
    for (index, values) in expected.enumerated() {
      let row = Array(rows.values[(index * 187)..<((index + 1) * 187)])
      XCTAssertEqual(Array(row.prefix(values.count)), values)
      XCTAssertTrue(row.dropFirst(values.count).allSatisfy { $0 == 0 })
    }
  }

  /// A long cut is scaled by all of it, also by what a row has no room for; a flat one is zero.
  func testLongAndFlatCuts() throws {
    var signal = [Int16](repeating: 5, count: 2000)
    signal[0] = 0
    signal[1197] = 20
    let rows = try rows(signal, [(0, 1), (1200, 1), (1210, 1), (1220, 1)])
    XCTAssertEqual(Array(rows.values[0..<187]), [0] + [Float](repeating: 0.25, count: 186))
    XCTAssertEqual(rows.values[187...].max(), 0)
    XCTAssertEqual(rows.classes.count, 3)
  }

  func testAnnotationsThatDoNotFollowEachOtherAreSentences() {
    let signal = [Int16](repeating: 0, count: 50)
    for (marks, part) in [
      ([(5, 1), (4, 1)], "annotation 2 is at sample 4, before the one before it"),
      ([(5, 1), (50, 1)], "annotation 2 is at sample 50, after the last of its 50"),
      ([(5, 1), (5, 1), (5, 1)], "annotations 1 and 2 are at the same sample, 5"),
    ] as [([(Int, UInt8)], String)] {
      XCTAssertThrowsError(try rows(signal, marks), part) {
        XCTAssertTrue("\($0)".contains(part), "\($0)")
      }
    }
  }

  /// Every code of a beat, and no other.
  func testClasses() {
    for (symbols, number) in [
      ("NLRej", 0), ("AaJS", 1), ("VE", 2), ("F", 3), ("/fQ", 4),
    ] {
      for symbol in symbols {
        let code = WFDBAnnotations.codes[symbol]
        XCTAssertEqual(code.flatMap { HeartbeatClass.byCode[Int($0)]?.rawValue }, number)
      }
    }
    XCTAssertEqual(HeartbeatClass.byCode.count { $0 != nil }, 15)
  }

  /// FNV-1a of the bytes of 187 zeros and of 187 ones, by its definition in Python.
  func testHashes() {
    XCTAssertEqual(
      HeartbeatRows.hashes(
        [Float](repeating: 0, count: 187) + [Float](repeating: 1, count: 187)),
      [0x3D33_4905_D000_1615, 0xC4DB_558B_F061_5908])
  }

  // MARK: - Synthetic records

  /// The tool's own records, read by wfdb and cut by NumPy.
  func testSyntheticRecordsAreWhatWFDBReads() throws {
    let made = try Self.made.get()
    let folder = path("written")
    try made.write(to: folder) { _, _ in }
    let expected = try WFDBTests.listing().synthetic
    XCTAssertEqual(expected.map(\.name), ["s001", "s005"])
    for record in expected {
      for ending in ["hea", "dat", "atr"] {
        XCTAssertEqual(
          try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(record.name).\(ending)")),
          try Data(contentsOf: fixture("synthetic-hearts/\(record.name).\(ending)")), record.name)
      }
      let signals = try XCTUnwrap(made.signals.first { $0.name == record.name })
      for (lead, signal) in zip(signals.leads, record.signals) {
        XCTAssertEqual(lead.samples.count, record.length)
        WFDBTests.check(lead.samples, signal, record.name)
      }
      let annotations = signals.annotations.all
      XCTAssertEqual(String(annotations.compactMap(\.symbol)), record.symbols)
      XCTAssertEqual(annotations.map(\.sample), record.samples)
      XCTAssertEqual(annotations.map(\.text).filter { !$0.isEmpty }, record.texts)
      let own = try XCTUnwrap(made.records.first { $0.name == record.name })
      let hashes = HeartbeatRows.hashes(
        Array(made.values[(own.rows.lowerBound * 187)..<(own.rows.upperBound * 187)]))
      XCTAssertEqual(
        hashes, record.hashes.map { UInt64($0, radix: 16) ?? 0 }, record.name)
    }
    let read = try MITDatabase.read(folder)
    XCTAssertTrue(read.isSynthetic)
    XCTAssertEqual(read.values, made.values)
    XCTAssertEqual(read.classes, made.classes)
    XCTAssertEqual(read.isOfTestFile, made.isOfTestFile)
  }

  func testTheSameSeedGivesTheSameRecords() throws {
    let again = try SyntheticHearts.make(count: 5, seed: 5, minutes: 1) { _, _ in }
    XCTAssertEqual(again.signals, try Self.made.get().signals)
    let other = try SyntheticHearts.make(count: 5, seed: 6, minutes: 1) { _, _ in }
    XCTAssertNotEqual(other.signals, again.signals)
    // and each record by itself
    let fewer = try SyntheticHearts.make(count: 2, seed: 5, minutes: 1) { _, _ in }
    XCTAssertEqual(fewer.signals, Array(again.signals.prefix(2)))
  }

  /// All classes, paced beats in every fifth record only, R waves where the annotations are.
  func testTheDefaultSetHasEveryClass() throws {
    let set = try Heartbeats().load(.synthetic, strict: true) { _, _ in }
    XCTAssertEqual(set.count, 20)
    XCTAssertTrue(set.classCounts.allSatisfy { $0 > 300 }, "\(set.classCounts)")
    XCTAssertGreaterThan(set.classCounts[0], 2 * (set.classCounts[2]))
    for (index, record) in set.records.enumerated() {
      XCTAssertEqual(set.classes[record.rows].contains(4), index % 5 == 4, record.name)
    }
    XCTAssertTrue(set.values.allSatisfy { (0...1).contains($0) })
    for split in ["beats", "patients"] {
      let data = try Heartbeats().prepare(set, ["split": split])
      XCTAssertEqual(Set(data.split.training.labels).count, 5)
      XCTAssertEqual(Set(data.split.validation.labels).count, 5)
      XCTAssertTrue(data.isSynthetic)
    }
  }

  // MARK: - Sets

  /// Of each class a twentieth of the training file and half of the test file, those with the smallest
  /// hashes, whatever the order.
  func testTheSetsFollowFromTheRows() throws {
    let made = try Heartbeats().load(.synthetic, strict: true) { _, _ in }
    let parts = try made.parts(.beats)
    let hashes = HeartbeatRows.hashes(made.values)
    for number in 0..<5 {
      let own = made.classes.indices.filter { made.classes[$0] == UInt8(number) }
      for (side, share, part) in [
        (false, 20, HeartbeatPart.validation), (true, 2, .holdOut),
      ] {
        let members = own.filter { made.isOfTestFile[$0] == side }
        let chosen = members.filter { parts[$0] == part }
        XCTAssertEqual(chosen.count, members.count / share)
        let largest = chosen.map { hashes[$0] }.max() ?? 0
        XCTAssertTrue(
          members.allSatisfy { parts[$0] == part || hashes[$0] > largest }, "\(number)")
      }
    }
    let order = Array(made.classes.indices.reversed())
    let reversed = HeartbeatSet(
      .tables, records: [], values: order.flatMap { made.row($0) },
      classes: order.map { made.classes[$0] }, samples: [],
      isOfTestFile: order.map { made.isOfTestFile[$0] }, source: "")
    XCTAssertEqual(try reversed.parts(.beats), parts.reversed())
    XCTAssertThrowsError(try reversed.parts(.patients)) {
      XCTAssertTrue("\($0)".contains("do not say which patient"), "\($0)")
    }
  }

  /// 48 records, none on both sides; 201 and 202 are one patient; the paced ones are dealt out.
  func testPatients() {
    let trained = HeartbeatSet.trainingPatients
    XCTAssertEqual(trained.count, 25)
    XCTAssertEqual(KaggleTestRows.rows.count, 48)
    XCTAssertTrue(trained.isSubset(of: KaggleTestRows.rows.keys))
    XCTAssertTrue(trained.isSuperset(of: ["201", "202", "102", "107"]))
    XCTAssertTrue(trained.isDisjoint(with: ["104", "217", "100", "234"]))
  }

  func testKagglesMembershipHasAllRows() {
    let names = KaggleTestRows.rows.keys.sorted()
    XCTAssertEqual(KaggleTestRows.rows.values.reduce(0, +), KaggleTestRows.rowCount)
    let all = names.flatMap { KaggleTestRows.membership(ofRecord: $0) ?? [] }
    XCTAssertEqual(all.count, KaggleTestRows.rowCount)
    XCTAssertEqual(all.count { $0 }, 21892)
    XCTAssertNil(KaggleTestRows.membership(ofRecord: "s001"))
  }

  // MARK: - Tokens

  func testTokens() throws {
    let made = try Heartbeats().load(.synthetic, strict: true) { _, _ in }
    let kind = Heartbeats()
    let parts = try made.parts(.beats)
    let first = try XCTUnwrap(parts.firstIndex(of: .validation))
    let row = Array(made.row(first))
    for (patch, shape) in [
      ("11", [1, 17, 11]), ("17", [1, 11, 17]), ("1", [1, 187, 1]), ("187", [1, 187]),
    ] {
      let data = try kind.prepare(made, ["patch": patch])
      let batch = data.split.validation.batch([0])
      XCTAssertEqual(batch.X.shape, Shape(shape))
      XCTAssertEqual(batch.X.array, row)
      let noise = try kind.noise(3, seed: 1, ["patch": patch])
      XCTAssertEqual(Array(noise.examples.batch([0]).X.shape.dimensions), shape)
      XCTAssertEqual(noise.sizes, data.sizes)
    }
    let data = try kind.prepare(made, [:])
    XCTAssertEqual(data.sizes, ["tokenCount": 17, "channelCount": 11, "classCount": 5])
    XCTAssertEqual(data.classes, ["N", "S", "V", "F", "Q"])
    XCTAssertEqual(
      data.split.validation.names[0],
      "\(made.records.first { $0.rows.contains(first) }?.name ?? ""):\(made.samples[first])")
    let counts = try ["test", "hold-out", "test-file"].map {
      try kind.prepare(made, ["figures": $0]).split.validation.count
    }
    XCTAssertEqual(counts[2], counts[0] + counts[1])
    for (name, value) in [
      ("patch", "12"), ("patch", "0"), ("split", "records"), ("figures", "training"),
      ("balanced-count", "4"), ("tokens", "17"),
    ] {
      XCTAssertThrowsError(try kind.check([name: value]), name) {
        XCTAssertTrue("\($0)".contains(name), "\($0)")
      }
    }
  }

  /// All four at once, by beats and by patients: each is what figures would be of under its name, and no beat is in
  /// two. Where figures are of another set, a search has nothing to choose by.
  func testTheFourSets() throws {
    let made = try Heartbeats().load(.synthetic, strict: true) { _, _ in }
    for split in ["beats", "patients"] {
      let sets = try Heartbeats().prepare(made, ["patch": "187", "split": split]).split
      var rows: [Int] = []
      for (name, set) in [
        ("validation", sets.validation), ("test", try XCTUnwrap(sets.test)),
        ("hold-out", try XCTUnwrap(sets.holdOut)),
      ] {
        let alone = try Heartbeats().prepare(
          made, ["patch": "187", "split": split, "figures": name]
        ).split
        XCTAssertEqual(alone.validation.inputs[0].firstRows, set.inputs[0].firstRows, name)
        XCTAssertEqual(alone.validation.labels, set.labels)
        XCTAssertEqual(alone.test == nil, name != "validation")
        XCTAssertEqual(alone.holdOut == nil, name != "validation")
        rows += set.inputs[0].firstRows
      }
      rows += sets.training.inputs[0].firstRows
      XCTAssertEqual(rows.count, Set(rows).count)
      XCTAssertEqual(rows.count, made.beatCount)
    }
  }

  /// As many of each class, each as often as another or once more.
  func testBalancedDraws() throws {
    let made = try Heartbeats().load(.synthetic, strict: true) { _, _ in }
    let data = try Heartbeats().prepare(made, ["balanced-count": "5003"])
    let drawn = try data.training("balanced", seed: 4)
    XCTAssertEqual(drawn.source, .all)
    XCTAssertEqual(
      (Int32(0)..<5).map { number in drawn.examples.labels.count { $0 == number } },
      [Int](repeating: 1000, count: 5))
    for number in Int32(0)..<5 {
      let places = drawn.examples.labels.indices.filter { drawn.examples.labels[$0] == number }
      let counts = Dictionary(grouping: places.map { drawn.examples.inputs[0].firstRows[$0] }) {
        $0
      }.mapValues(\.count)
      let (least, most) = (counts.values.min() ?? 0, counts.values.max() ?? 0)
      XCTAssertLessThanOrEqual(most - least, 1, "\(number)")
    }
    let again = try data.training("balanced", seed: 4).examples.inputs[0].firstRows
    XCTAssertEqual(again, drawn.examples.inputs[0].firstRows)
    XCTAssertNotEqual(
      try data.training("balanced", seed: 5).examples.inputs[0].firstRows, again)
  }

  func testAClassThatIsMissingIsASentence() throws {
    let one = try SyntheticHearts.make(count: 1, seed: 1, minutes: 1) { _, _ in }
    XCTAssertThrowsError(try Heartbeats().prepare(one, [:])) {
      XCTAssertTrue("\($0)".contains("no beat of the training set is of class Q"), "\($0)")
    }
  }

  // MARK: - The store

  func testTheStoreKeepsEverything() throws {
    let made = try Self.made.get()
    let file = try made.save(in: path("s"))
    XCTAssertEqual(file, path("s/heartbeats.store"))
    XCTAssertEqual(try Heartbeats().find(path("s"), localStore: ""), .store(path: file))
    XCTAssertEqual(try Heartbeats().find(nil, localStore: path("s")), .store(path: file))
    XCTAssertEqual(try Heartbeats().find(nil, localStore: path("t")), .synthetic)
    let loaded = try HeartbeatStore.load(file)
    XCTAssertEqual(loaded.values, made.values)
    XCTAssertEqual(loaded.classes, made.classes)
    XCTAssertEqual(loaded.samples, made.samples)
    XCTAssertEqual(loaded.isOfTestFile, made.isOfTestFile)
    XCTAssertEqual(loaded.records, made.records)
    XCTAssertEqual(loaded.inventory, made.inventory)
    XCTAssertEqual(loaded.source, made.source)
    XCTAssertTrue(loaded.isSynthetic)
    XCTAssertTrue(try Heartbeats().isSynthetic(.store(path: file)))
    // the other kind's store beside it is another file
    XCTAssertEqual(try RecordingSet.find(path("s")), .archive(path: path("s")))
    XCTAssertThrowsError(try Heartbeats().find(path("s/x.store"), localStore: ""))
  }

  func testADamagedStoreIsNoticed() throws {
    let file = try Self.made.get().save(in: path("s"))
    let whole = try Data(contentsOf: URL(fileURLWithPath: file))
    for place in [0, 8, 12, 16, 24, 31, 32, 45, 90, whole.count / 2, whole.count - 1] {
      var bytes = whole
      bytes[place] ^= 0xFF
      try bytes.write(to: URL(fileURLWithPath: file))
      XCTAssertThrowsError(try HeartbeatStore.load(file), "byte \(place)") {
        XCTAssertTrue("\($0)".contains("is damaged: "), "\($0)")
      }
    }
    for length in [0, 7, 39, 100, whole.count - 1] {
      try whole.prefix(length).write(to: URL(fileURLWithPath: file))
      XCTAssertThrowsError(try HeartbeatStore.load(file), "cut to \(length)")
    }
  }
}
