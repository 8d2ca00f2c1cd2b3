import Foundation
import TestSupport
import XCTest

@testable import Intake

final class FolderTests: XCTestCase {
  private let files = ["RNN.swift", "LSTM.swift"]

  private func intake(_ scratch: Scratch) throws -> [String: Submission] {
    let intake = try Intake(folder: scratch.path, files: files)
    return Dictionary(uniqueKeysWithValues: intake.submissions.map { ($0.name, $0) })
  }

  private func text(_ submission: Submission?, _ name: String) -> String? {
    submission?.files[name].map { String(decoding: $0, as: UTF8.self) }
  }

  func testTakesOnlyNamedFilesFromFoldersAndArchives() throws {
    let scratch = try Scratch()
    for name in ["folder", "zipped", "tarred"] {
      try scratch.write("rnn \(name)", "\(name)/deep/er/RNN.swift")
      try scratch.write("lstm", "\(name)/LSTM.swift")
      try scratch.write("evil", "\(name)/Worker.swift")
      try scratch.write("evil", "\(name)/assignment.yml")
    }
    try ZipWriter.write(
      [
        ("zipped/deep/er/RNN.swift", "rnn zipped"), ("zipped/LSTM.swift", "lstm"),
        ("zipped/Worker.swift", "evil"), ("zipped/assignment.yml", "evil"),
      ], to: scratch.path + "/zipped.zip")
    try scratch.shell("tar -czf tarred.tar.gz tarred; rm -r zipped tarred")
    let found = try intake(scratch)
    XCTAssertEqual(found.keys.sorted(), ["folder", "tarred", "zipped"])
    for (name, submission) in found {
      XCTAssertNil(submission.problem)
      XCTAssertEqual(submission.files.keys.sorted(), ["LSTM.swift", "RNN.swift"])
      XCTAssertEqual(text(submission, "RNN.swift"), "rnn \(name)")
      XCTAssertEqual(submission.notes, [])
    }
  }

  func testShallowestWinsAndAmbiguityIsSaid() throws {
    let scratch = try Scratch()
    try scratch.write("good", "a/src/RNN.swift")
    try scratch.write("old", "a/src/backup/RNN.swift")
    try scratch.write("one", "b/x/RNN.swift")
    try scratch.write("two", "b/y/RNN.swift")
    try scratch.write("same", "c/x/RNN.swift")
    try scratch.write("same", "c/y/RNN.swift")
    let found = try intake(scratch)
    XCTAssertEqual(text(found["a"], "RNN.swift"), "good")
    XCTAssertEqual(text(found["b"], "RNN.swift"), "one")
    let note = found["b"]?.notes.first ?? ""
    XCTAssertTrue(note.contains("x/RNN.swift was graded, not y/RNN.swift"), note)
    XCTAssertEqual(found["c"]?.notes.count, 1, "only that LSTM.swift is missing")
    XCTAssertTrue(found["c"]?.notes.first?.contains("LSTM.swift is missing") == true)
  }

  func testIgnoresClutter() throws {
    let scratch = try Scratch()
    for folder in ["__MACOSX", ".git", ".build", "x/.hidden"] {
      try scratch.write("clutter", "a/\(folder)/RNN.swift")
    }
    try scratch.write("clutter", "a/._RNN.swift")
    try scratch.write("good", "a/p/q/r/s/RNN.swift")
    XCTAssertEqual(text(try intake(scratch)["a"], "RNN.swift"), "good")
  }

  func testNeverFollowsLinksOrWaitsOnPipes() throws {
    let scratch = try Scratch()
    let secret = try Scratch()
    try secret.write("answers", "RNN.swift")
    try scratch.write("lstm", "a/LSTM.swift")
    try scratch.shell(
      """
      ln -s \(secret.path)/RNN.swift a/RNN.swift; ln -s \(secret.path) a/folder
      mkdir b; mkfifo b/RNN.swift; echo l > b/LSTM.swift
      mkdir c; ln -s \(secret.path)/RNN.swift c/RNN.swift; echo l > c/LSTM.swift
      tar -cf c.tar c; rm -r c; ln -s \(secret.path) d
      """)
    let all = try Intake(folder: scratch.path, files: files)
    for submission in all.submissions {
      XCTAssertNil(submission.files["RNN.swift"], submission.name)
      XCTAssertNotNil(submission.files["LSTM.swift"], submission.name)
      XCTAssertTrue(submission.notes.contains { $0.contains("RNN.swift is") }, submission.name)
    }
    XCTAssertEqual(all.submissions.map(\.name), ["a", "b", "c"])
    XCTAssertTrue(all.unrecognised.contains { $0.hasPrefix("d: a link") })
  }

