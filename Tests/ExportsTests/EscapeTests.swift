import Foundation
import FoundationXML
import TestSupport
import XCTest

@testable import Exports

/// Text of others in tables without quotes and in XML.
final class EscapeTests: XCTestCase {
  func testNoTextIsMoreThanACell() {
    for text in HostileText.all {
      let cell = Exporter.unquoted(text)
      XCTAssertFalse(
        cell.unicodeScalars.contains { [",", "\"", ";", "\r", "\n", "\0"].contains($0) },
        text.debugDescription)
    }
  }

  /// Read by a parser of XML: a text is one text, of the same characters but for those that XML lacks.
  func testNoTextIsXML() throws {
    final class Reader: NSObject, XMLParserDelegate {
      var text: String?
      func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
      ) {
        text = attributes["t"]
      }
    }
    for text in HostileText.all {
      let reader = Reader()
      let parser = XMLParser(data: Data("<a t=\"\(Exporter.escape(text))\"/>".utf8))
      parser.delegate = reader
      XCTAssertTrue(parser.parse(), text.debugDescription)
      let expected = text.unicodeScalars.map { scalar -> Unicode.Scalar in
        let isAllowed = scalar.value >= 32 || ["\t", "\n", "\r"].contains(scalar)
        return isAllowed && scalar != "\u{FFFE}" ? scalar : "\u{fffd}"
      }
      XCTAssertEqual(reader.text.map { Array($0.unicodeScalars) }, expected, text.debugDescription)
    }
  }
}
