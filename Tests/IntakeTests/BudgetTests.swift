import Foundation
import People
import TestSupport
import XCTest

@testable import Intake

/// Limits on what one submission may cost: they are its own.
final class BudgetTests: XCTestCase {
  private let mebibyte = [UInt8](repeating: 97, count: 1 << 20)

  private func intake(_ wrapper: String) throws -> Intake {
    var entries: [ArchiveWriter.Entry] = [.init("\(wrapper)ann/Means.swift", "means")]
    entries += (0..<40).map { .init("\(wrapper)eve/\($0)/Sums.swift", .file(mebibyte)) }
    entries.append(.init("\(wrapper)fay/Sums.swift", .file(mebibyte)))
    return try Intake(try Scratch(), .tar, entries)
  }

  func testFilesBeyondASubmissionsShareAreNotKept() throws {
    for wrapper in ["", "class/"] {
      let intake = try intake(wrapper)
      XCTAssertEqual(intake.names, ["ann", "eve", "fay"])
      XCTAssertEqual(
        intake["eve"]?.notes.count { $0.contains("beyond the 32 MiB of files") }, 8, wrapper)
      XCTAssertEqual(intake["fay"]?.files["Sums.swift"]?.count, 1 << 20)
    }
  }

  /// Whose files come first is not known to have neighbours yet, and pays all the same.
  func testTheFirstNameHasAShareToo() throws {
    for wrapper in ["", "class/"] {
      var entries: [ArchiveWriter.Entry] = (0..<40).map {
        .init("\(wrapper)ada/\($0)/Sums.swift", .file(mebibyte))
      }
      entries.append(.init("\(wrapper)fay/Sums.swift", "sums"))
      for format in [ArchiveWriter.Format.tar, .storedZip] {
        let intake = try Intake(try Scratch(), format, entries)
        XCTAssertEqual(intake.names, ["ada", "fay"])
        XCTAssertEqual(
          intake["ada"]?.notes.count { $0.contains("beyond the 32 MiB of files") }, 8, wrapper)
        XCTAssertEqual(intake["fay"]?.text("Sums.swift"), "sums")
      }
    }
  }

  func testLooseFilesAndAttemptsOfOnePersonShareOne() throws {
    for wrapper in ["", "export/"] {
      var entries: [ArchiveWriter.Entry] = (0..<40).map {
        .init("\(wrapper)adams_7_\(100 + $0)_Sums-\($0).swift", .file(mebibyte))
      }
      entries.append(.init("\(wrapper)bo_500_900_Sums.swift", "sums"))
      let intake = try Intake(try Scratch(), .tar, entries)
      XCTAssertEqual(intake.names, ["adams (7)", "bo (500)"])
      let said = intake.report.unrecognised
      XCTAssertEqual(said.count { $0.contains("beyond the 32 MiB of files") }, 8, "\(said)")
    }
    let budget = DeliveryBudget()
    for hour in 100...131 {
      let attempt = "1-2 - Ann - Sep 9, 2024 \(hour) PM"
      XCTAssertTrue(budget.keep(1 << 20, at: [attempt, "Sums.swift"]))
    }
    XCTAssertFalse(budget.keep(1, at: ["1-2 - Ann - Sep 9, 2024 200 PM", "Sums.swift"]))
    XCTAssertTrue(budget.keep(1, at: ["2-2 - Ann - Sep 9, 2024 200 PM", "Sums.swift"]))
    // in a folder around them are the files of many
    let wrapped = DeliveryBudget()
    wrapped.wrap([])
    for number in 1...40 {
      XCTAssertTrue(wrapped.keep(1 << 20, at: ["export", "bo_\(number)_900_Sums.swift"]))
    }
  }

  /// One student's archive with many archives in it, beside an honest submission.
  private func nested(_ inner: [UInt8], _ suffix: String, count: Int) throws -> Submission {
    let scratch = try Scratch()
    let entries = (0..<count).map { ArchiveWriter.Entry("\($0)\(suffix)", .file(inner)) }
    let bytes = try ArchiveWriter.bytes(.zip, [.init("Sums.swift", "sums")] + entries)
    try scratch.write(bytes, "class/eve.zip")
    try scratch.write("means", "class/fay/Means.swift")
    let intake = try Intake(folder: scratch.path + "/class", files: files)
    XCTAssertEqual(intake["fay"]?.text("Means.swift"), "means")
    XCTAssertEqual(intake["eve"]?.text("Sums.swift"), "sums")
    return try XCTUnwrap(intake["eve"])
  }

  func testArchivesInOneSubmissionAreCounted() throws {
    let inner = try ArchiveWriter.bytes(.zip, [.init("Means.swift", "means")])
    // and the one around them
    let fine = try nested(inner, ".zip", count: 63)
    XCTAssertEqual(fine.text("Means.swift"), "means")
    XCTAssertFalse(fine.says("archives of one submission"), "\(fine.notes)")
    let more = try nested(inner, ".zip", count: 64)
    XCTAssertTrue(
      more.says("63.zip: more than 64 archives of one submission are not opened"), "\(more.notes)")
  }

