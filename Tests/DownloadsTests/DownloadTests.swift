import Foundation
import XCTest

@testable import Downloads

/// Fetching from a server that does what servers and networks do.
final class DownloadTests: DownloadTestCase {
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

  /// As after an end of the program between the last byte and the new name.
  func testAWholePartIsOnlyVerified() throws {
    let server = try serve()
    do {
      let part = try PartialFile(of: file, from: server.address)
      try part.restart(validator: "\"one\"", total: body.count)
      try body.withUnsafeBytes { try part.append($0) }
    }
    _ = try download(server).run()
    try assertFile(body)
    XCTAssertEqual(server.requests, [])
  }

  /// What lies there from another address is no beginning of this file.
  func testAPartOfAnotherAddressIsNotUsed() throws {
    let server = try serve()
    do {
      let part = try PartialFile(of: file, from: "http://elsewhere/a.zip")
      try part.restart(validator: "\"one\"", total: body.count)
      try [UInt8](repeating: 1, count: 1000).withUnsafeBytes { try part.append($0) }
    }
    _ = try download(server).run()
    try assertFile(body)
    XCTAssertEqual(server.requests, [.init()])
  }

  func testAServerMaySendLessThanWasAskedFor() throws {
    let server = try serve {
      $0.breaksAfter = [1000]
      $0.longestRange = 150_000
    }
    _ = try download(server, pauses: 1).run()
    try assertFile(body)
    XCTAssertEqual(server.requests.map(\.range), [nil, "bytes=1000-", "bytes=151000-"])
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
}
