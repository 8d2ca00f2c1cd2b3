import Foundation
import XCTest

@testable import Downloads

/// A test with a folder and servers of its own.
class DownloadTestCase: XCTestCase {
  private(set) var folder = URL(fileURLWithPath: "/")
  private var servers: [LocalServer] = []
  var file: String { folder.appendingPathComponent("a.zip").path }
  /// A zip's first bytes, then bytes that differ from place to place.
  let body: [UInt8] =
    [0x50, 0x4B, 3, 4]
    + (0..<300_000).map { (place: Int) -> UInt8 in UInt8((place * 7 + place >> 8) & 255) }

  override func setUpWithError() throws {
    // A proxy has no part in this.
    setenv("no_proxy", "*", 1)
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("downloads-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    servers.forEach { $0.stop() }
    try FileManager.default.removeItem(at: folder)
  }

  func serve(_ change: (inout LocalServer.Site) throws -> Void = { _ in }) throws
    -> LocalServer
  {
    var site = LocalServer.Site(body: body)
    try change(&site)
    let server = try LocalServer(site)
    servers.append(server)
    return server
  }

  func download(_ server: LocalServer, pauses: Int = 3) throws -> Download {
    var download = try Download(from: server.address, to: file)
    download.pauses = [Double](repeating: 0.01, count: pauses)
    download.curl.patience = 5
    return download
  }

  func sum(_ bytes: [UInt8]) throws -> String {
    let path = folder.appendingPathComponent("sum").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    return try CheckSum.sha256(ofFile: path)
  }

  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  func assertFile(_ expected: [UInt8], line: UInt = #line) throws {
    // A difference in 300 000 bytes is not for printing.
    XCTAssertTrue(try Array(Data(contentsOf: URL(fileURLWithPath: file))) == expected, line: line)
    XCTAssertEqual(try names(), ["a.zip"], line: line)
  }

  func failure(_ download: Download) throws -> DownloadError? {
    do {
      _ = try download.run()
      return nil
    } catch { return try XCTUnwrap(error as? DownloadError, "\(error)") }
  }
}