  func testWhatIsUnpackedIsCountedInAll() throws {
    // 1 MiB is within each one's ratio, and nobody wants what is passed over
    let inner = try ArchiveWriter.bytes(
      .tarGz, [.init("x", .file([UInt8](repeating: 0, count: 1 << 20)))])
    let sentence = "it unpacks to more than the 8 MiB that are allowed"
    XCTAssertFalse(try nested(inner, ".tar.gz", count: 7).says(sentence))
    let many = try nested(inner, ".tar.gz", count: 20)
    XCTAssertEqual(many.notes.count { $0.contains(sentence) }, 13, "\(many.notes)")
  }

  func testArchivesInADownloadAreOneSubmissionsToo() throws {
    let budget = DeliveryBudget().submission(at: ["eve", "1.zip"])
    try budget.open(archiveOf: 200 << 20)
    XCTAssertEqual(budget.archiveBytesLeft, 56 << 20)
    let other = DeliveryBudget()
    try other.submission(at: ["class", "eve", "1.zip"]).open(archiveOf: 200 << 20)
    XCTAssertEqual(other.submission(at: ["class", "fay", "1.zip"]).archiveBytesLeft, 56 << 20)
    other.wrap([])
    XCTAssertEqual(other.submission(at: ["class", "fay", "2.zip"]).archiveBytesLeft, 256 << 20)
  }

  func testAStudentsArchiveHasTheSubmissionsLimits() throws {
    let scratch = try Scratch()
    let many = try ArchiveWriter.bytes(.storedZip, (0..<20_001).map { .init("f/\($0)", "") })
    try scratch.write(many, "class/eve.zip")
    try scratch.write(many, "class/fay/many.zip")
    try scratch.write("sums", "class/fay/Sums.swift")
    let packed = try ArchiveWriter.bytes(
      .storedZip, [.init("eve.zip", .file(many)), .init("fay/Sums.swift", "sums")])
    let path = try scratch.write(packed, "class.zip")
    for delivery in [scratch.path + "/class", path] {
      let intake = try Intake(folder: delivery, files: files)
      XCTAssertTrue(intake["eve"]?.problem?.contains("more than 20000 entries") == true, delivery)
      XCTAssertEqual(intake["fay"]?.text("Sums.swift"), "sums")
    }
    XCTAssertTrue(
      try Intake(folder: scratch.path + "/class", files: files)["fay"]?
        .says("more than 20000 entries") == true)
    // the class's own may have more
    XCTAssertEqual(
      try Intake(
        scratch, .storedZip,
        (0..<20_001).map { .init("a/\($0)", "") } + [.init("b/Sums.swift", "sums")]
      )["b"]?.text("Sums.swift"), "sums")
  }

  func testASharePerDownload() {
    let budget = DeliveryBudget(downloads: true)
    for student in 0..<40 {
      XCTAssertTrue(budget.keep(1 << 20, at: ["a.zip", "\(student)", "Sums.swift"]))
    }
    for part in 0..<32 {
      XCTAssertTrue(budget.keep(1 << 20, at: ["b.zip", "eve", "\(part)", "Sums.swift"]))
    }
    XCTAssertTrue(budget.keep(1, at: ["b.zip", "fay", "Sums.swift"]))
    XCTAssertFalse(budget.keep(1, at: ["b.zip", "eve", "more", "Sums.swift"]))
    XCTAssertFalse(budget.keep(1, at: ["b.zip", "eve", "Sums.swift"]))
    XCTAssertTrue(budget.keep(1, at: ["b.zip", "Sums.swift"]))
  }

  func testWhereThereIsNoRoomForAllThatIsSaid() throws {
    let scratch = try Scratch()
    for name in ["ann", "bob"] { try scratch.write(mebibyte, "class/\(name)/Sums.swift") }
    for (bytes, isFull) in [(2 << 20, false), (3 << 19, true)] {
      let budget = DeliveryBudget(maximumKeptBytes: bytes)
      let root = try FolderTree(interest: Interest(files: files), budget: budget)
        .read(scratch.path + "/class")
      XCTAssertEqual(root.children.map(\.holdsContents), [true, !isFull])
      let sorting = try Sorting(root, timeZone: .gmt)
      XCTAssertEqual(
        sorting.problems.count { $0.sentence.contains("not all were taken") }, isFull ? 1 : 0,
        "\(sorting.problems)")
    }
  }

  func testEntriesOfOneFolderCostNobodyElse() throws {
    let scratch = try Scratch()
    for number in 0..<12 { try scratch.write("x", "eve/\(number)/\(number).txt") }
    try scratch.write("sums", "zoe/Sums.swift")
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

  /// YAML's own escapes, scalar by scalar, as whatever wrote the file may have them.
  func testHostileNamesInMetadataComeBackAsTheyWere() throws {
    for name in HostileText.all {
      let written = name.unicodeScalars.map { scalar in
        let digits = String(scalar.value, radix: 16)
        return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      }.joined()
      let metadata = try GradescopeExport(
        "submission_1:\n  :submitters:\n  - :name: \"\(written)\"\n    :sid: \"7\"\n")
      let people = try XCTUnwrap(metadata.entries["submission_1"]?.people, name.debugDescription)
      XCTAssertEqual(people.map(\.ids), [["7"]], name.debugDescription)
      let kept = name.trimmingCharacters(in: .whitespaces)
      XCTAssertEqual(
        people.first?.name.map { Array($0.unicodeScalars) },
        kept.isEmpty ? nil : Array(kept.unicodeScalars), name.debugDescription)
    }
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
