import Foundation
import TestSupport
import XCTest

@testable import Recordings

/// The commands of data with twelve leads, from outside.
final class TwelveLeadCommandTests: FolderTestCase {
  private func data(_ arguments: String...) throws -> Program.Outcome {
    try Program.rhythm.run(
      ["data"] + arguments + ["--kind", "twelve-leads"], in: folder.path)
  }

  func testSyntheticVerifyImportStats() throws {
    let made = try data("synthetic", "--out", "d", "--recordings", "40", "--seed", "2")
    XCTAssertEqual(made.status, 0, made.error)
    XCTAssertEqual(made.output, "wrote 40 synthetic recordings to d\n")
    XCTAssertEqual(try names("d").count, 80)
    let verified = try data("verify", "d")
    XCTAssertEqual(verified.status, 0, verified.error)
    XCTAssertTrue(
      verified.output.contains("lead III is II less I within 0.02 mV in 40 of 40 records\n"),
      verified.output)
    XCTAssertTrue(
      verified.output.hasSuffix("all 40 records are there and readable\n"), verified.output)
    let imported = try data("import", "d")
    XCTAssertEqual(
      imported.output,
      "imported 40 records of twelve leads, into .rhythmlab/twelve-leads.store\n", imported.error)
    let (store, direct) = (try data("stats"), try data("stats", "--data", "d"))
    XCTAssertEqual(store.status, 0, store.error)
    XCTAssertEqual(
      direct.output.split(separator: "\n").dropFirst(),
      store.output.split(separator: "\n").dropFirst())
    XCTAssertTrue(store.output.contains("training: 20 records, 20 crops"), store.output)
    XCTAssertEqual(try data("verify").status, 0)
  }

  /// What contradicts its header is named, and costs the check its success.
  func testVerifyNamesContradictions() throws {
    XCTAssertEqual(try data("synthetic", "--out", "d", "--recordings", "8").status, 0)
    let file = folder.appendingPathComponent("d/X00002.mat")
    var bytes = try Data(contentsOf: file)
    bytes[5000] ^= 1
    try bytes.write(to: file)
    try FileManager.default.removeItem(atPath: path("d/X00003.mat"))
    let verified = try data("verify", "d")
    XCTAssertEqual(verified.status, 1)
    XCTAssertTrue(
      verified.output.contains("X00002: d/X00002: its header has the check sum "), verified.output)
    XCTAssertTrue(
      verified.output.contains("X00003: d/X00003: X00003.mat is missing; fetch it again."),
      verified.output)
    XCTAssertTrue(verified.error.contains("2 of 8 recordings are damaged"), verified.error)
    XCTAssertEqual(try data("import", "d", "--strict").status, 1)
    XCTAssertEqual(try data("import", "d").status, 0)
  }

  func testWrongSettingsAreSentences() throws {
    for (setting, sentence) in [
      ("scaling=lead", "scaling is lead; give set or record"),
      ("held-out=a=b", "held-out is a=b; give course, none, or names"),
      ("texts=none.npy", "texts is none.npy, and there is no such file or folder"),
      ("other=nowhere", "other is nowhere, and there is no such file or folder"),
      ("window=3", "twelve-leads has no setting window"),
    ] {
      let outcome = try data("stats", "--set", setting)
      XCTAssertEqual(outcome.status, 2)
      XCTAssertTrue(outcome.error.contains(sentence), outcome.error)
    }
  }
}
