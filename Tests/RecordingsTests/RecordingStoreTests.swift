import Foundation
import XCTest

@testable import Recordings

final class RecordingStoreTests: FolderTestCase {
  private let recordings = SyntheticRecordings.make(count: 3, seed: 5)

  func testWhatIsSavedIsLoaded() throws {
    try RecordingStore.save(recordings, in: path("s"))
    let loaded = try RecordingStore.load(RecordingStore.file(in: path("s")))
    XCTAssertEqual(loaded.all, recordings.all)
    XCTAssertEqual(loaded.source, recordings.source)
    XCTAssertEqual(try names("s"), ["recordings.store"])
    try RecordingStore.save(RecordingSet([], source: "none\nat all"), in: path("s"))
    let none = try RecordingStore.load(RecordingStore.file(in: path("s")))
    XCTAssertEqual(none.count, 0)
    XCTAssertEqual(none.source, "none at all")
  }

  /// Pieces of all lengths, some across the end of what is written at once: 3 MB of samples, with
  /// recordings of a few samples in between.
  func testALargeStoreIsWholeWhateverItsPieces() throws {
    let lengths = [1, 524_287, 3, 524_289, 7, 500_001, 2]
    let large = RecordingSet(
      lengths.enumerated().map { place, length in
        Recording(
          name: "A\(place)", label: .normal,
          samples: (0..<length).map { Int16(truncatingIfNeeded: $0 &* 7919 &+ place) })
      }, source: "pieces")
    try RecordingStore.save(large, in: path("s"))
    let file = path("s/recordings.store")
    XCTAssertEqual(try RecordingStore.load(file).all, large.all)
    // a header of 40 bytes, a table that ends at a word, and the samples
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let samples = large.all.flatMap(\.samples).flatMap {
      [UInt8($0 & 0xFF), UInt8($0 >> 8 & 0xFF)]
    }
    XCTAssertEqual(Array(bytes.suffix(samples.count)), samples)
    XCTAssertEqual((bytes.count - samples.count) % 8, 0)
  }

  func testDamageIsNoticed() throws {
    try RecordingStore.save(recordings, in: path("s"))
    let file = folder.appendingPathComponent("s/recordings.store")
    let whole = try Data(contentsOf: file)
    for place in [0, 8, 12, 16, 23, 24, 31, 32, 45, 60, whole.count / 2, whole.count - 1] {
      var bytes = whole
      bytes[place] ^= 0xFF
      try bytes.write(to: file)
      XCTAssertThrowsError(try RecordingStore.load(file.path), "byte \(place)") {
        XCTAssertTrue("\($0)".contains("is damaged: "), "\($0)")
      }
    }
    for length in [0, 7, 39, 40, 100, whole.count - 1] {
      try whole.prefix(length).write(to: file)
      XCTAssertThrowsError(try RecordingStore.load(file.path), "cut to \(length)") {
        XCTAssertTrue("\($0)".contains("is damaged: "), "\($0)")
      }
    }
  }

  func testAnUnwritablePlaceLeavesNothingBehind() throws {
    try write("a file", to: "file")
    XCTAssertThrowsError(try RecordingStore.save(recordings, in: path("file/s"))) {
      XCTAssertTrue("\($0)".contains("cannot be written: "), "\($0)")
    }
    XCTAssertEqual(try names(), ["file"])
  }

  func testSources() throws {
    XCTAssertEqual(try RecordingSet.find(nil, localStore: path("s")), .synthetic)
    try RecordingStore.save(recordings, in: path("s"))
    let file = path("s/recordings.store")
    XCTAssertEqual(try RecordingSet.find(nil, localStore: path("s")), .store(path: file))
    XCTAssertEqual(try RecordingSet.find(path("s")), .store(path: file))
    XCTAssertEqual(try RecordingSet.find(file), .store(path: file))
    XCTAssertEqual(try RecordingSet.load(path("s")).all, recordings.all)
    try makeFolder("d")
    XCTAssertEqual(try RecordingSet.find(path("d")), .archive(path: path("d")))
    assertThrows(.missing(path: path("no"))) { try RecordingSet.find(path("no")) }
    XCTAssertTrue(RecordingSource.synthetic.description.contains("synthetic"))
  }

  func testLabelRevisionIsTheWholeSetsOnly() {
    func set(_ chosen: Int) -> RecordingSet {
      let long = Recording(name: "a", label: .normal, samples: [Int16](repeating: 0, count: 4000))
      let other = Recording(name: "b", label: .other, samples: [])
      return RecordingSet(
        Array(repeating: long, count: chosen) + Array(repeating: other, count: 8528 - chosen),
        source: "")
    }
    XCTAssertEqual(set(5622).labelRevision, .revision2)
    XCTAssertEqual(set(5669).labelRevision, .revision3)
    XCTAssertEqual(set(5726).labelRevision, .original)
    XCTAssertEqual(set(5000).labelRevision, .unknown)
    XCTAssertEqual(recordings.labelRevision, .unknown)
  }
}
