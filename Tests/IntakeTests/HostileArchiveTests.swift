import Foundation
import TestSupport
import XCTest

@testable import Intake

/// Archives made to harm, or broken: each costs its own submission and nobody else's.
final class HostileArchiveTests: XCTestCase {
  /// Puts an archive beside an honest submission and gives back what became of both.
  private func intake(
    _ bytes: [UInt8], name: String = "evil.zip"
  ) throws -> (evil: Submission, files: [String]) {
    let scratch = try Scratch()
    try scratch.write("honest", "class/ann/Sums.swift")
    try scratch.write(bytes, "class/" + name)
    let intake = try Intake(folder: scratch.path + "/class", files: files)
    XCTAssertEqual(intake["ann"]?.text("Sums.swift"), "honest")
    let left = try FileManager.default.subpathsOfDirectory(atPath: scratch.path)
    return (try XCTUnwrap(intake["evil"]), left.sorted())
  }

  func testPathsThatLeaveTheFolderAreRefusedAndSaid() throws {
    let paths = [
      "../Sums.swift", "/tmp/Sums.swift", "x/../../Sums.swift", "..\\y\\Sums.swift",
      "C:\\Sums.swift",
      "\\\\server\\Sums.swift", "a\nb/Sums.swift", "a\u{202E}b/Sums.swift",
    ]
    let bytes = ZipWriter.bytes(
      paths.map { ($0, Array("evil".utf8)) } + [("Means.swift", Array("good".utf8))])
    let (evil, left) = try intake(bytes)
    XCTAssertEqual(evil.text("Means.swift"), "good")
    XCTAssertNil(evil.files["Sums.swift"])
    XCTAssertEqual(evil.notes.count { $0.contains("unsafe path") }, paths.count, "\(evil.notes)")
    XCTAssertTrue(evil.notes.allSatisfy { !$0.contains("\n") && !$0.contains("\u{202E}") })
    XCTAssertEqual(left, ["class", "class/ann", "class/ann/Sums.swift", "class/evil.zip"])
  }

  func testBackslashesAreFolders() throws {
    let bytes = ZipWriter.bytes([("hw\\src\\Sums.swift", Array("sums".utf8))])
    XCTAssertEqual(try intake(bytes).evil.text("Sums.swift"), "sums")
  }

  func testLinksAndDevicesAreNeverTaken() throws {
    let kinds: [ArchiveWriter.Kind] = [
      .symbolicLink(to: "/etc/passwd"), .hardLink(to: "Means.swift"), .device, .pipe,
    ]
    for kind in kinds {
      let bytes = try ArchiveWriter.bytes(
        .tar, [.init("Means.swift", "good"), .init("Sums.swift", kind)])
      let evil = try intake(bytes, name: "evil.tar").evil
      XCTAssertEqual(evil.text("Means.swift"), "good", "\(kind)")
      XCTAssertNil(evil.files["Sums.swift"], "\(kind)")
      XCTAssertTrue(evil.says("Sums.swift is"), "\(kind): \(evil.notes)")
    }
  }

  func testALinkedFolderIsNotFollowed() throws {
    let bytes = try ArchiveWriter.bytes(
      .tar,
      [
        .init("src", .symbolicLink(to: "/etc")), .init("src/Sums.swift", "written through"),
        .init("Means.swift", "good"),
      ])
    let (evil, left) = try intake(bytes, name: "evil.tar")
    XCTAssertEqual(evil.text("Sums.swift"), "written through", "a name of ours, not a place")
    XCTAssertEqual(left.count, 4)
  }

  func testBombs() throws {
    // Packed by a thousand, then packed again.
    let zeros = [UInt8](repeating: 0, count: 32 << 20)
    let ratio = try ArchiveWriter.bytes(
      .tarGz, [.init("zeros", .file(zeros)), .init("Sums.swift", "sums")])
    let nested = try ArchiveWriter.bytes(.zip, [.init("hw.tar.gz", .file(ratio))])
    let evil = try intake(nested).evil
    XCTAssertNotNil(evil.problem)
    XCTAssertTrue(evil.says("it unpacks to more than"), "\(evil.notes)")

    let wanted = try ArchiveWriter.bytes(.zip, [.init("Sums.swift", .file(zeros))])
    XCTAssertTrue(try intake(wanted).evil.says("larger than 1 MiB"))
  }

