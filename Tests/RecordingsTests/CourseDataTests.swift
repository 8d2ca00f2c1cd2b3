import Examples
import Foundation
import TensorCore
import XCTest

@testable import Recordings
@testable import Signals

final class CourseDataTests: XCTestCase {
  func testSyntheticSetOfTwoHundred() throws {
    let recordings = SyntheticRecordings.make(count: 200, seed: 3)
    let data = try PreparedChunks.prepare(recordings)
    let chosen = recordings.selection()
    let longest = chosen.map(\.samples.count).max() ?? 0
    XCTAssertEqual(data.statistics.paddedWindows, (longest - 4) / 28)
    XCTAssertEqual(data.train.count, Int(0.8 * Double(chosen.count)))
    XCTAssertEqual(data.train.count + data.validation.count, chosen.count)
    XCTAssertEqual(Set(data.train.names + data.validation.names).count, chosen.count)
    let byName = Dictionary(uniqueKeysWithValues: chosen.map { ($0.name, $0) })
    for index in 0..<data.train.count {
      let recording = try XCTUnwrap(byName[data.train.names[index]])
      XCTAssertEqual(data.train.labels[index], recording.label == .fibrillation ? 1 : 0)
      XCTAssertEqual(data.train.inputs[0].rowCount(index), (recording.samples.count - 32) / 28)
    }
    for set in [data.trainChunks, data.validationChunks] {
      XCTAssertEqual(set.labels.count { $0 == 0 }, set.labels.count { $0 == 1 })
      XCTAssertEqual(set.batch([0]).X.shape, [1, 40, 17])
    }
    XCTAssertTrue(data.train.inputs[0].table.values.allSatisfy(\.isFinite))
  }

  /// The rows of a recording in the set are its own spectrogram, centred and scaled by the bin.
  func testFramesBelongToTheirRecordings() throws {
    let recordings = SyntheticRecordings.make(
      count: 90, seed: 4, labels: [.normal, .fibrillation])
    let data = try PreparedChunks.prepare(recordings)
    let name = data.validation.names[2]
    let recording = try XCTUnwrap(recordings.first { $0.name == name })
    let power = Spectrogram().power(of: recording.samples)
    let first = data.validation.inputs[0].firstRows[2] * 17
    for index in 0..<(data.validation.inputs[0].rowCount(2) * 17) {
      let mean = data.statistics.binMeans[index % 17]
      let expected = (power[index] - mean) / data.statistics.binDeviations[index % 17]
      XCTAssertEqual(data.validation.inputs[0].table.values[first + index], expected)
    }
  }

  func testTheSameSetTwice() throws {
    let recordings = SyntheticRecordings.make(
      count: 90, seed: 4, labels: [.normal, .fibrillation])
    let first = try PreparedChunks.prepare(recordings)
    let second = try PreparedChunks.prepare(recordings)
    XCTAssertEqual(first.train.inputs[0].table.values, second.train.inputs[0].table.values)
    XCTAssertEqual(first.trainChunks.inputs[0].firstRows, second.trainChunks.inputs[0].firstRows)
    XCTAssertEqual(first.statistics, second.statistics)
  }

  /// Other labels, windows and chunks: the classes are the labels' places, and the sizes follow.
  func testOtherChoices() throws {
    let made = SyntheticRecordings.make(count: 90, seed: 6)
    let labels: [RhythmLabel] = [.other, .normal, .fibrillation]
    let recordings = RecordingSet(
      made.enumerated().map {
        Recording(name: $1.name, label: labels[$0 % 3], samples: $1.samples)
      }, source: "")
    var options = SpectrogramChunks.Options()
    options.labels = labels
    options.windowLength = 64
    options.overlap = 16
    options.chunkLength = 10
    options.minimumLength = 5000
    let data = try PreparedChunks.prepare(recordings, options: options)
    let chosen = recordings.filter { $0.samples.count >= 5000 }
    XCTAssertEqual(data.train.count + data.validation.count, chosen.count)
    XCTAssertEqual(data.statistics.labels, labels)
    XCTAssertEqual(
      data.statistics.recordings.counts,
      labels.map { label in chosen.count { $0.label == label } })
    XCTAssertEqual(data.binCount, 33)
    XCTAssertEqual(data.trainChunks.batch([0]).X.shape, [1, 10, 33])
    for label in Int32(0)..<3 {
      XCTAssertEqual(data.trainChunks.labels.count { $0 == label }, data.trainChunks.count / 3)
    }
    let byName = Dictionary(uniqueKeysWithValues: chosen.map { ($0.name, $0) })
    for (index, (name, label)) in zip(data.validation.names, data.validation.labels).enumerated() {
      let length = data.validation.inputs[0].rowCount(index)
      let recording = try XCTUnwrap(byName[name])
      XCTAssertEqual(labels[Int(label)], recording.label)
      XCTAssertEqual(length, (recording.samples.count - 64) / 48)
    }
    XCTAssertTrue(data.statistics.report.contains("chosen (O, N and A, long enough)"))
    XCTAssertTrue(data.statistics.report.contains(" x 33\n"))
  }

