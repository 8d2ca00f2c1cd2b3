import Examples
import Foundation
import TensorCore
import XCTest

@testable import Recordings
@testable import Signals

/// Beats in strips, premature ones put between them, and what maps are tested by, against NumPy and SciPy
/// (Tests/Reference/rhythm_strips.py).
final class StripMapTests: XCTestCase {
  private struct Fixture: Decodable {
    struct Beats: Decodable {
      struct Implant: Decodable {
        let beat, place: Int
        let near: [Float]
        let sum: Double
      }
      let name: String
      let values: [Int]
      let peaks, room: [Int]
      let implants: [Implant]
    }
    struct Masking: Decodable {
      let name: String
      let map: [Float]
      let drops, means, outcome: [Double]
      let orders: [[Int]]
      let high, low: [Int]
      let correlation: Double
    }
    struct Mean: Decodable {
      let width: Int
      let values: [Float]
      let means: [Double]
    }
    struct Implant: Decodable {
      let name: String
      let peaks, room, beat, place: Int
      let sum: Double
    }
    struct Trials: Decodable {
      struct Outcome: Decodable {
        let `class`: Int
        let correlation, high, random, low: Double
      }
      let outcomes: [Outcome]
      let count: Int
      let pointing, deletion, insertion, areas: [Double]
    }
    let beats: [Beats]
    let trials: [Trials]
    let occlusion: [Masking]
    let means: [Mean]
    let implants: [Implant]
  }

  private func loadFixture() throws -> Fixture {
    try JSONDecoder().decode(
      Fixture.self, from: Data(contentsOf: fixture("rhythm-strips.json")))
  }

  func testPeaksAndImplants() throws {
    let cases = try loadFixture().beats
    XCTAssertEqual(cases.map(\.implants.count).reduce(0, +), 4)
    for own in cases {
      let values = own.values.map { Float($0) / 64 }
      let beats = StripBeats(values)
      XCTAssertEqual(beats.peaks, own.peaks, own.name)
      XCTAssertEqual(beats.beatsToFollow, own.room, own.name)
      for implant in own.implants {
        let made = try XCTUnwrap(beats.withPrematureBeat(after: implant.beat), own.name)
        XCTAssertEqual(made.place, implant.place, own.name)
        for (index, value) in implant.near.enumerated() {
          XCTAssertEqual(
            made.values[made.place - 60 + 6 * index], value, accuracy: 1e-5, own.name)
        }
        XCTAssertEqual(
          made.values.reduce(0.0) { $0 + Double($1) }, implant.sum, accuracy: 1e-2, own.name)
      }
      let first = own.room.first ?? 0
      XCTAssertNil(beats.withPrematureBeat(after: first - 1), own.name)
    }
  }

  func testNothingHasNoBeats() {
    for values in [[], [Float](repeating: 0, count: 300), [-1, -2, -1], [1]] as [[Float]] {
      let beats = StripBeats(values)
      XCTAssertEqual(beats.peaks, values == [1] ? [0] : [])
      XCTAssertEqual(beats.beatsToFollow, [])
      XCTAssertNil(beats.withPrematureBeat(after: 0))
    }
  }

  func testOcclusion() throws {
    for own in try loadFixture().occlusion {
      let test = Occlusion(length: own.map.count, width: 4)
      XCTAssertEqual(test.windows.count, 15)
      XCTAssertEqual(test.windows.last, 56..<60)
      let means = test.means(of: own.map)
      XCTAssertEqual(means, own.means, own.name)
      let choices = test.choices(means: means, orders: own.orders)
      XCTAssertEqual(choices.count, own.drops.count)
      XCTAssertEqual(Array(choices[..<15]), (0..<15).map { [$0] })
      XCTAssertEqual(choices[15], own.high, own.name)
      XCTAssertEqual(choices[16], own.low, own.name)
      XCTAssertEqual(Array(choices[17...]), own.orders.map { Array($0.prefix(3)) })
      let outcome = test.outcome(means: means, drops: own.drops)
      XCTAssertEqual(outcome.rankCorrelation, own.correlation, accuracy: 1e-12, own.name)
      XCTAssertEqual([outcome.high, outcome.random, outcome.low], own.outcome, own.name)
      let masked = test.masked(own.map, [14, 1])
      for (index, value) in masked.enumerated() {
        let isMasked = (4..<8).contains(index) || (56..<60).contains(index)
        XCTAssertEqual(value, isMasked ? 0 : own.map[index])
      }
    }
    XCTAssertEqual(Occlusion.margin([3, 5, 1], of: 1), 3)
    XCTAssertEqual(Occlusion(length: 3, width: 4).windows, [])
    XCTAssertEqual(Occlusion(length: 3000, width: 200).windows.count, 15)
  }

