import Foundation
import XCTest

@testable import Recordings
@testable import Signals

/// The set: labels, lengths, amplitudes, and that it is always the same.
final class SyntheticRecordingsTests: FolderTestCase {
  func testSameSeedSameSamples() {
    let first = SyntheticRecordings.make(count: 20, seed: 9)
    XCTAssertEqual(first.all, SyntheticRecordings.make(count: 20, seed: 9).all)
    XCTAssertNotEqual(first.all, SyntheticRecordings.make(count: 20, seed: 10).all)
  }

  /// One thread, from the last to the first, gives what all threads give.
  func testTheOrderOfMakingDoesNotMatter() {
    let plan = SyntheticRecordings.plan(count: 50, seed: 2, labels: RhythmLabel.allCases)
    XCTAssertEqual(
      plan.reversed().map { $0.make().recording }.reversed(),
      SyntheticRecordings.make(count: 50, seed: 2).all)
  }

  /// 5050, 738, 2456 and 284 of 8528 are the challenge's.
  func testSharesLengthsAndAmplitudes() {
    let set = SyntheticRecordings.make(count: 200, seed: 1)
    XCTAssertEqual(
      RhythmLabel.allCases.map { label in set.count { $0.label == label } }, [118, 17, 58, 7])
    XCTAssertEqual(set.map(\.name).first, "A00001")
    XCTAssertEqual(set.map(\.name).last, "A00200")
    XCTAssertTrue(set.allSatisfy { (2714...18286).contains($0.samples.count) })
    // 70 % and 9.5 % in the challenge, within three standard deviations
    XCTAssertEqual(Double(set.count { $0.samples.count == 9000 }), 140, accuracy: 20)
    XCTAssertEqual(Double(set.count { $0.samples.count == 18000 }), 19, accuracy: 13)
    for recording in set {
      let peak = recording.samples.map { abs(Int($0)) }.max() ?? 0
      XCTAssertTrue(
        (200...(recording.label == .noisy ? 32768 : 5000)).contains(peak),
        "\(recording.name), \(recording.label): \(peak)")
    }
    XCTAssertEqual(SyntheticRecordings.make(count: 0).count, 0)
  }

  /// Premature beats come before their time: closer to the largest deflection before them than others are to each other.
  /// Normal and fibrillating hearts have none, of other rhythms three of eight.
  func testPrematureBeatsAreWhereTheyAreSaidToBe() throws {
    let set = SyntheticRecordings.makeEvenly(
      count: 120, seed: 8, labels: RhythmStrips.labels
    ) { _, _ in }
    XCTAssertEqual(set.prematureBeats.count, 120)
    var (withSome, count, found) = (0, 0, 0)
    for recording in set {
      let places = try XCTUnwrap(set.prematureBeats[recording.name])
      XCTAssertTrue(places.allSatisfy { recording.samples.indices.contains($0) })
      XCTAssertEqual(places, places.sorted())
      guard recording.label == .other else {
        XCTAssertEqual(places, [])
        continue
      }
      if !places.isEmpty { withSome += 1 }
      let strip = RhythmStrip(recording.samples, length: 3000)
      // a strip of a longer recording is its beginning
      let peaks = StripBeats(strip.values).peaks
      for place in places where (400..<8000).contains(place) {
        let own = place / 3 + strip.trueRange.lowerBound
        count += 1
        if peaks.contains(where: { abs($0 - own) <= 6 }) { found += 1 }
      }
    }
    XCTAssertEqual(Double(withSome), 15, accuracy: 9, "three of eight rhythms of 40")
    XCTAssertGreaterThan(count, 50)
    XCTAssertGreaterThan(Double(found), 0.8 * Double(count))
  }

  func testOnlySomeLabels() {
    let set = SyntheticRecordings.make(count: 10, seed: 1, labels: [.noisy, .fibrillation])
    XCTAssertEqual(
      RhythmLabel.allCases.map { label in set.count { $0.label == label } }, [0, 7, 0, 3])
  }

  func testProgressCountsToTheEnd() {
    var last = (0, 0)
    _ = SyntheticRecordings.make(count: 40, labels: [.normal]) { done, total in
      XCTAssertGreaterThan(done, last.0)
      last = (done, total)
    }
    XCTAssertEqual(last.0, 40)
    XCTAssertEqual(last.1, 40)
  }
}
