import Foundation
import Synchronization
import XCTest

@testable import Downloads

/// Fetching from a server that does what servers and networks do.
final class DownloadTests: XCTestCase {
  private var folder = URL(fileURLWithPath: "/")
  private var servers: [LocalServer] = []
  private var file: String { folder.appendingPathComponent("a.zip").path }
  /// A zip's first bytes, then bytes that differ from place to place.
  private let body: [UInt8] =
    [0x50, 0x4B, 3, 4] + (0..<300_000).map { UInt8(($0 * 7 + $0 >> 8) & 255) }

  override func setUpWithError() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("downloads-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    servers.forEach { $0.stop() }
    try FileManager.default.removeItem(at: folder)
  }

  private func serve(_ change: (inout LocalServer.Site) throws -> Void = { _ in }) throws
    -> LocalServer
  {
    var site = LocalServer.Site(body: body)
    try change(&site)
    let server = try LocalServer(site)
    servers.append(server)
    return server
  }

  private func download(_ server: LocalServer, pauses: Int = 3) throws -> Download {
    var download = try Download(from: server.address, to: file)
    download.pauses = [Double](repeating: 0.01, count: pauses)
    download.curl.patience = 5
    return download
  }

  private func sum(_ bytes: [UInt8]) throws -> String {
    let path = folder.appendingPathComponent("sum").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    return try CheckSum.sha256(ofFile: path)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func assertFile(_ expected: [UInt8], line: UInt = #line) throws {
    // A difference in 300 000 bytes is not for printing.
    XCTAssertTrue(try Array(Data(contentsOf: URL(fileURLWithPath: file))) == expected, line: line)
    XCTAssertEqual(try names(), ["a.zip"], line: line)
  }

  private func failure(_ download: Download) throws -> DownloadError? {
    do {
      _ = try download.run()
      return nil
    } catch { return try XCTUnwrap(error as? DownloadError, "\(error)") }
  }

  // MARK: - What goes well

  func testAWholeFileIsVerified() throws {
    let server = try serve { $0.sums = "\(try sum(body)) *a.zip\n" }
    var last = Download.Event.startedOver
    let outcome = try download(server).run { last = $0 }
    XCTAssertEqual(
      outcome,
      .init(bytes: body.count, sha256: try sum(body), isVerified: true, wasThere: false))
    XCTAssertEqual(last, .progress(done: body.count, total: body.count))
    try assertFile(body)
    // The second time nothing is fetched.
    XCTAssertTrue(try download(server).run().wasThere)
    XCTAssertEqual(server.requests.count, 1)
  }

  func testWithoutPublishedSumsTheFileIsNotCalledVerified() throws {
    let server = try serve()
    XCTAssertFalse(try download(server).run().isVerified)
    try assertFile(body)
    XCTAssertEqual(try failure(download(server)), .existing(path: file))
  }

  func testADemandedSumReplacesThePublishedOne() throws {
    let server = try serve { $0.sums = "\(String(repeating: "0", count: 64))  a.zip\n" }
    let outcome = try Download(from: server.address, to: file, sha256: try sum(body)).run()
    XCTAssertTrue(outcome.isVerified)
  }

  func testARedirectionIsFollowed() throws {
    let server = try serve {
      $0.instead = ["HTTP/1.1 302 Found\r\nLocation: /files/a.zip\r\nContent-Length: 0\r\n\r\n"]
    }
    _ = try download(server).run()
    try assertFile(body)
  }

  // MARK: - Connections that break

  func testABrokenConnectionIsTakenUpWhereItBroke() throws {
    let server = try serve { $0.breaksAfter = [1000, 70_000] }
    var retries = 0
    _ = try download(server).run { if case .retry = $0 { retries += 1 } }
    try assertFile(body)
    XCTAssertEqual(retries, 2)
    XCTAssertEqual(
      server.requests,
      [
        .init(), .init(range: "bytes=1000-", condition: "\"one\""),
        .init(range: "bytes=71000-", condition: "\"one\""),
      ])
  }

  func testALaterRunGoesOn() throws {
    let server = try serve { $0.breaksAfter = [250_000] }
    guard case .brokenOff(_, _, kept: 250_000) = try failure(download(server, pauses: 0)) else {
      return XCTFail("not broken off")
    }
    XCTAssertEqual(try names(), ["a.zip.part", "a.zip.part.info"])
    _ = try download(server, pauses: 0).run()
    try assertFile(body)
    XCTAssertEqual(server.requests.last?.range, "bytes=250000-")
  }

  func testTriesThatGetFurtherAreNotCounted() throws {
    let server = try serve { $0.breaksAfter = [Int](repeating: 40_000, count: 7) }
    _ = try download(server, pauses: 1).run()
    try assertFile(body)
  }

  func testASilentConnectionIsGivenUp() throws {
    let server = try serve {
      $0.breaksAfter = [5000]
      $0.silence = 4
    }
    var download = try download(server)
    download.curl.patience = 1
    var reasons: [String] = []
    _ = try download.run { if case .retry(let reason, _) = $0 { reasons.append(reason) } }
    try assertFile(body)
    XCTAssertTrue(reasons.first?.contains("no byte came") == true, "\(reasons)")
  }

  func testNoAnswerAndHalfAnAnswerAreTriedAgainThenGivenUp() throws {
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Le"] {
      let server = try serve { $0.instead = [String](repeating: answer, count: 3) }
      guard case .some(.brokenOff) = try failure(download(server, pauses: 2)) else {
        return XCTFail("not broken off by \(answer.debugDescription)")
      }
      XCTAssertEqual(server.requests.count, 3)
      XCTAssertEqual(try names(), [])
    }
  }

