import Assignment
import Foundation
import TestSupport
import XCTest

@testable import Reports

/// Text of others in pages, in Markdown and in terminals, scalar by scalar.
final class EscapeTests: XCTestCase {
  /// What steers a reader unseen, but for the ends of lines and tabs.
  private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 9, 10: false
    case 0..<32, 127...159, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  func testNoTextIsMarkup() {
    for text in HostileText.all {
      let name = text.debugDescription
      let escaped = Array(HTML.escape(text).unicodeScalars)
      XCTAssertFalse(escaped.contains { "<>\"'".unicodeScalars.contains($0) || isHidden($0) }, name)
      // as a browser reads it, the characters are the same
      let entities: [String: Unicode.Scalar] = [
        "lt": "<", "gt": ">", "quot": "\"", "#39": "'", "amp": "&",
      ]
      var read: [Unicode.Scalar] = []
      var place = 0
      while place < escaped.count {
        guard escaped[place] == "&" else {
          read.append(escaped[place])
          place += 1
          continue
        }
        let entity = escaped[(place + 1)...].prefix { $0 != ";" }
        read.append(entities[entity.map { String($0) }.joined()] ?? "\0")
        place = entity.endIndex + 1
      }
      XCTAssertEqual(
        read,
        text.unicodeScalars.map { isHidden($0) || $0 == "\u{FFFE}" ? "\u{fffd}" : $0 }, name)
    }
  }

  /// CommonMark 0.31, 2.4: a backslash before any ASCII punctuation makes it text. What is not escaped
  /// has no meaning within a line.
  func testNoTextIsMarkdown() {
    let signs = Array("`*_[]()<>#+-.!|~\"'&$^=@".unicodeScalars)
    for text in HostileText.all {
      let name = text.debugDescription
      let scalars = Array(StudentMarkdown.escape(text).unicodeScalars)
      for (place, scalar) in scalars.enumerated() where signs.contains(scalar) {
        XCTAssertTrue(place > 0 && scalars[place - 1] == "\\", name)
      }
      XCTAssertFalse(scalars.contains { isHidden($0) || $0 == "\n" || $0 == "\t" }, name)
      let block = StudentMarkdown.block(text + "\n````\u{301}\n")
      XCTAssertTrue(block.hasPrefix("`````text\n"), name)
    }
  }

  /// Read by the same rule the text is the same, but for what is not to be seen, and for ends of lines and
  /// tabulators, which are blanks.
  func testMarkdownIsReadAsItsText() {
    for text in HostileText.all {
      var read: [Unicode.Scalar] = []
      var rest = StudentMarkdown.escape(text).unicodeScalars[...]
      while var scalar = rest.popFirst() {
        if scalar == "\\", let next = rest.first,
          next.isASCII, next.value > 32, next.value < 127, !next.properties.isAlphabetic,
          !(48...57).contains(next.value)
        {
          scalar = next
          rest.removeFirst()
        }
        read.append(scalar)
      }
      XCTAssertEqual(
        read,
        text.unicodeScalars.map {
          $0 == "\n" || $0 == "\t" ? " " : isHidden($0) || $0 == "\u{FFFE}" ? "\u{fffd}" : $0
        }, text.debugDescription)
    }
  }

  func testNoTextSteersATerminal() {
    for text in HostileText.all {
      for shown in [PlainText.cleaned(text), PlainText.quoted(text)] {
        XCTAssertFalse(shown.unicodeScalars.contains(where: isHidden), text.debugDescription)
      }
    }
  }

  /// A quarter of a megabyte of what is looked for again and again, where time that grows with the square would be
  /// minutes, and a megabyte of line feeds.
  func testLargeSheetsOfNothing() {
    func sheet(_ text: String) -> AnswerSheet {
      AnswerSheet(
        Data("<!-- answer 1a -->\n\(text)\n<!-- end 1a -->\n".utf8), template: "",
        questions: ["1a"])
    }
    XCTAssertEqual(sheet(String(repeating: "\n", count: 1 << 20)).answers, [:])
    for piece in [
      "![", "```x\n", "<img ", "<!-- ", "~~~x\n```x\n", "&lt;", "](", "<\n", "<!-- x -->",
    ] {
      let text = String(repeating: piece, count: (1 << 18) / piece.utf8.count)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      let read = sheet(text)
      XCTAssertEqual(read.answers["1a"]?.utf8.count, text.utf8.count, piece)
      XCTAssertEqual(read.remarks, [], piece)
    }
    let again = sheet("0" + (1..<20_000).map { "<!-- end 1a --><!-- answer 1a -->\($0)" }.joined())
    XCTAssertEqual(again.answers["1a"], (0..<20_000).map(String.init).joined(separator: "\n\n"))
  }
}