  func testPointing() throws {
    for own in try loadFixture().means {
      let means = Pointing.movingMean(own.values, over: own.width)
      for (mean, wanted) in zip(means, own.means) {
        XCTAssertEqual(mean, wanted, accuracy: 1e-12, "width \(own.width)")
      }
    }
    var map = [Float](repeating: 0, count: 3000)
    for index in 900..<1100 { map[index] = 1 }
    let test = Pointing()
    // the mean over 2 s is largest where all of it lies in 900 to 1099: at 1000
    XCTAssertTrue(test.hits(map, 1000))
    XCTAssertTrue(test.hits(map, 900))
    XCTAssertTrue(test.hits(map, 1100))
    XCTAssertFalse(test.hits(map, 1101))
    XCTAssertFalse(test.hits(map, 899))
    XCTAssertEqual(test.chance(length: 3000), 0.067, accuracy: 1e-9)
    XCTAssertFalse(test.hits([], 0))
    // as it is: the first of the largest
    var raw = test
    raw.width = 1
    raw.tolerance = 0
    XCTAssertTrue(raw.hits(map, 900))
  }

  /// A network that is a formula: maps |x| - 1/2, x²/4 - 1/4 and (x⁴ - x²)/16, logits their means.
  private static func answers(_ strips: [[Float]]) -> [MapTrials.Answer] {
    strips.map { strip in
      let x = strip.map(Double.init)
      let maps = [
        x.map { abs($0) - 0.5 }, x.map { $0 * $0 / 4 - 0.25 },
        x.map { ($0 * $0 * $0 * $0 - $0 * $0) / 16 },
      ]
      return MapTrials.Answer(
        logits: maps.map { Float($0.reduce(0, +) / Double($0.count)) },
        maps: maps.map { $0.map { Float($0) } })
    }
  }

  /// Orders begin at window 0, 3, 6, 9 in turn; beats are put behind the middle one.
  private func trials(_ network: @escaping MapTrials.Network) -> MapTrials {
    var first = -3
    return MapTrials(
      of: network,
      permutation: { count in
        first = (first + 3) % 12
        return (0..<count).map { (first + $0) % count }
      }, index: { $0 / 2 })
  }

