import Foundation
import TestSupport
import XCTest

@testable import Intake

/// Limits on what one submission may cost: they are its own.
final class BudgetTests: XCTestCase {
  private let mebibyte = [UInt8](repeating: 97, count: 1 << 20)

  private func intake(_ wrapper: String) throws -> Intake {
    var entries: [ArchiveWriter.Entry] = [.init("\(wrapper)ann/LSTM.swift", "lstm")]
    entries += (0..<40).map { .init("\(wrapper)eve/\($0)/RNN.swift", .file(mebibyte)) }
    entries.append(.init("\(wrapper)fay/RNN.swift", .file(mebibyte)))
    return try Intake(try Scratch(), .tar, entries)
  }

  func testFilesBeyondASubmissionsShareAreNotKept() throws {
    for wrapper in ["", "class/"] {
      let intake = try intake(wrapper)
      XCTAssertEqual(intake.names, ["ann", "eve", "fay"])
      XCTAssertEqual(
        intake["eve"]?.notes.count { $0.contains("beyond the 32 MiB of files") }, 8, wrapper)
      XCTAssertEqual(intake["fay"]?.files["RNN.swift"]?.count, 1 << 20)
    }
  }

  func testASharePerDownload() {
    let budget = ContentBudget(downloads: true)
    for student in 0..<40 { XCTAssertTrue(budget.take(1 << 20, at: ["a.zip", "\(student)"])) }
    for part in 0..<32 { XCTAssertTrue(budget.take(1 << 20, at: ["b.zip", "eve", "\(part)"])) }
    XCTAssertTrue(budget.take(1, at: ["b.zip", "fay"]))
    XCTAssertFalse(budget.take(1, at: ["b.zip", "eve", "more"]))
    XCTAssertTrue(budget.take(1, at: ["b.zip"]))
  }

  func testEntriesOfOneFolderCostNobodyElse() throws {
    let scratch = try Scratch()
    for number in 0..<12 { try scratch.write("x", "eve/\(number)/\(number).txt") }
    try scratch.write("rnn", "zoe/RNN.swift")
    let root = try FolderTree(interest: Interest(files: files), maximumEntries: 10)
      .read(scratch.path)
    XCTAssertEqual(root.children.map(\.name), ["eve", "zoe"])
    let (eve, zoe) = try (XCTUnwrap(root.children.first), XCTUnwrap(root.children.last))
    let said = eve.allRemarks() + [eve.problem ?? ""]
    XCTAssertTrue(said.contains { $0.contains("more than 10 entries") }, "\(said)")
    XCTAssertTrue(zoe.holdsContents)
  }

  /// Expressions that go back over a text would be at this for hours.
  func testLongNamesAndTextsAreReadOnce() throws {
    let digits = String(repeating: "1", count: 1_000_000)
    let metadata = try GradescopeExport("? \(digits)x\n: :submitters:\n  - :name: \(digits)\n")
    XCTAssertEqual(metadata.entries.values.map(\.number), [nil])
    XCTAssertEqual(metadata.entries.values.first?.people.first?.name?.count, 200)
    XCTAssertNil(NameTime.read("Sep " + String(repeating: " ", count: 1_000_000), in: .gmt))
    let line = String(repeating: "1-", count: 500_000)
    XCTAssertNil(PlatformName.read(line, isFolder: true, in: .gmt))
    XCTAssertEqual(GroupMembers.read("<!-- members -->" + line + "<!-- end members -->"), [])
  }

  func testMetadataThatIsNested() throws {
    for text in [
      String(repeating: "[", count: 100_000), "a:\n" + String(repeating: "- ", count: 50_000),
      String(repeating: "{a: ", count: 50_000),
    ] {
      XCTAssertThrowsError(try GradescopeExport(text)) {
        XCTAssertTrue("\($0)".hasPrefix("submission_metadata.yml cannot be taken in"), "\($0)")
      }
    }
  }
}
