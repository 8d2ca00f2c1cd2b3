import Foundation
import XCTest

@testable import Recordings

/// The files: whole or not at all, the same bytes, and read alike here and by SciPy.
final class RecordingWritingTests: FolderTestCase {
  private static let count = 6
  private static let seed: UInt64 = 5

  private func made() -> RecordingSet {
    SyntheticRecordings.make(
      count: Self.count, seed: Self.seed, labels: [.fibrillation, .other, .noisy])
  }

  func testWrittenFilesReadBack() throws {
    let made = try makeFolder("d", count: 5)
    XCTAssertEqual(try RecordingArchive.read(path("d")).all, made.all)
    XCTAssertEqual(try names("d").count, 11)
    XCTAssertEqual(try names(), ["d"])
  }

  func testAnArchiveReadsBackAndIsAlwaysTheSame() throws {
    let made = made()
    try RecordingArchive.write(made, to: path("a.zip"))
    XCTAssertEqual(try RecordingArchive.read(path("a.zip")).all, made.all)
    try FileManager.default.createDirectory(
      atPath: path("b"), withIntermediateDirectories: true)
    try RecordingArchive.write(made, to: path("b/a.zip"))
    XCTAssertEqual(
      try Data(contentsOf: URL(fileURLWithPath: path("a.zip"))),
      try Data(contentsOf: URL(fileURLWithPath: path("b/a.zip"))))
    XCTAssertEqual(try names(), ["a.zip", "b"])
  }

  /// However they came here, made-up recordings are not taken for the challenge's.
  func testSyntheticRecordingsStaySynthetic() throws {
    let real = RecordingSet(made().all, source: "a synthetic name")
    for (recordings, name) in [(made(), "made"), (real, "real")] {
      let isSynthetic = name == "made"
      for place in ["\(name)", "\(name).zip"] {
        try RecordingArchive.write(recordings, to: path(place))
        let source = try RecordingSet.find(path(place))
        XCTAssertEqual(try RecordingSet.isSynthetic(source), isSynthetic, place)
        let read = try RecordingSet.load(source)
        XCTAssertEqual(read.isSynthetic, isSynthetic, place)
        XCTAssertEqual(read.source.contains("(synthetic recordings)"), isSynthetic, place)
        // imported
        try RecordingStore.save(read, in: path("store"))
        let store = try RecordingSet.find(path("store"))
        XCTAssertEqual(try RecordingSet.isSynthetic(store), isSynthetic, place)
        XCTAssertEqual(try RecordingSet.load(store).isSynthetic, isSynthetic, place)
        XCTAssertEqual(try RecordingSet.load(store).source, read.source, place)
      }
    }
    XCTAssertTrue(try RecordingSet.isSynthetic(.synthetic))
    XCTAssertTrue(try RecordingSet.load(.synthetic).isSynthetic)
  }

  func testAPlaceInUseIsLeftAlone() throws {
    try write("mine", to: "d/file")
    try write("mine", to: "e.zip")
    for name in ["d", "e.zip"] {
      assertThrows(.notEmpty(path: path(name))) {
        try RecordingArchive.write(made(), to: path(name))
      }
    }
    XCTAssertEqual(try names("d"), ["file"])
    for name in ["d/file/x", "d/file/x.zip"] {
      XCTAssertThrowsError(try RecordingArchive.write(made(), to: path(name))) {
        XCTAssertTrue($0 is RecordingError, "\($0)")
      }
    }
    XCTAssertEqual(try names(), ["d", "e.zip"])
    XCTAssertEqual(try String(contentsOfFile: path("e.zip"), encoding: .utf8), "mine")
  }

  // MARK: - Against the fixture

  /// What SciPy reads from the fixture's files, by Tests/Reference/synthetic.py.
  private struct Listing: Decodable {
    struct Record: Decodable {
      let name: String
      let label: String
      let length: Int
      let sum: Int
      let squares: Int
      let beginning: [Int16]
    }
    let records: [Record]
  }

  /// The bytes of all files: a change of the model shows here, and so would a machine whose numbers
  /// differ.
  func testTheSameBytesAsEver() throws {
    try RecordingArchive.write(made(), to: path("d"))
    let expected = try fixture("synthetic")
    let names = try FileManager.default.contentsOfDirectory(atPath: expected.path).sorted()
    XCTAssertEqual(try self.names("d"), names)
    XCTAssertEqual(names.count, 2 * Self.count + 1)
    for name in names {
      XCTAssertEqual(
        try Data(contentsOf: URL(fileURLWithPath: path("d/\(name)"))),
        try Data(contentsOf: expected.appendingPathComponent(name)), name)
    }
  }

  func testTheLoaderReadsWhatSciPyReads() throws {
    let listing = try JSONDecoder().decode(
      Listing.self, from: Data(contentsOf: fixture("synthetic.json")))
    let read = try RecordingArchive.read(fixture("synthetic").path)
    XCTAssertEqual(read.map(\.name), listing.records.map(\.name))
    for (recording, expected) in zip(read, listing.records) {
      XCTAssertEqual(recording.label.rawValue, expected.label)
      XCTAssertEqual(recording.samples.count, expected.length)
      XCTAssertEqual(recording.samples.reduce(0) { $0 + Int($1) }, expected.sum)
      XCTAssertEqual(recording.samples.reduce(0) { $0 + Int($1) * Int($1) }, expected.squares)
      XCTAssertEqual(Array(recording.samples.prefix(expected.beginning.count)), expected.beginning)
    }
  }

  func testTheHeaderOfARecording() {
    let recording = Recording(name: "A00007", label: .normal, samples: [-127, 30000, 30000])
    let header = "A00007 1 300 3\nA00007.mat 16+24 1000/mV 16 0 -127 -5663 0 ECG\n"
    XCTAssertEqual(ChallengeHeader.text(recording, isSynthetic: false), header)
    XCTAssertEqual(
      ChallengeHeader.text(recording, isSynthetic: true),
      header + "# synthetic recording made by RhythmLab\n")
  }
}
