import Foundation
import XCTest

@testable import Recordings

/// The fixture folder of these tests.
func fixture(_ name: String) throws -> URL {
  try XCTUnwrap(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    .appendingPathComponent(name)
}

/// A test with a temporary folder of its own.
class FolderTestCase: XCTestCase {
  private(set) var folder = URL(fileURLWithPath: "/")

  override func setUpWithError() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("ecg-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(at: folder)
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws {
    let url = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// The names in the temporary folder, hidden ones too.
  func names(_ subfolder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(subfolder)).sorted()
  }

  /// A small set in PhysioNet's layout under `name`.
  @discardableResult
  func makeFolder(_ name: String, count: Int = 4) throws -> RecordingSet {
    let recordings = SyntheticRecordings.make(
      count: count, seed: 1, labels: [.normal, .fibrillation])
    try RecordingArchive.write(recordings, to: path(name))
    return recordings
  }

  func assertThrows(
    _ expected: RecordingError, file: StaticString = #filePath, line: UInt = #line,
    _ body: () throws -> some Any
  ) {
    XCTAssertThrowsError(try body(), file: file, line: line) {
      XCTAssertEqual($0 as? RecordingError, expected, "\($0)", file: file, line: line)
    }
  }
}
