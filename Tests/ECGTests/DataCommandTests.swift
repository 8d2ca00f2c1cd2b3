import Foundation
import XCTest

@testable import ECG

/// The commands from outside: status, sentences and files.
final class DataCommandTests: FolderTestCase {
  private struct Outcome {
    let status: Int32
    let output: String
    let error: String
  }

  private func rhythm(_ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = products.appendingPathComponent("rhythm")
    process.arguments = ["data"] + arguments
    process.currentDirectoryURL = folder
    let output = Pipe()
    let error = Pipe()
    process.standardOutput = output
    process.standardError = error
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let complained = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      error: String(decoding: complained, as: UTF8.self))
  }

  /// The folder of built products: that of the test bundle, which on Linux is an executable.
  private var products: URL {
    #if os(macOS)
      Bundle(for: Self.self).bundleURL.deletingLastPathComponent()
    #else
      Bundle.main.bundleURL
    #endif
  }

  func testSynthesiseImportStats() throws {
    let made = try rhythm(["synthesise", "d", "--count", "60", "--seed", "4"])
    XCTAssertEqual(made.status, 0, made.error)
    XCTAssertEqual(made.output, "wrote 60 synthetic recordings to d\n")
    let imported = try rhythm(["import", "d"])
    XCTAssertEqual(imported.status, 0, imported.error)
    XCTAssertEqual(
      imported.output,
      "imported 60 recordings, labels unknown, into .rhythmlab/recordings.store\n")
    let figures = try rhythm(["stats"])
    XCTAssertEqual(figures.status, 0, figures.error)
    XCTAssertTrue(
      figures.output.hasPrefix(
        "source: the store .rhythmlab/recordings.store, imported from d\n"), figures.output)
    let direct = try rhythm(["stats", "--data", "d"])
    XCTAssertEqual(
      direct.output.split(separator: "\n").dropFirst(),
      figures.output.split(separator: "\n").dropFirst())
    XCTAssertEqual(direct.error, "")
  }

  func testStatsWithoutDataUsesTheSyntheticSetAndSaysSo() throws {
    let figures = try rhythm(["stats"])
    XCTAssertEqual(figures.status, 0, figures.error)
    XCTAssertTrue(figures.output.hasPrefix("source: synthetic recordings"), figures.output)
  }

  func testFailuresAreOneSentenceAndLeaveNothing() throws {
    try write("no archive", to: "text.zip")
    try FileManager.default.createDirectory(
      atPath: path("empty"), withIntermediateDirectories: true)
    try makeFolder("good")
    try makeFolder("unknown")
    try write("S00001,N\nS00002,Q\n", to: "unknown/REFERENCE.csv")
    let before = try names()
    for (arguments, part) in [
      (["import", "no.zip"], "There is no file or folder no.zip"),
      (["import", "text.zip"], "text.zip is not a zip"),
      (["import", "empty"], "empty holds no recordings"),
      (["import", "unknown"], "unknown/REFERENCE.csv, line 2: unknown label \"Q\""),
      (["import", "good", "--into", "text.zip/x"], "x/recordings.store cannot be written"),
      (["stats", "--data", "nowhere"], "There is no file or folder nowhere"),
      (["synthesise", "good"], "good exists and is not empty"),
      (["synthesise", "text.zip/x"], "text.zip/x cannot be written"),
    ] {
      let outcome = try rhythm(arguments)
      XCTAssertEqual(outcome.status, 1, "\(arguments)")
      XCTAssertTrue(outcome.error.contains(part), outcome.error)
      XCTAssertEqual(outcome.error.filter { $0 == "\n" }.count, 1, outcome.error)
      XCTAssertEqual(outcome.output, "", "\(arguments)")
    }
    XCTAssertEqual(try names(), before)
  }

  func testUsageErrorsAreTheParsers() throws {
    XCTAssertNotEqual(try rhythm(["synthesise", "x", "--count", "0"]).status, 0)
    XCTAssertEqual(try names(), [])
  }
}
