import Archives
import Foundation
import TestSupport
import XCTest

@testable import Intake

final class EncodingTests: XCTestCase {
  func testNamesInForeignEncodings() {
    let cases: [(bytes: [UInt8], text: String, encoding: EntryName.Encoding)] = [
      (Array("Zoë".utf8), "Zoë", .utf8),
      (Array("Zoe\u{308}".utf8), "Zoë", .utf8),  // NFD, as macOS writes it
      ([0x4A, 0x94, 0x72, 0x67], "Jörg", .cp437),
      ([0x4A, 0xF6, 0x72, 0x67], "Jörg", .windows1252),
      ([0x9A, 0x62, 0x75, 0x6E, 0x67], "Übung", .cp437),  // Windows has Š, as good a letter
      ([0x8E, 0x52, 0x93, 0x63], "山田", .shiftJIS),
      ([0x46, 0x72, 0x61, 0x6E, 0x87, 0x6F, 0x69, 0x73], "François", .cp437),
    ]
    for (bytes, text, encoding) in cases {
      let name = EntryName(bytes: bytes)
      XCTAssertEqual(Array(name.text.unicodeScalars), Array(text.unicodeScalars), text)
      XCTAssertEqual(name.encoding, encoding, text)
    }
  }

  func testForeignNamesInArchivesAndOnDisk() throws {
    let folder = Array("4-5 - J".utf8) + [0x94] + Array("rg M - Sep 9, 2024 1159 PM".utf8)
    let scratch = try Scratch()
    let intake = try Intake(
      scratch, .zip, [.init(raw: folder + Array("/Sums.swift".utf8), "sums")])
    XCTAssertEqual(intake.names, ["Jörg M (4)"])
    XCTAssertTrue(intake.submissions.first?.says("CP437") == true)

    let disk = try Scratch()
    // The shell writes the byte, which no string here could hold.
    try disk.shell("d=$(printf 'J\\366rg'); mkdir \"$d\"; echo sums > \"$d/Sums.swift\"")
    let unpacked = try Intake(folder: disk.path, files: files)
    XCTAssertEqual(unpacked.names, ["Jörg"])
    XCTAssertEqual(unpacked.submissions.first?.text("Sums.swift"), "sums\n")
  }

  func testUTF8NamesInArchivesKeepTheirLetters() throws {
    let scratch = try Scratch()
    let intake = try Intake(
      scratch, .tarGz,
      [.init("Zoe\u{308}/Sums.swift", "decomposed"), .init("山田/Sums.swift", "Japanese")])
    XCTAssertEqual(intake.names, ["Zoë", "山田"])
  }

  func testSourcesBecomeUTF8WithUnixLineEnds() throws {
    let text = "let Ü = 1\nlet b = 2\n"
    let little = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    let windows = text.replacingOccurrences(of: "\n", with: "\r\n")
    let cases: [(name: String, bytes: [UInt8])] = [
      ("BOM", [0xEF, 0xBB, 0xBF] + Array(text.utf8)), ("CRLF", Array(windows.utf8)),
      ("CR", Array(text.replacingOccurrences(of: "\n", with: "\r").utf8)),
      ("UTF-16LE", [0xFF, 0xFE] + little), ("UTF-16BE", [0xFE, 0xFF] + big),
      ("UTF-16 without a mark", little),
      ("Latin-1", Array("let ".utf8) + [0xDC] + text.utf8.dropFirst(6)),
    ]
    for (name, bytes) in cases { XCTAssertEqual(SourceText.read(bytes)?.text, text, name) }
    XCTAssertNil(SourceText.read([0xFF, 0xFE, 0x41]), "half a character")
    XCTAssertNil(SourceText.read(Array("a\0b".utf8)), "no text")
    XCTAssertNotNil(SourceText.read([0xFF, 0xFE] + little)?.remark)
    XCTAssertNil(SourceText.read(Array(text.utf8))?.remark)
  }

  func testFileNamesWithControlCodesAreShownHarmlessly() throws {
    let scratch = try Scratch()
    try scratch.write("sums", "a\nb\u{1B}[31m/Sums.swift")
    let intake = try Intake(folder: scratch.path, files: files)
    let name = try XCTUnwrap(intake.names.first)
    XCTAssertEqual(name, "a\\u{a}b\\u{1b}[31m")
    XCTAssertEqual(intake.submissions.first?.text("Sums.swift"), "sums")
    XCTAssertTrue(intake.report.summary().allSatisfy { !$0.contains("\u{1B}") })
  }
}
