import Foundation
import GRDB
import XCTest

@testable import Gradebook

/// A disk that is full is no damage: it is said, and what was written stays.
final class FullDiskTests: XCTestCase {
  func testAFullDiskIsASentence() throws {
    let folder = NSTemporaryDirectory() + "full-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let gradebook = try Gradebook(folder: folder)
    try gradebook.setIntake(Data("before".utf8))
    // SQLite then says of a file that would grow what it says of a full disk
    try gradebook.database.write { _ = try Int.fetchOne($0, sql: "PRAGMA max_page_count = 1") }
    XCTAssertThrowsError(try gradebook.setIntake(Data(count: 1 << 20))) {
      XCTAssertTrue("\($0)".contains("gradebook.sqlite cannot be written"), "\($0)")
      XCTAssertFalse("\($0)".contains("INSERT"), "\($0)")
    }
  }
}