  func testAnotherProtocolIsNotTriedAgain() throws {
    let server = try serve { $0.instead = ["SSH-2.0-OpenSSH\r\n"] }
    guard case .some(.failed) = try failure(download(server)) else { return XCTFail("not failed") }
    XCTAssertEqual(server.requests.count, 1)
  }

  func testNobodyAnswers() throws {
    let server = try serve()
    let download = try download(server, pauses: 1)
    server.stop()
    guard case .some(.brokenOff(_, let detail, kept: 0)) = try failure(download) else {
      return XCTFail("not broken off")
    }
    XCTAssertTrue(detail.contains("connect"), detail)
  }

  func testAnUnknownHostIsNoNetwork() throws {
    let download = try Download(from: "http://nowhere.invalid/a.zip", to: file)
    XCTAssertEqual(try failure(download), .noNetwork(host: "nowhere.invalid"))
    XCTAssertEqual(try names(), [])
  }

  // MARK: - Files that change, servers without ranges

  func testAChangedFileIsFetchedFromItsBeginning() throws {
    let server = try serve { $0.breaksAfter = [200_000] }
    XCTAssertNotNil(try failure(download(server, pauses: 0)))
    let other = body.map { $0 ^ 1 }.enumerated().map { $0 < 4 ? body[$0] : $1 }
    server.change { ($0.body, $0.tag, $0.sums) = (other, "\"two\"", nil) }
    var startedOver = false
    _ = try download(server).run { if $0 == .startedOver { startedOver = true } }
    XCTAssertTrue(startedOver)
    try assertFile(other)
  }

  /// A server that sends the rest of another version, whatever it was asked.
  func testTheRestOfAnotherVersionIsNotTaken() throws {
    let server = try serve { $0.breaksAfter = [200_000] }
    XCTAssertNotNil(try failure(download(server, pauses: 0)))
    let other = body.map { $0 ^ 1 }.enumerated().map { $0 < 4 ? body[$0] : $1 }
    server.change { ($0.body, $0.tag, $0.honoursConditions) = (other, "\"two\"", false) }
    _ = try download(server).run()
    try assertFile(other)
    XCTAssertEqual(server.requests.map(\.range), [nil, "bytes=200000-", nil])
  }

  func testAFileThatBecameShorterIsFetchedFromItsBeginning() throws {
    let server = try serve { $0.breaksAfter = [200_000] }
    XCTAssertNotNil(try failure(download(server, pauses: 0)))
    let shorter = Array(body.prefix(1000))
    server.change { ($0.body, $0.honoursConditions) = (shorter, false) }
    _ = try download(server).run()
    try assertFile(shorter)
  }

  func testAServerWithoutRangesSendsTheWholeFileAgain() throws {
    let server = try serve {
      $0.honoursRanges = false
      $0.breaksAfter = [100_000]
    }
    _ = try download(server).run()
    try assertFile(body)
    XCTAssertEqual(server.requests.map(\.range), [nil, "bytes=100000-"])
  }

  func testWithoutAValidatorNothingIsPutTogether() throws {
    let server = try serve {
      $0.tag = nil
      $0.breaksAfter = [100_000]
    }
    _ = try download(server).run()
    try assertFile(body)
    XCTAssertEqual(server.requests.map(\.range), [nil, nil])
  }

  /// Without ranges no try gets further than the one before, so the row of tries ends.
  func testAServerThatAlwaysBreaksOffIsGivenUp() throws {
    let server = try serve {
      $0.honoursRanges = false
      $0.breaksAfter = [Int](repeating: 100_000, count: 50)
    }
    guard case .some(.brokenOff) = try failure(download(server, pauses: 3)) else {
      return XCTFail("not broken off")
    }
    // The first got further than none.
    XCTAssertLessThanOrEqual(server.requests.count, 5)
  }

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
