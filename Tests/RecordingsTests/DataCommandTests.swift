import Foundation
import TestSupport
import XCTest

@testable import Recordings

/// The commands from outside: status, sentences and files.
final class DataCommandTests: FolderTestCase {
  private func rhythm(_ arguments: [String]) throws -> Program.Outcome {
    try Program.rhythm.run(["data"] + arguments, in: folder.path)
  }

  func testSyntheticImportStats() throws {
    let made = try rhythm(["synthetic", "--out", "d", "--recordings", "90", "--seed", "4"])
    XCTAssertEqual(made.status, 0, made.error)
    XCTAssertEqual(made.output, "wrote 90 synthetic recordings to d\n")
    let imported = try rhythm(["import", "d"])
    XCTAssertEqual(imported.status, 0, imported.error)
    XCTAssertEqual(
      imported.output,
      "imported 90 recordings, labels unknown, into .rhythmlab/recordings.store\n")
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

  /// Only the labels asked for, in an archive that is read as the folder is.
  func testAnArchiveOfSomeLabels() throws {
    for name in ["d", "d.zip"] {
      let made = try rhythm([
        "synthetic", "--out", name, "--recordings", "20", "--set", "labels=A,O", "--seed", "3",
      ])
      XCTAssertEqual(made.output, "wrote 20 synthetic recordings to \(name)\n", made.error)
    }
    let folder = try RecordingArchive.read(path("d"))
    // 738 to 2456
    XCTAssertEqual(
      RhythmLabel.allCases.map { label in folder.count { $0.label == label } }, [0, 5, 15, 0])
    XCTAssertEqual(try RecordingArchive.read(path("d.zip")).all, folder.all)
    XCTAssertEqual(try names(), ["d", "d.zip"])
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
    try write("A00001,N\nA00002,Q\n", to: "unknown/REFERENCE.csv")
    let before = try names()
    for (arguments, part) in [
      (["import", "no.zip"], "There is no file or folder no.zip"),
      (["import", "text.zip"], "text.zip is not a zip"),
      (["import", "empty"], "empty holds no recordings"),
      (["import", "unknown"], "unknown/REFERENCE.csv, line 2: unknown label \"Q\""),
      (["import", "good", "--into", "text.zip/x"], "x/recordings.store cannot be written"),
      (["stats", "--data", "nowhere"], "There is no file or folder nowhere"),
      (["synthetic", "--out", "good"], "good exists and is not empty"),
      (["synthetic", "--out", "text.zip", "--recordings", "2"], "text.zip exists"),
      (["synthetic", "--out", "text.zip/x", "--recordings", "2"], "text.zip/x cannot be written"),
    ] {
      let outcome = try rhythm(arguments)
      XCTAssertEqual(outcome.status, 1, "\(arguments)")
      XCTAssertTrue(outcome.error.contains(part), outcome.error)
      XCTAssertEqual(outcome.error.filter { $0 == "\n" }.count, 1, outcome.error)
      XCTAssertEqual(outcome.output, "", "\(arguments)")
    }
    XCTAssertEqual(try names(), before)
  }

  func testDamagedRecordingsAreListedAndSkipped() throws {
    try makeFolder("d", count: 8)
    try FileManager.default.removeItem(atPath: path("d/A00002.mat"))
    try write("no MATLAB file", to: "d/A00003.mat")
    let refused = try rhythm(["import", "d", "--strict"])
    XCTAssertEqual(refused.status, 1)
    XCTAssertTrue(refused.error.contains("A00002.mat is missing"), refused.error)
    XCTAssertEqual(try names(), ["d"])

    let imported = try rhythm(["import", "d"])
    XCTAssertEqual(imported.status, 0, imported.error)
    XCTAssertTrue(imported.error.hasPrefix("skipped 2 of 8 recordings:\n"), imported.error)
    XCTAssertTrue(imported.error.contains("d/A00003.mat is not a MATLAB file"), imported.error)
    XCTAssertTrue(imported.output.hasPrefix("imported 6 recordings"), imported.output)
    let store = try rhythm(["verify"])
    XCTAssertEqual(store.status, 0, store.error)
    XCTAssertTrue(
      store.output.contains("d without 2 damaged or missing recordings (A00002, A00003)"),
      store.output)

    let verified = try rhythm(["verify", "d"])
    XCTAssertEqual(verified.status, 1)
    XCTAssertTrue(verified.output.contains("\nA00002: "), verified.output)
    XCTAssertTrue(verified.output.contains("\nA00003: "), verified.output)
    XCTAssertTrue(verified.error.contains("2 of 8 recordings are damaged"), verified.error)
  }

  func testVerify() throws {
    XCTAssertEqual(try rhythm(["verify"]).status, 1)
    try makeFolder("d", count: 8)
    let folder = try rhythm(["verify", "d"])
    XCTAssertEqual(folder.status, 0, folder.error)
    XCTAssertTrue(
      folder.output.hasSuffix("\nall 8 recordings are there and readable\n"), folder.output)
    XCTAssertTrue(folder.output.contains("labels unknown"), folder.output)
    XCTAssertTrue(folder.output.contains("revision 2 of all 8528"), folder.output)
    XCTAssertEqual(try rhythm(["import", "d"]).status, 0)
    let store = path(".rhythmlab/recordings.store")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: store))
    XCTAssertTrue(try rhythm(["verify"]).output.contains("the check sum is right"))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: store))
    let damaged = try rhythm(["verify"])
    XCTAssertEqual(damaged.status, 1)
    XCTAssertTrue(damaged.error.contains("its check sum is wrong"), damaged.error)
  }

  func testStatsWithOtherChoices() throws {
    try makeFolder("d", count: 90)
    let figures = try rhythm([
      "stats", "--data", "d", "--set", "labels=A,N", "--set", "min-length=6000",
      "--set", "chunk-length=10", "--set", "window=64", "--set", "overlap=16",
    ])
    XCTAssertEqual(figures.status, 0, figures.error)
    XCTAssertTrue(figures.output.contains("chosen (A and N, long enough)"), figures.output)
    XCTAssertTrue(figures.output.contains(" x 33\n"), figures.output)
    for (option, value) in [
      ("labels", "N,X"), ("labels", "N"), ("labels", "N,N"), ("window", "33"), ("window", "2"),
      ("overlap", "32"), ("chunk-length", "0"), ("min-length", "-1"), ("hop", "28"),
    ] {
      let outcome = try rhythm(["stats", "--data", "d", "--set", "\(option)=\(value)"])
      XCTAssertEqual(outcome.status, 2, "\(option) \(value)")
      XCTAssertTrue(outcome.error.contains(option), outcome.error)
    }
    let rare = try rhythm(["stats", "--data", "d", "--set", "labels=N,A,O,~"])
    XCTAssertEqual(rare.status, 1)
    XCTAssertTrue(rare.error.contains("no training chunk is labelled O"), rare.error)
  }

  /// Strips are of the same recordings as spectrograms: one store serves both. Headers that contradict their
  /// recordings are named one by one.
  func testRhythmStrips() throws {
    let kind = ["--kind", "rhythm-strips"]
    let made = try rhythm(["synthetic", "--out", "d", "--recordings", "60", "--seed", "4"] + kind)
    XCTAssertEqual(made.output, "wrote 60 synthetic recordings to d\n", made.error)
    let imported = try rhythm(["import", "d"] + kind)
    XCTAssertEqual(
      imported.output,
      "imported 60 recordings, labels unknown, into .rhythmlab/recordings.store\n", imported.error)
    let figures = try rhythm(["stats", "--set", "seconds=20"] + kind)
    XCTAssertEqual(figures.status, 0, figures.error)
    XCTAssertTrue(
      figures.output.contains("\nrecordings: 60 (20 N, 20 A, 20 O, 0 ~), labels unknown\n"),
      figures.output)
    XCTAssertTrue(figures.output.contains("8244 of them N, A or O"), figures.output)
    XCTAssertFalse(figures.output.contains("balanced chunks"), figures.output)
    XCTAssertTrue(figures.output.contains("\nstrips: 60 x 2000 at 100 Hz, "), figures.output)
    XCTAssertTrue(try rhythm(["stats"]).output.contains("balanced chunks"))
    XCTAssertEqual(try rhythm(["verify", "d"] + kind).status, 0)
    for (record, header, part) in [
      ("A00002", "A00002 1 500", "its header says 500 Hz"),
      ("A00003", "A00003 1 300 17", "its header says 17 samples, its file has "),
      (
        "A00005", "A00005 1 300\nA00005.mat 16+24 200/mV",
        "its header says 200 units to the millivolt"
      ),
    ] {
      try write(header + "\n", to: "d/\(record).hea")
      let refused = try rhythm(["verify", "d"] + kind)
      XCTAssertEqual(refused.status, 1)
      XCTAssertTrue(refused.output.contains("\n\(record): d: \(record).hea"), refused.output)
      XCTAssertTrue(refused.output.contains(part), refused.output)
    }
    let left = try rhythm(["stats", "--data", "d"] + kind)
    XCTAssertEqual(left.status, 0, left.error)
    XCTAssertTrue(left.error.contains("skipped 3 of 60 recordings:"), left.error)
    XCTAssertTrue(left.output.contains("\nchosen: 57 (17 N, 20 A, 20 O)"), left.output)
    let strict = try rhythm(["stats", "--data", "d", "--strict"] + kind)
    XCTAssertEqual(strict.status, 1)
    XCTAssertTrue(strict.error.contains("500 Hz"), strict.error)
  }

  /// The same commands for another kind of data; the stores of both lie side by side.
  func testHeartbeats() throws {
    let kind = ["--kind", "heartbeats"]
    let made = try rhythm(
      ["synthetic", "--out", "d", "--recordings", "10", "--seed", "4", "--set", "minutes=5"] + kind)
    XCTAssertEqual(made.output, "wrote 10 synthetic recordings to d\n", made.error)
    XCTAssertTrue(try names("d").contains("s010.atr"))
    let imported = try rhythm(["import", "d"] + kind)
    XCTAssertEqual(imported.status, 0, imported.error)
    XCTAssertTrue(imported.output.hasPrefix("imported 10 recordings, "), imported.output)
    XCTAssertTrue(
      imported.output.hasSuffix(" heartbeats, into .rhythmlab/heartbeats.store\n"),
      imported.output)
    let verified = try rhythm(["verify"] + kind)
    XCTAssertEqual(verified.status, 0, verified.error)
    XCTAssertTrue(verified.output.contains("the check sum is right, imported from d"))
    XCTAssertTrue(
      verified.output.hasSuffix("\nall 10 recordings are there and readable\n"), verified.output)
    let figures = try rhythm(["stats", "--set", "split=patients"] + kind)
    XCTAssertEqual(figures.status, 0, figures.error)
    XCTAssertTrue(figures.output.contains("whose record is trained on too: 0.0000"), figures.output)
    XCTAssertEqual(
      try rhythm(["stats", "--data", "d", "--set", "split=patients"] + kind).output
        .split(separator: "\n").dropFirst(),
      figures.output.split(separator: "\n").dropFirst())
    try FileManager.default.removeItem(atPath: path("d/s003.dat"))
    let refused = try rhythm(["verify", "d"] + kind)
    XCTAssertEqual(refused.status, 1)
    XCTAssertTrue(refused.output.contains("\ns003: "), refused.output)
    XCTAssertTrue(refused.output.contains("s003.dat is missing"), refused.output)
    let other = try rhythm(["stats", "--set", "window=64"] + kind)
    XCTAssertEqual(other.status, 2)
    XCTAssertTrue(other.error.contains("heartbeats has no setting window"), other.error)
    let nothing = try rhythm(["import", "d"])
    XCTAssertEqual(nothing.status, 1)
    XCTAssertTrue(nothing.error.contains("give PhysioNet's training2017.zip"), nothing.error)
  }

  func testUsageErrorsAreTheParsers() throws {
    for arguments in [
      ["--recordings", "0"], ["--recordings", "100000"], ["--set", "labels=N,X"],
      ["--set", "labels=N,N"], ["--set", "labels="], ["--set", "labels"], ["--kind", "heartbeat"],
    ] {
      let outcome = try rhythm(["synthetic", "--out", "x"] + arguments)
      XCTAssertEqual(outcome.status, 2, "\(arguments)")
      let named = arguments[1].hasPrefix("labels=") ? "labels is" : arguments[0].dropFirst(2)
      XCTAssertTrue(outcome.error.contains(named), outcome.error)
    }
    XCTAssertEqual(try names(), [])
  }
}