  func testArchivesWithinArchivesEndSomewhere() throws {
    // As 42.zip: every level holds sixteen of the next.
    var bytes = try ArchiveWriter.bytes(.zip, [.init("Sums.swift", "deep")])
    for _ in 0..<5 {
      bytes = try ArchiveWriter.bytes(.zip, (0..<16).map { .init("\($0).zip", .file(bytes)) })
    }
    let evil = try intake(bytes).evil
    XCTAssertTrue(evil.problem?.contains("none of it can be used for Sums.swift") == true)
    XCTAssertTrue(evil.says("are not opened"), "\(evil.notes)")
    XCTAssertLessThan(evil.notes.count, 30)

    let shallow = try ArchiveWriter.bytes(.zip, [.init("Sums.swift", "two deep")])
    let outer = try ArchiveWriter.bytes(.zip, [.init("inner.zip", .file(shallow))])
    XCTAssertEqual(try intake(outer).evil.text("Sums.swift"), "two deep")
  }

  func testTooManyEntries() throws {
    let many = try ArchiveWriter.bytes(
      .storedZip, (0..<20_001).map { .init("f/\($0)", "") } + [.init("Sums.swift", "sums")])
    let nested = try ArchiveWriter.bytes(.zip, [.init("many.zip", .file(many))])
    let evil = try intake(nested).evil
    XCTAssertTrue(evil.says("more than 20000 entries"), "\(evil.notes)")
  }

  func testTenThousandEntriesAreFine() throws {
    let many = try ArchiveWriter.bytes(
      .zip,
      (0..<10_000).map { .init("f\($0 / 100)/\($0).txt", "x") } + [.init("Sums.swift", "sums")])
    XCTAssertEqual(try intake(many).evil.text("Sums.swift"), "sums")
  }

  func testTruncatedEmptyAndNoArchive() throws {
    let noise = (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 >> 3) }
    let whole = try ArchiveWriter.bytes(
      .zip, [.init("Sums.swift", "sums"), .init("Means.swift", .file(noise))])
    for (bytes, part) in [
      (Array(whole.prefix(whole.count / 2)), "truncated"), ([], "an empty file"),
      (Array("This is my homework.".utf8), "not a zip"),
    ] {
      let evil = try intake(bytes).evil
      XCTAssertTrue(evil.problem?.contains(part) == true, "\(evil.problem ?? "")")
      XCTAssertEqual(evil.files, [:])
    }
    let empty = try ArchiveWriter.bytes(.zip, [])
    XCTAssertNotNil(try intake(empty).evil.problem)
  }

  func testATruncatedDownloadIsRefusedAsAWhole() throws {
    let scratch = try Scratch()
    let noise = (0..<9000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 >> 3) }
    let whole = try ArchiveWriter.bytes(
      .zip, [.init("ann/Sums.swift", "sums"), .init("bob/Sums.swift", .file(noise))])
    let path = try scratch.write(Array(whole.prefix(whole.count - 200)), "class.zip")
    XCTAssertThrowsError(try Intake(folder: path, files: files)) {
      XCTAssertTrue("\($0)".contains("truncated"), "\($0)")
    }
  }

  func testDamagedArchivesNeverStopTheIntake() throws {
    let scratch = try Scratch()
    try scratch.write("honest", "ann/Sums.swift")
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let inner = try ArchiveWriter.bytes(.zip, [.init("src/Means.swift", "inner")])
    let entries: [ArchiveWriter.Entry] = [
      .init("a/Sums.swift", "sums"), .init("hw.zip", .file(inner)), .init("l", .hardLink(to: "a")),
    ]
    for (format, suffix) in [(ArchiveWriter.Format.zip, "zip"), (.tarGz, "tar.gz"), (.tar, "tar")] {
      let whole = try ArchiveWriter.bytes(format, entries)
      for number in 0..<60 {
        var bytes = whole
        for _ in 0...random(8) { bytes[random(bytes.count)] = UInt8(random(256)) }
        if random(3) == 0 { bytes.removeLast(random(bytes.count)) }
        try scratch.write(bytes, "\(number).\(suffix)")
      }
    }
    let intake = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(intake.submissions.count, 181)
    XCTAssertEqual(intake["ann"]?.text("Sums.swift"), "honest")
    for submission in intake.submissions {
      // Whatever is taken is there in full, and whatever is not is said.
      XCTAssertTrue(submission.problem != nil || !submission.files.isEmpty, submission.name)
      XCTAssertNotEqual(submission.problem, "", submission.name)
    }
  }

  func testEncryptedFilesAreSaid() throws {
    let bytes: [UInt8]
    do {
      bytes = try ArchiveWriter.bytes(.zip, [.init("Sums.swift", "sums")], password: "secret")
    } catch {
      throw XCTSkip("libarchive was built without encryption here: \(error)")
    }
    let evil = try intake(bytes).evil
    XCTAssertNotNil(evil.problem)
    XCTAssertTrue(evil.says("encrypted"), "\(evil.notes)")
  }
}
