import Foundation
import XCTest

@testable import ECG

final class SyntheticRecordingsTests: FolderTestCase {
  func testSameSeedSameSamples() {
    let first = SyntheticRecordings.make(count: 20, seed: 9)
    XCTAssertEqual(first.all, SyntheticRecordings.make(count: 20, seed: 9).all)
    XCTAssertNotEqual(first.all, SyntheticRecordings.make(count: 20, seed: 10).all)
  }

  func testShareLengthsAndAmplitudes() {
    let set = SyntheticRecordings.make(count: 200, seed: 1, fibrillationShare: 0.25)
    XCTAssertEqual(set.filter { $0.label == .fibrillation }.count, 50)
    XCTAssertEqual(set.filter { $0.label == .normal }.count, 150)
    XCTAssertTrue(set.allSatisfy { (2714...18286).contains($0.samples.count) })
    XCTAssertGreaterThan(set.filter { $0.samples.count == 9000 }.count, 100)
    for recording in set {
      let peak = recording.samples.map { abs(Int($0)) }.max() ?? 0
      XCTAssertTrue((200...4000).contains(peak), "\(recording.name): \(peak)")
    }
    XCTAssertEqual(SyntheticRecordings.make(count: 0).count, 0)
  }

  func testWrittenFilesReadBack() throws {
    let made = try makeFolder("d", count: 5)
    XCTAssertEqual(try RecordingArchive.read(path("d")).all, made.all)
    XCTAssertEqual(try names("d").count, 6)
    XCTAssertEqual(try names(), ["d"])
  }

  func testAFolderInUseIsLeftAlone() throws {
    try write("mine", to: "d/file")
    assertThrows(.notEmpty(path: path("d"))) {
      try SyntheticRecordings.write(SyntheticRecordings.make(count: 1), to: path("d"))
    }
    XCTAssertEqual(try names("d"), ["file"])
    XCTAssertThrowsError(
      try SyntheticRecordings.write(SyntheticRecordings.make(count: 1), to: path("d/file/x"))
    ) { XCTAssertTrue($0 is ECGError, "\($0)") }
    XCTAssertEqual(try names(), ["d"])
  }
}
