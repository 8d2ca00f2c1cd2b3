import CSV
import Foundation
import TestSupport
import XCTest

final class CSVTests: XCTestCase {
  /// A spreadsheet that separates by `separator` and takes a cell that begins with one of these
  /// for a formula. Quotes count only at the beginning of a cell, as in Excel.
  private func formulas(_ text: String, separator: Unicode.Scalar) -> [String] {
    var (cells, cell): ([String], String) = ([], "")
    var (isQuoted, wasQuoted) = (false, false)
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      if isQuoted {
        if scalar == "\"" {
          isQuoted = false
          wasQuoted = true
        } else {
          cell.unicodeScalars.append(scalar)
        }
      } else if scalar == "\"", cell.isEmpty || (wasQuoted && scalars[index - 1] == "\"") {
        isQuoted = true
        // a quote written twice is one
        if wasQuoted, !cell.isEmpty || scalars[index - 1] == "\"" { cell += "\"" }
        wasQuoted = false
      } else if scalar == separator || scalar == "\n" || scalar == "\r" {
        cells.append(cell)
        (cell, wasQuoted) = ("", false)
      } else {
        cell.unicodeScalars.append(scalar)
      }
    }
    return (cells + [cell]).filter { cell in
      cell.trimmingCharacters(in: .whitespaces).unicodeScalars.first
        .map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
        || cell.hasPrefix("\t")
    }
  }

  func testNothingThatOthersWroteIsAFormulaInAnySpreadsheet() {
    let attacks = [
      "=HYPERLINK(\"u\")", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "\n=1",
      " =1", "a;=1", "a;\"=1", "a\n=1", "a\t=1", "a\";=1", "\"=1", "＝1", "x;;-2", "\u{feff}=1",
      // a mark after a quote hides no quote, and what nobody sees no formula
      "\"\u{301},\n=1", "x\"\u{301};=1", "\"\u{301}=1", "\u{0}=1", "\u{200b}=1", "\u{202e}=1",
      "a\r\n\r\n=1", "a\n\r=1", "=\u{338}1",
    ]
    for separator in [",", ";", "\t"] as [Unicode.Scalar] {
      // the tester finds what is not made harmless
      XCTAssertFalse(formulas(CSV.text([["x", "=1", "y"]]), separator: ",").isEmpty)
      for attack in attacks {
        let text = CSV.text([["x", CSV.harmless(attack), "y"]])
        XCTAssertEqual(
          formulas(text, separator: separator), [], "\(attack.debugDescription) in \(text)")
      }
    }
  }

  func testHarmlessTextComesBack() {
    for text in ["- one\n- two", "=1", "plain; -2", "it's", "C = F ∘ C + I ∘ C̃", " @x"] {
      XCTAssertEqual(CSV.original(CSV.harmless(text)), text)
    }
    XCTAssertEqual(CSV.harmless("plain, text = 1 - 2"), "plain, text = 1 - 2")
  }

  func testReadsWhatSpreadsheetsWrite() throws {
    func cells(_ text: String) throws -> [[String]] {
      try CSV.rows(Data(text.utf8), path: "f").map(\.cells)
    }
    XCTAssertEqual(
      try cells("a,b\r\n\"1\n2\",\"say \"\"x\"\"\"\r\n"), [["a", "b"], ["1\n2", "say \"x\""]])
    XCTAssertEqual(try cells("\u{feff}a;b\n1,5;2\n"), [["a", "b"], ["1,5", "2"]])
    XCTAssertEqual(try cells("a\tb\n1\t"), [["a", "b"], ["1", ""]])
    // Canvas' row of points begins with spaces, which must stay
    XCTAssertEqual(try cells("    Points Possible,,3"), [["    Points Possible", "", "3"]])
    // a combining accent does not hide the comma before it
    XCTAssertEqual(try cells("a,\u{301}b"), [["a", "\u{301}b"]])
    XCTAssertEqual(try cells("a,b\r1,2\r\r,\r"), [["a", "b"], ["1", "2"]])
    let latin = Data([0x4d, 0xfc, 0x2c, 0x31])
    XCTAssertEqual(try CSV.rows(latin, path: "f").first?.cells, ["Mü", "1"])
    let wide = try XCTUnwrap("a,ü\n1,2".data(using: .utf16))
    XCTAssertEqual(try CSV.rows(wide, path: "f").map(\.cells), [["a", "ü"], ["1", "2"]])
  }

  func testReadsWhatSpreadsheetsAndPeopleWriteAround() throws {
    func rows(_ text: String) throws -> [CSV.Row] { try CSV.rows(Data(text.utf8), path: "f") }
    for first in ["sep=;", "SEP=;", "\"sep=;\"", "\u{feff}sep=;"] {
      for end in ["\n", "\r\n", "\r"] {
        let read = try rows("\(first)\(end)a,1;b\(end)c;d\(end)")
        XCTAssertEqual(read.map(\.cells), [["a,1", "b"], ["c", "d"]], first)
        XCTAssertEqual(read.map(\.line), [2, 3], first)
      }
    }
    XCTAssertEqual(try rows("sep=\t\na\tb").map(\.cells), [["a", "b"]])
    XCTAssertEqual(try rows("sep=key,b\n1,2").map(\.cells), [["sep=key", "b"], ["1", "2"]])
    XCTAssertEqual(
      try rows("1, \"Lee, Ann\" ,\t\"x\"\n 2, b").map(\.cells),
      [["1", "Lee, Ann", "x"], [" 2", " b"]])
    XCTAssertTrue(CSV.spreadsheetText([["ü"]]).utf8.starts(with: [0xef, 0xbb, 0xbf]))
  }

  func testEncodingsThatSpreadsheetsWrite() throws {
    let names = "name;no\nJörg Müller;1\nÉmile Français;2\nBjörn Åström;3\n"
    for encoding in [String.Encoding.utf8, .windowsCP1252, .utf16, .utf16BigEndian] {
      let data = try XCTUnwrap(names.data(using: encoding))
      XCTAssertEqual(DecodedText(data)?.text, names, "\(encoding)")
    }
    // Excel for Mac: letters as Apple's ROMAN.TXT has them, lines that end with \r
    let letters: [Character: UInt8] = [
      "ö": 0x9a, "ü": 0x9f, "É": 0x83, "ç": 0x8d, "Å": 0x81,
    ]
    let mac = Data(names.map { letters[$0] ?? $0.asciiValue ?? 0 })
    XCTAssertEqual(DecodedText(mac)?.text, names)
    XCTAssertEqual(DecodedText(mac)?.otherEncoding, "Mac OS Roman")
    let lines = Data("a;Jörg\rb;c\r".map { letters[$0] ?? $0.asciiValue ?? 0 })
    XCTAssertEqual(try CSV.rows(lines, path: "f").map(\.cells), [["a", "Jörg"], ["b", "c"]])
    let quotes = try XCTUnwrap("O’Brien – 5 €".data(using: .windowsCP1252))
    XCTAssertEqual(DecodedText(quotes)?.text, "O’Brien – 5 €")
  }

  /// Scalar by scalar: characters of several, and those that hide others, come back as they were.
  func testAnyTextComesBack() throws {
    for text in HostileText.all + ["one\r\ntwo\r\n\r\nthree", "one\ntwo", "one\rtwo"] {
      let table = CSV.text([["a", "b", "c"], ["1", text, "3"], ["4", "5", "6"]])
      let cells = try CSV.rows(table, path: "f").map(\.cells)
      XCTAssertEqual(cells.map(\.count), [3, 3, 3], text.debugDescription)
      XCTAssertEqual(
        cells[1].map { Array($0.unicodeScalars) },
        ["1", text, "3"].map { Array($0.unicodeScalars) }, text.debugDescription)
    }
    XCTAssertEqual(CSV.harmless("a\r\n\r\nb"), "a\r\n\r\nb")
  }

  func testSaysInWhichLineARowStands() throws {
    let rows = try CSV.rows(Data("h\n\"a\nb\"\n\nc\n".utf8), path: "f")
    XCTAssertEqual(rows.map(\.line), [1, 2, 5])
    for (text, line) in [("h\nx,\"open\nmore\n", 2), ("h\nx\n\"a\"b,c\n", 3)] {
      XCTAssertThrowsError(try CSV.rows(Data(text.utf8), path: "f.csv")) {
        XCTAssertTrue("\($0)".contains("f.csv"), "\($0)")
        XCTAssertTrue("\($0)".contains("line \(line)"), "\($0)")
      }
    }
  }

  func testWritingAndReadingGivesTheSame() throws {
    let rows = [["a;b", " lead", "q\"", "l\nm"], ["", "x", "\t", "é"]]
    XCTAssertEqual(try CSV.rows(Data(CSV.text(rows).utf8), path: "f").map(\.cells), rows)
  }

  /// A first cell that reads as the name of a separator is a cell.
  func testAFirstCellNamesNoSeparator() throws {
    for first in ["sep=", "sep=;", "Sep=,", "sep=\"", "sep=;;"] {
      for rows in [[[first]], [[first, "x"], ["y", "z;;;"]], [["a"], [first]]] {
        let text = CSV.spreadsheetText(rows)
        XCTAssertEqual(try CSV.rows(Data(text.utf8), path: "f").map(\.cells), rows, text)
      }
    }
  }
}