  func testUnusableSetsSayWhy() {
    let normal = SyntheticRecordings.make(count: 20, seed: 1, labels: [.normal])
    let cases: [(RecordingSet, (inout SpectrogramChunks.Options) -> Void, String)] = [
      (RecordingSet([], source: ""), { _ in }, "none is labelled N or A"),
      (normal, { _ in }, "no training chunk is labelled A"),
      (normal, { $0.minimumLength = 100_000 }, "at least 100000 samples"),
      (normal, { $0.paddedLength = 5000 }, "more than the 5000 to pad to"),
      (normal, { $0.chunkLength = 0 }, "chunks of 0 windows"),
      (normal, { $0.chunkLength = 10_000 }, "no training chunk"),
      (normal, { $0.trainShare = 2 }, "a training share of 2.0"),
      (normal, { $0.windowLength = 33 }, "windows of 33 samples that share 4"),
      (normal, { $0.windowLength = 1024 }, "windows of 1024 samples"),
      (normal, { $0.overlap = 32 }, "that share 32"),
      (normal, { $0.labels = [.normal] }, "no labels to tell apart"),
      (normal, { $0.labels = [.normal, .normal] }, "no labels to tell apart"),
      (normal, { $0.labels = [.other, .noisy] }, "none is labelled O or ~"),
    ]
    for (recordings, change, part) in cases {
      var options = SpectrogramChunks.Options()
      change(&options)
      XCTAssertThrowsError(try PreparedChunks.prepare(recordings, options: options)) {
        XCTAssertTrue("\($0)".contains(part), "\($0)")
      }
    }
  }

  /// The figures of the course's notebook on the public training set, revision 2 of the labels,
  /// measured with SciPy 1.17 and PyTorch 2.15.
  func testTheCoursesFiguresOnTheRealArchive() throws {
    let recordings = try RealData.load(SpectrogramChunks()) {
      $0 == "REFERENCE.csv" || $0.hasPrefix("training2017") && !$0.hasSuffix(".md")
    }
    XCTAssertEqual(recordings.count, 8528)
    XCTAssertEqual(
      RhythmLabel.allCases.map { label in recordings.filter { $0.label == label }.count },
      [5050, 738, 2456, 284])
    XCTAssertEqual(recordings.labelRevision, .revision2)
    let data = try PreparedChunks.prepare(recordings)
    XCTAssertEqual(
      data.statistics.report,
      """
      chosen (N and A, long enough): 5622
      length in samples: min 4004, median 9000, max 18286
      class shares: N 0.87709, A 0.12291
      spectrograms: 5622 x 652 x 17
      length in windows: min 141, median 320, max 651
      mean 0.000327, standard deviation 1.003635
      training recordings: 4497 (3952 N + 545 A)
      validation recordings: 1125 (979 N + 146 A)
      permutation: 4998, 401, 2227, 504, 780, 3325, 1444, 5145, …
      training chunks: 38805 (33999 N + 4806 A), balanced 67998
      validation chunks: 9741 (8427 N + 1314 A), balanced 16854
      """)
    XCTAssertEqual(data.trainChunks.count, 67998)
    XCTAssertEqual(data.validationChunks.count, 16854)
  }
}
