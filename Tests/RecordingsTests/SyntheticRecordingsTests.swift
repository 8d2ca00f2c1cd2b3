import Foundation
import XCTest

@testable import Recordings

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
      plan.reversed().map { $0.make() }.reversed(),
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