  func testBothTestsOfMaps() throws {
    let fixture = try loadFixture()
    let strips = fixture.beats.map { $0.values.map { Float($0) / 64 } }
    let expected = fixture.trials[0]
    var asked = 0
    let trials = trials {
      asked += 1
      return Self.answers($0)
    }
    // the second is taken for another class
    let labels = strips.indices.map { $0 == 1 ? 1 : 2 }
    let results = try trials.occlusion(zip(strips, labels).map { ($0, $1) })
    XCTAssertEqual(results.map(\.label), [2])
    let outcomes = results[0].outcomes
    XCTAssertEqual(outcomes.count, expected.outcomes.count)
    XCTAssertEqual(asked, 1 + outcomes.count)
    for (own, wanted) in zip(outcomes, expected.outcomes) {
      XCTAssertEqual(own.rankCorrelation, wanted.correlation, accuracy: 1e-9)
      XCTAssertEqual(own.high, wanted.high, accuracy: 1e-5)
      XCTAssertEqual(own.random, wanted.random, accuracy: 1e-5)
      XCTAssertEqual(own.low, wanted.low, accuracy: 1e-5)
    }
    let figures = MapTrials.figures(outcomes)
    XCTAssertEqual(figures.count, outcomes.count)
    XCTAssertEqual(
      figures.high, outcomes.map(\.high).reduce(0, +) / Double(outcomes.count), accuracy: 1e-12)
    XCTAssertEqual(figures.highAboveLow, 1)
    let fewer = try self.trials(Self.answers).occlusion(
      zip(strips, labels).map { ($0, $1) }, perClass: 2)
    XCTAssertEqual(fewer[0].outcomes, Array(outcomes.prefix(2)))
    // the same by two masks a strip
    let short = try self.trials(Self.answers).highAboveLow(zip(strips, labels).map { ($0, $1) })
    XCTAssertEqual([short.share, Double(short.count)], [1, Double(outcomes.count)])

    let pairs = zip(strips, labels).map { (values: $0, label: $1) }
    let curves = try XCTUnwrap(try trials.maskingCurves(pairs))
    XCTAssertEqual(curves.deletion.count, 16)
    XCTAssertEqual(curves.insertion.count, 16)
    for (own, wanted) in zip(
      curves.deletion + curves.insertion + [curves.areas.deletion, curves.areas.insertion],
      expected.deletion + expected.insertion + expected.areas)
    {
      XCTAssertEqual(own, wanted, accuracy: 1e-5)
    }
    // all of a strip is gone, or back, whatever the order was
    let random = try XCTUnwrap(try trials.maskingCurves(pairs, isRandom: true))
    XCTAssertEqual(random.deletion.first, curves.deletion.first)
    XCTAssertEqual(random.deletion.last ?? 0, curves.deletion.last ?? 1, accuracy: 1e-12)
    XCTAssertNotEqual(random.deletion, curves.deletion)
    XCTAssertNil(try trials.maskingCurves([(strips[0], 0)]))

    let pointing = try XCTUnwrap(try trials.pointing(strips, at: 2))
    XCTAssertEqual(pointing.count, expected.count)
    for (own, wanted) in zip(
      [
        pointing.hits, pointing.before, pointing.raw, pointing.probabilityBefore,
        pointing.probabilityAfter,
      ], expected.pointing)
    {
      XCTAssertEqual(own, wanted, accuracy: 1e-5)
    }
    XCTAssertEqual(try trials.pointing(strips, at: 2, most: 1)?.count, 1)
    XCTAssertNil(try trials.pointing([strips[3]], at: 2))
  }

  /// A map turned upside down fails both: what it calls evidence costs least, and it points elsewhere.
  func testAWrongMapIsFound() throws {
    let strips = try loadFixture().beats.map { $0.values.map { Float($0) / 64 } }
    let wrong = trials { strips in
      Self.answers(strips).map { answer in
        MapTrials.Answer(logits: answer.logits, maps: answer.maps.map { $0.map { -$0 } })
      }
    }
    let outcomes = try wrong.occlusion(strips.map { ($0, 2) })[0].outcomes
    XCTAssertEqual(MapTrials.figures(outcomes).highAboveLow, 0)
    XCTAssertLessThan(MapTrials.figures(outcomes).rankCorrelation, -0.8)
    XCTAssertEqual(try wrong.highAboveLow(strips.map { ($0, 2) }).share, 0)
    XCTAssertEqual(try wrong.pointing(strips, at: 2)?.hits, 0)
  }

  /// The beats that PyTorch's reference program puts into the first 40 of its 100 normal validation recordings: the same
  /// recordings are found regular, and the same beat is put at the same place.
  func testImplantsInRealRecordings() throws {
    let recordings = try RealData.load(RhythmStrips()) {
      $0 == "REFERENCE.csv" || $0.hasPrefix("training2017") && !$0.hasSuffix(".md")
    }
    var expected = try loadFixture().implants[...]
    XCTAssertEqual(expected.count, 40)
    let set = try PreparedStrips(recordings, options: .init()).validation
    let samples = Dictionary(uniqueKeysWithValues: recordings.map { ($0.name, $0.samples) })
    for (name, label) in zip(set.names, set.labels) where label == 0 {
      let strip = RhythmStrip(try XCTUnwrap(samples[name]), length: 3000)
      guard let next = expected.first, strip.trueRange.count == 3000 else { continue }
      let beats = StripBeats(strip.values)
      guard !beats.beatsToFollow.isEmpty else { continue }
      expected.removeFirst()
      XCTAssertEqual(name, next.name)
      XCTAssertEqual(beats.peaks.count, next.peaks, name)
      XCTAssertEqual(beats.beatsToFollow.count, next.room, name)
      let made = try XCTUnwrap(beats.withPrematureBeat(after: next.beat), name)
      XCTAssertEqual(made.place, next.place, name)
      XCTAssertEqual(
        made.values.reduce(0.0) { $0 + Double($1) }, next.sum, accuracy: 1e-2, name)
    }
    XCTAssertEqual(expected.count, 0)
  }
}