  func testArchivesWithUnsafeNamesAndDuplicates() throws {
    let scratch = try Scratch()
    try ZipWriter.write(
      [
        ("../RNN.swift", "evil"), ("/etc/RNN.swift", "evil"), ("x/../../RNN.swift", "evil"),
        ("ok/LSTM.swift", "good"), ("__MACOSX/LSTM.swift", "clutter"),
      ], to: scratch.path + "/a.zip")
    try ZipWriter.write(
      [("RNN.swift", "one"), ("RNN.swift", "two")], to: scratch.path + "/b.zip")
    let found = try intake(scratch)
    XCTAssertEqual(text(found["a"], "LSTM.swift"), "good")
    XCTAssertNil(found["a"]?.files["RNN.swift"])
    XCTAssertTrue(found["a"]?.notes.contains { $0.contains("unsafe path") } == true)
    XCTAssertEqual(text(found["b"], "RNN.swift"), "two")
    XCTAssertTrue(
      found["b"]?.notes.contains { $0.hasPrefix("RNN.swift was graded, not RNN.swift:") } == true)
    let parent = URL(fileURLWithPath: scratch.path).deletingLastPathComponent().path
    XCTAssertFalse(FileManager.default.fileExists(atPath: parent + "/RNN.swift"))
  }

  func testRefusesWhatIsNoSource() throws {
    let scratch = try Scratch()
    try scratch.shell(
      """
      mkdir big latin nothing; head -c 1048577 /dev/zero | tr '\\0' a > big/RNN.swift
      echo l > big/LSTM.swift; printf '\\377\\376x' > latin/RNN.swift; echo l > latin/LSTM.swift
      echo hello > nothing/essay.txt; head -c 500 /dev/urandom > damaged.zip
      """)
    let found = try intake(scratch)
    XCTAssertTrue(found["big"]?.notes.contains { $0.contains("larger than 1 MiB") } == true)
    XCTAssertTrue(found["latin"]?.notes.contains { $0.contains("not text in UTF-8") } == true)
    XCTAssertNil(found["latin"]?.files["RNN.swift"])
    XCTAssertTrue(found["nothing"]?.problem?.contains("RNN.swift, LSTM.swift") == true)
    XCTAssertNotNil(found["damaged"]?.problem)
  }

  func testListsStrayFilesAndKeepsNamesApart() throws {
    let scratch = try Scratch()
    try scratch.write("r", "ann/RNN.swift")
    try scratch.write("r", "z/RNN.swift")
    try scratch.write("names", "grades.xlsx")
    try scratch.write("x", ".DS_Store")
    try scratch.write("r", ".hidden/RNN.swift")
    try scratch.shell("tar -czf ann.tar.gz z")
    let all = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(all.submissions.map(\.name), ["ann", "ann.tar.gz", "z"])
    XCTAssertEqual(all.unrecognised.count, 2)
    XCTAssertTrue(all.unrecognised.contains { $0.hasPrefix("grades.xlsx:") })
    XCTAssertTrue(all.unrecognised.contains { $0.hasPrefix(".hidden:") })
  }

  func testNamesThatDifferInCaseOnlyAreKeptApart() throws {
    let scratch = try Scratch()
    for name in ["Ann", "ann", "ANN"] { try scratch.write(name, "\(name)/RNN.swift") }
    let all = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(Set(all.submissions.map { $0.name.lowercased() }).count, 3)
    XCTAssertEqual(Set(all.submissions.map { text($0, "RNN.swift") }), ["Ann", "ann", "ANN"])
    XCTAssertEqual(all.report.problems.count { $0.hasPrefix("two submissions are named") }, 2)
  }

  func testMissingAndEmptyFoldersAreSentences() throws {
    let scratch = try Scratch()
    XCTAssertThrowsError(try Intake(folder: scratch.path + "/none", files: files)) {
      XCTAssertTrue("\($0)".contains("is not a folder"))
    }
    XCTAssertThrowsError(try Intake(folder: scratch.path, files: files)) {
      XCTAssertTrue("\($0)".contains("holds no submission"))
    }
  }
}
