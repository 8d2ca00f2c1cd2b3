import Foundation
import XCTest

@testable import Downloads

final class ResponseHeadTests: XCTestCase {
  func testTheLastOfSeveralAnswersCounts() throws {
    let head = try XCTUnwrap(
      ResponseHead(
        "HTTP/1.1 302 Found\r\nETag: \"no\"\r\n\r\nHTTP/2 206 \r\ncontent-length: 5\r\n"
          + "Content-Range: bytes 10-14/15\r\nContent-Type: Text/HTML; charset=x\r\n\r\n"))
    XCTAssertEqual(head.status, 206)
    XCTAssertEqual(head.length, 5)
    XCTAssertEqual(head.range?.start, 10)
    XCTAssertEqual(head.range?.total, 15)
    XCTAssertEqual(head.type, "text/html")
    XCTAssertNil(head.validator)
    XCTAssertNil(ResponseHead("")?.status)
    XCTAssertNil(ResponseHead("HTTP/1.1\r\n")?.status)
  }

  func testValidatorsAndRanges() {
    func head(_ field: String) -> ResponseHead? { ResponseHead("HTTP/1.1 200 OK\r\n\(field)\r\n") }
    XCTAssertEqual(head("ETag: \"a\"\r\nLast-Modified: then")?.validator, "\"a\"")
    // A weak tag may stand for other bytes.
    XCTAssertEqual(head("ETag: W/\"a\"\r\nLast-Modified: then")?.validator, "then")
    XCTAssertNil(head("ETag: W/\"a\"")?.validator)
    XCTAssertEqual(head("Content-Range: bytes 7-9/*")?.range?.start, 7)
    XCTAssertNil(head("Content-Range: bytes 7-9/*")?.range?.total)
    for wrong in ["bytes */10", "bytes", "items 1-2/3", "bytes x-9/10"] {
      XCTAssertNil(head("Content-Range: \(wrong)")?.range, wrong)
    }
  }

  func testSumsOfAList() {
    let sum = String(repeating: "aB", count: 32)
    let list = "# \(sum)\nshort  a.zip\n\(sum)  b/a.zip\n\(sum) *c.zip\n\(sum)  ./d e.zip\n"
    XCTAssertNil(CheckSum.published(for: "a.zip", in: list))
    XCTAssertEqual(CheckSum.published(for: "c.zip", in: list), sum.lowercased())
    XCTAssertEqual(CheckSum.published(for: "d e.zip", in: list), sum.lowercased())
    XCTAssertNil(CheckSum.normalised(String(sum.dropLast()) + "g"))
  }

  /// FIPS 180-2, appendix B.1.
  func testTheSumOfABC() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("abc-\(UUID().uuidString)").path
    try Data("abc".utf8).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    XCTAssertEqual(
      try CheckSum.sha256(ofFile: path),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  func testEverySentenceHasAnEndAndARemedy() {
    let errors: [DownloadError] = [
      .badAddress("x"), .noCurl(url: "u"), .noNetwork(host: "h"),
      .brokenOff(url: "u", detail: "d", kept: 0), .brokenOff(url: "u", detail: "d", kept: 5),
      .refused(url: "u", status: 404), .refused(url: "u", status: 503),
      .untrusted(url: "u", detail: "d"), .failed(url: "u", detail: "d"),
      .notAnArchive(url: "u", type: "text/html"), .notAnArchive(url: "u", type: nil),
      .wrongBytes(url: "u", expected: "e", found: "f"), .otherFile(path: "p", expected: "e"),
      .existing(path: "p"), .noSpace(path: "p", needed: 1, free: 0),
      .cannotWrite(path: "p", detail: "d"), .busy(path: "p"),
    ]
    for error in errors {
      XCTAssertTrue(error.description.hasSuffix("."), error.description)
      XCTAssertTrue(error.description.contains(";"), error.description)
      XCTAssertFalse(error.description.contains("\n"), error.description)
    }
  }
}
