import Foundation
import XCTest

@testable import Downloads

/// Servers and disks that do not give or take the right file.
final class DownloadRefusalTests: DownloadTestCase {
  // MARK: - Wrong files

  func testWrongBytesAreThrownAway() throws {
    var wrong = body
    wrong[200_000] ^= 1
    let (expected, found) = (try sum(body), try sum(wrong))
    let server = try serve {
      $0.body = wrong
      $0.sums = "\(expected)  a.zip\n"
    }
    XCTAssertEqual(
      try failure(download(server)),
      .wrongBytes(url: server.address, expected: expected, found: found))
    XCTAssertEqual(try names(), [])
    try Data(wrong).write(to: URL(fileURLWithPath: file))
    XCTAssertEqual(
      try failure(download(server)), .otherFile(path: file, expected: expected))
  }

  func testErrorStatusesAndPagesAreNoArchives() throws {
    let server = try serve { $0.path = "/elsewhere/a.zip" }
    let lost = try Download(
      from: server.address.replacingOccurrences(of: "elsewhere", with: "files"), to: file)
    XCTAssertEqual(
      try failure(lost),
      .refused(url: "http://127.0.0.1:\(server.port)/files/a.zip", status: 404))
    server.change { $0.type = "text/html; charset=utf-8" }
    XCTAssertEqual(
      try failure(download(server)), .notAnArchive(url: server.address, type: "text/html"))
    server.change { ($0.type, $0.body) = ("application/octet-stream", Array("no zip".utf8)) }
    XCTAssertEqual(try failure(download(server)), .notAnArchive(url: server.address, type: nil))
    server.change { $0.body = [] }
    XCTAssertEqual(
      try failure(download(server)),
      .notAnArchive(url: server.address, type: "application/octet-stream"))
    XCTAssertEqual(try names(), [])
  }

  /// A network's sign-in page between two tries does not cost the bytes that are there.
  func testAPageKeepsWhatWasFetched() throws {
    let server = try serve { $0.breaksAfter = [200_000] }
    XCTAssertNotNil(try failure(download(server, pauses: 0)))
    let page = LocalServer.plain("200 OK", "<html>Sign in</html>", type: "text/html")
    server.change { $0.instead = [String(decoding: page, as: UTF8.self)] }
    XCTAssertEqual(
      try failure(download(server)), .notAnArchive(url: server.address, type: "text/html"))
    _ = try download(server).run()
    try assertFile(body)
    XCTAssertEqual(server.requests.last?.range, "bytes=200000-")
  }

  func testABusyServerIsTriedAgain() throws {
    let busy = String(decoding: LocalServer.plain("503 Service Unavailable", ""), as: UTF8.self)
    let server = try serve { $0.instead = [busy, busy] }
    _ = try download(server).run()
    try assertFile(body)
    try FileManager.default.removeItem(atPath: file)
    server.change { $0.instead = [busy, busy] }
    XCTAssertEqual(
      try failure(download(server, pauses: 1)), .refused(url: server.address, status: 503))
  }

  // MARK: - The disk

  func testASmallDiskIsSeenBeforeItIsFull() throws {
    let server = try serve()
    var download = try download(server)
    download.freeBytes = { _ in 1234 }
    XCTAssertEqual(
      try failure(download), .noSpace(path: file, needed: body.count, free: 1234))
    XCTAssertEqual(try names(), [])
  }

  func testAPlaceThatCannotBeWritten() throws {
    let server = try serve()
    try Data().write(to: folder.appendingPathComponent("plain"))
    for place in ["plain/a.zip", "plain/below/a.zip"] {
      let download = try Download(
        from: server.address, to: folder.appendingPathComponent(place).path)
      guard case .some(.cannotWrite) = try failure(download) else { return XCTFail(place) }
    }
    XCTAssertEqual(server.requests, [])
  }

  func testTwoAtOnceDoNotShareAFile() throws {
    let server = try serve()
    let other = try PartialFile(of: file, from: server.address)
    XCTAssertEqual(try failure(download(server)), .busy(path: file))
    withExtendedLifetime(other) {}
  }

  func testAddresses() {
    for address in ["", "a.zip", "ftp://a.org/a.zip", "file:///a.zip", "https://a.org/", "http:"] {
      XCTAssertThrowsError(try Download(from: address, to: file)) {
        XCTAssertEqual($0 as? DownloadError, .badAddress(address))
      }
    }
  }
}
