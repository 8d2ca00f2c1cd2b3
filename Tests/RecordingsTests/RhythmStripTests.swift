import Examples
import Foundation
import TensorCore
import XCTest

@testable import Recordings
@testable import Signals

/// Strips against NumPy (Tests/Reference/rhythm_strips.py), and the figures of the unit's specification, which are
/// PyTorch's and NumPy's.
final class RhythmStripTests: FolderTestCase {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      let name: String
      let samples: [Int16]
      let length: Int
      let inside: [Int]
      let turned: Bool
      let values: [Float]
    }
    struct Real: Decodable {
      let name: String
      let inside: [Int]
      let turned: Bool
      let first, middle, last: [Float]
      let sum, squares: Double
    }
    let cases: [Case]
    let real: [Real]
  }

  private func loadFixture() throws -> Fixture {
    try JSONDecoder().decode(
      Fixture.self, from: Data(contentsOf: fixture("rhythm-strips.json")))
  }

  /// Within a rounding: sums of doubles in another order round to the neighbouring single number now and then.
  private func assertEqual(_ own: some Sequence<Float>, _ other: [Float], _ message: String) {
    let own = Array(own)
    XCTAssertEqual(own.count, other.count, message)
    for (index, (left, right)) in zip(own, other).enumerated() {
      XCTAssertEqual(left, right, accuracy: abs(right).ulp, "\(message), value \(index)")
    }
  }

  func testStripsAsNumPyMakesThem() throws {
    for own in try loadFixture().cases {
      let strip = RhythmStrip(own.samples, length: own.length)
      assertEqual(strip.values, own.values, own.name)
      XCTAssertEqual(
        [strip.trueRange.lowerBound, strip.trueRange.upperBound], own.inside, own.name)
      XCTAssertEqual(strip.isTurned, own.turned, own.name)
    }
  }

  /// Signals of any gain, offset and polarity give one strip.
  func testWhatAStripForgets() throws {
    let samples = SyntheticRecordings.make(count: 1, seed: 3, labels: [.other])[0].samples
      .map { min(max($0, -3000), 3000) }
    let strip = RhythmStrip(samples, length: 3000)
    for (gain, offset) in [(3, 0), (1, 700), (-1, 0), (-2, -500)] as [(Int16, Int16)] {
      let other = RhythmStrip(samples.map { $0 * gain + offset }, length: 3000)
      XCTAssertEqual(other.isTurned, strip.isTurned != (gain < 0))
      for (left, right) in zip(strip.values, other.values) {
        XCTAssertEqual(left, right, accuracy: 1e-5)
      }
    }
  }

  /// One value too few is a zero behind.
  func testAStripWithoutPaddingIsWhole() {
    let samples = SyntheticRecordings.make(count: 1, seed: 3, labels: [.normal])[0].samples
    let long = samples + samples + samples
    XCTAssertTrue(RhythmStrip.isWhole(RhythmStrip(Array(long.prefix(9000)), length: 3000).values))
    for count in [8997, 8990, 3000] {
      XCTAssertFalse(
        RhythmStrip.isWhole(RhythmStrip(Array(long.prefix(count)), length: 3000).values), "\(count)"
      )
    }
    XCTAssertFalse(RhythmStrip.isWhole([]))
  }

  // MARK: - Sets

  private func prepared(_ recordings: RecordingSet) throws -> PreparedStrips {
    try PreparedStrips(recordings, options: .init())
  }

  /// Every example is the strip of the recording of its name, wherever the permutation put it.
  func testExamplesBelongToTheirRecordings() throws {
    let recordings = SyntheticRecordings.makeEvenly(
      count: 80, seed: 4, labels: [.normal, .fibrillation, .other, .noisy]
    ) { _, _ in }
    let data = try prepared(recordings)
    XCTAssertEqual(data.training.count, 48)
    XCTAssertEqual(data.validation.count, 12)
    var generator = MersenneTwister(seed: 12345)
    let order = generator.permutation(60)
    let chosen = recordings.filter { $0.label != .noisy }
    XCTAssertEqual(
      data.training.names + data.validation.names, order.map { chosen[$0].name })
    for set in [data.training, data.validation] {
      let batch = set.batch(Array(0..<set.count)[...])
      XCTAssertEqual(batch.X.shape, [set.count, 3000, 1])
      let values = batch.X.array
      for (index, name) in set.names.enumerated() {
        let recording = try XCTUnwrap(chosen.first { $0.name == name })
        XCTAssertEqual(
          Array(values[(index * 3000)..<((index + 1) * 3000)]),
          RhythmStrip(recording.samples, length: 3000).values)
        XCTAssertEqual(RhythmStrips.labels[Int(set.labels[index])], recording.label)
      }
    }
  }

  /// Other labels and lengths: sizes, classes and figures follow.
  func testOtherChoices() throws {
    let recordings = SyntheticRecordings.makeEvenly(
      count: 40, seed: 5, labels: [.normal, .other]
    ) { _, _ in }
    let data = try RhythmStrips().prepare(recordings, ["labels": "O,N", "seconds": "8"])
    XCTAssertEqual(data.sizes, ["stepCount": 800, "classCount": 2])
    XCTAssertEqual(data.classes, ["O", "N"])
    XCTAssertEqual(data.split.training.batch([0]).X.shape, [1, 800, 1])
    let named = Dictionary(uniqueKeysWithValues: recordings.map { ($0.name, $0.label) })
    for (name, label) in zip(data.split.training.names, data.split.training.labels) {
      XCTAssertEqual(named[name], label == 0 ? .other : .normal)
    }
    XCTAssertTrue(data.report.contains("chosen: 40 (20 O, 20 N), shares 0.50000, 0.50000"))
    XCTAssertTrue(data.report.contains("strips: 40 x 800 at 100 Hz"), data.report)
    XCTAssertTrue(data.report.contains(" 100.00 % true samples"), data.report)
  }

  func testWrongChoicesSayWhy() {
    for (settings, part) in [
      (["labels": "N"], "labels is N; give two or more"),
      (["labels": "N,X"], "labels is N,X; give some of N, A, O and ~"),
      (["seconds": "0"], "seconds is 0; give a whole number from 1 to 61"),
      (["window": "4"], "rhythm-strips has no setting window; it has labels, seconds"),
    ] {
      XCTAssertThrowsError(try RhythmStrips().check(settings)) {
        XCTAssertTrue("\($0)".contains(part), "\($0)")
      }
    }
    let normal = SyntheticRecordings.make(count: 9, seed: 1, labels: [.normal])
    XCTAssertThrowsError(try RhythmStrips().prepare(normal, [:])) {
      XCTAssertTrue(
        "\($0)".contains("no training recording is labelled A among 9 of N, A and O"), "\($0)")
    }
    XCTAssertThrowsError(try RhythmStrips().prepare(RecordingSet([], source: ""), [:])) {
      XCTAssertTrue("\($0)".contains("no training recording is labelled N"), "\($0)")
    }
  }

  /// As many of each label, each as `make` makes it alone, under one numbering.
  func testTheSyntheticSetIsEven() throws {
    let kind = RhythmStrips()
    XCTAssertEqual(kind.syntheticSet.count, 1860)
    XCTAssertEqual(kind.syntheticSet.seed, 2017)
    var told: [Int] = []
    let set = try kind.synthetic(count: 11, seed: 6, settings: [:]) { done, total in
      told.append(done)
      XCTAssertEqual(total, 11)
    }
    XCTAssertTrue(set.isSynthetic)
    XCTAssertEqual(told, [4, 8, 11])
    XCTAssertEqual(
      set.map(\.name), (1...11).map { "A000" + ($0 < 10 ? "0" : "") + "\($0)" })
    XCTAssertEqual(
      set.map(\.label),
      [RhythmLabel](repeating: .normal, count: 4)
        + [RhythmLabel](repeating: .fibrillation, count: 4)
        + [RhythmLabel](repeating: .other, count: 3))
    XCTAssertEqual(
      set[4..<8].map(\.samples),
      SyntheticRecordings.make(count: 4, seed: 6, labels: [.fibrillation]).map(\.samples))
    let noisy = try kind.synthetic(count: 4, seed: 6, settings: ["labels": "~,N"]) { _, _ in }
    XCTAssertEqual(noisy.map(\.label), [.noisy, .noisy, .normal, .normal])
  }

  func testNoiseHasTheSameShapes() throws {
    let noise = try RhythmStrips().noise(7, seed: 1, ["seconds": "2"])
    XCTAssertEqual(noise.sizes, ["stepCount": 200, "classCount": 3])
    XCTAssertEqual(noise.examples.batch([0, 6]).X.shape, [2, 200, 1])
    XCTAssertTrue(noise.examples.labels.allSatisfy { (0..<3).contains($0) })
    XCTAssertEqual(Set(try RhythmStrips().noise(60, seed: 1, [:]).examples.labels), [0, 1, 2])
  }

  // MARK: - Real recordings

  /// Read once for all tests.
  nonisolated(unsafe) private static var loaded: RecordingSet?

  private func challenge() throws -> RecordingSet {
    if let loaded = Self.loaded { return loaded }
    let set = try RealData.load(RhythmStrips()) {
      $0 == "REFERENCE.csv" || $0.hasPrefix("training2017") && !$0.hasSuffix(".md")
    }
    Self.loaded = set
    return set
  }

  /// Some recordings as NumPy prepares what SciPy reads.
  func testRealStrips() throws {
    let recordings = try challenge()
    let fixture = try loadFixture().real
    XCTAssertEqual(fixture.count, 11)
    for own in fixture {
      let recording = try XCTUnwrap(recordings.first { $0.name == own.name })
      let strip = RhythmStrip(recording.samples, length: 3000)
      let inside = strip.trueRange
      XCTAssertEqual([inside.lowerBound, inside.upperBound], own.inside, own.name)
      XCTAssertEqual(strip.isTurned, own.turned, own.name)
      assertEqual(strip.values[inside.lowerBound..<(inside.lowerBound + 4)], own.first, own.name)
      assertEqual(strip.values[1500..<1504], own.middle, own.name)
      assertEqual(strip.values[(inside.upperBound - 4)..<inside.upperBound], own.last, own.name)
      XCTAssertEqual(
        strip.values.reduce(0.0) { $0 + Double($1) }, own.sum, accuracy: 1e-4, own.name)
      XCTAssertEqual(
        strip.values.reduce(0.0) { $0 + Double($1) * Double($1) }, own.squares, accuracy: 1e-3,
        own.name)
    }
  }

  /// Sections 8.1 to 8.3 of the unit's specification, measured with NumPy 2.4 and PyTorch 2.15.
  func testTheFiguresOnTheRealArchive() throws {
    let recordings = try challenge()
    XCTAssertEqual(recordings.labelRevision, .revision2)
    let data = try RhythmStrips().prepare(recordings, [:])
    XCTAssertEqual(
      data.report,
      """
      chosen: 8244 (5050 N, 738 A, 2456 O), shares 0.61257, 0.08952, 0.29791
      length in samples at 300 Hz: min 2714, median 9000, max 18286
      below 9000: 828 (521 N, 113 A, 194 O); 9000: 5852 (3678, 499, 1675); above: 1564 (851, 126, 587)
      minimum, mean, maximum: N 2714, 9629.5, 18286; A 2996, 9631.3, 18062; O 2738, 10318.2, 18258
      strips: 8244 x 3000 at 100 Hz, 29.75 % turned upright, 0.04 % of the samples at a limit, \
      96.12 % true samples
      mean -0.000187, standard deviation 0.982177
      training recordings: 6595 (4050 N, 594 A, 1951 O)
      validation recordings: 1649 (1000 N, 144 A, 505 O)
      permutation: 2562, 7795, 5357, 6636, 5928, 4228, 5254, 3414, …
      class weights: 0.54280, 3.70090, 1.12677
      always N: accuracy 0.6064, mean F1 0.2517
      """)
    XCTAssertTrue(data.isWhole)
    // places beyond the whole numbers of a Float
    XCTAssertEqual(data.split.training.inputs[0].table.rowCount, 24_732_000)
    XCTAssertGreaterThan(data.split.training.inputs[0].firstRows.max() ?? 0, 1 << 24)
  }
}
