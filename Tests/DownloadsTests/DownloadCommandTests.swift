import Foundation
import Recordings
import TestSupport
import XCTest

@testable import Downloads

/// `rhythm data download` from outside, from a server on this machine to the store.
final class DownloadCommandTests: XCTestCase {
  private var folder = URL(fileURLWithPath: "/")

  override func setUpWithError() throws {
    setenv("no_proxy", "*", 1)
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("fetch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws { try FileManager.default.removeItem(at: folder) }

  private func rhythm(
    _ arguments: [String], path: String? = nil
  ) throws -> Program.Outcome {
    try Program.rhythm.run(
      ["data"] + arguments, in: folder.path, environment: path.map { ["PATH": $0] } ?? [:])
  }

  /// A zip of `count` recordings, of which the second has a wrong check sum if `isDamaged`.
  private func archive(_ count: Int, isDamaged: Bool = false) throws -> [UInt8] {
    let made = folder.appendingPathComponent("made")
    try RecordingArchive.write(
      SyntheticRecordings.make(count: count, seed: 1), to: made.path)
    defer { try? FileManager.default.removeItem(at: made) }
    let names = try FileManager.default.contentsOfDirectory(atPath: made.path).sorted()
    var bytes = ZipWriter.bytes(
      try names.map {
        ("training2017/" + $0, Array(try Data(contentsOf: made.appendingPathComponent($0))))
      })
    if isDamaged {
      let place = try XCTUnwrap(
        bytes.indices.first { bytes[$0...].starts(with: Array("A00002.mat".utf8)) })
      bytes[place + 1000] ^= 1
    }
    return bytes
  }

  private func names(_ subfolder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent(subfolder).path
    ).sorted()
  }

  func testFromTheServerToTheStore() throws {
    let body = try archive(6)
    let server = try LocalServer(
      LocalServer.Site(path: "/files/training2017.zip", body: body, breaksAfter: [20_000]))
    defer { server.stop() }
    let path = folder.appendingPathComponent("sum").path
    try Data(body).write(to: URL(fileURLWithPath: path))
    let sum = try CheckSum.sha256(ofFile: path)
    unlink(path)
    server.change { $0.sums = "\(sum)  training2017.zip\n" }

    let outcome = try rhythm(["download", "--url", server.address])
    XCTAssertEqual(outcome.status, 0, outcome.error)
    XCTAssertTrue(outcome.output.contains("Open Data Commons Attribution"), outcome.output)
    XCTAssertTrue(outcome.output.contains("Clifford et al. 2017"), outcome.output)
    XCTAssertTrue(
      outcome.output.contains("\(body.count) bytes, SHA-256 \(sum) as published"), outcome.output)
    XCTAssertTrue(outcome.output.contains("\nimported 6 recordings"), outcome.output)
    XCTAssertTrue(outcome.error.contains("trying again in 1 s"), outcome.error)
    XCTAssertEqual(try names(".rhythmlab"), ["recordings.store", "training2017.zip"])
    let again = try rhythm(["download", "--url", server.address])
    XCTAssertTrue(again.output.contains("\nalready there: "), again.output)
    XCTAssertEqual(server.requests.count, 2)
  }

  func testOnlyFetching() throws {
    let server = try LocalServer(LocalServer.Site(body: try archive(4)))
    defer { server.stop() }
    let outcome = try rhythm(["download", "--url", server.address, "--to", "x.zip", "--no-import"])
    XCTAssertEqual(outcome.status, 0, outcome.error)
    XCTAssertTrue(outcome.error.contains("no SHA-256 is published"), outcome.error)
    XCTAssertEqual(try names(""), ["x.zip"])
  }

  func testADamagedRecordingInWhatWasFetched() throws {
    let server = try LocalServer(LocalServer.Site(body: try archive(4, isDamaged: true)))
    defer { server.stop() }
    let outcome = try rhythm(["download", "--url", server.address, "--to", "x.zip"])
    XCTAssertEqual(outcome.status, 0, outcome.error)
    XCTAssertTrue(outcome.error.contains("skipped 1 of 4 recordings:\n  A00002: "), outcome.error)
    XCTAssertTrue(outcome.output.contains("\nimported 3 recordings"), outcome.output)
  }

  func testFailuresAreOneSentenceAndLeaveNothing() throws {
    let server = try LocalServer(LocalServer.Site(body: Array("no zip".utf8)))
    defer { server.stop() }
    for (address, part) in [
      (server.address, "instead of a zip archive; open it with a browser"),
      (server.address + "x", "the server answers 404 (not there)"),
      ("http://nowhere.invalid/a.zip", "nowhere.invalid cannot be found; check that this machine"),
      ("a.zip", "a.zip is not an address to fetch from"),
    ] {
      let outcome = try rhythm(["download", "--url", address, "--to", "x.zip"])
      XCTAssertEqual(outcome.status, 1, address)
      XCTAssertTrue(outcome.error.contains(part), outcome.error)
      XCTAssertEqual(
        outcome.error.split(separator: "\n").filter { $0.hasPrefix("rhythm: ") }.count, 1)
      XCTAssertEqual(try names(""), [])
    }
    XCTAssertEqual(try rhythm(["download", "--sha256", "abc"]).status, 2)
    let without = try rhythm(["download", "--url", server.address], path: folder.path)
    XCTAssertEqual(without.status, 1)
    XCTAssertTrue(without.error.contains("curl, which does the fetching, is not"), without.error)
  }
}
