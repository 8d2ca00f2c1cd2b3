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

  /// What lies among the submissions and may be somebody's makes the instructor look.
  func testNobodyVanishesInWhatIsNotTaken() throws {
    let scratch = try Scratch()
    try scratch.write("rnn", "class/ann/RNN.swift")
    for name in ["LSTM.swift", "hal_LSTM.swift"] { try scratch.write("lstm", "class/" + name) }
    for name in ["eve.rar", "fay.tar.zst", "gil.swift.gz"] {
      try scratch.write("packed", "class/" + name)
    }
    try scratch.shell("ln -s ann class/link; echo > class/notes.txt; mkdir class/.idea")
    let intake = try Intake(folder: scratch.path + "/class", files: files)
    XCTAssertEqual(intake.submissions.map(\.name), ["ann", "eve", "fay.tar", "gil.swift"])
    XCTAssertEqual(intake.report.unreadable.map(\.name), ["eve", "fay.tar", "gil.swift"])
    XCTAssertTrue(
      intake.report.unreadable.allSatisfy { $0.problem?.contains("ask for a zip") == true })
    XCTAssertEqual(intake.unrecognised.count, 5, "\(intake.unrecognised)")
    XCTAssertEqual(
      intake.report.problems.map { String($0.prefix { $0 != ":" }) }.sorted(),
      ["LSTM.swift", "hal_LSTM.swift", "link"], "\(intake.report.problems)")
  }

  func testTheSameInAnArchive() throws {
    let scratch = try Scratch()
    let entries: [ArchiveWriter.Entry] = [
      .init("./", .folder), .init("class/ann/RNN.swift", "rnn"),
      .init("class/bob", .symbolicLink(to: "ann")), .init("../class/cy/RNN.swift", "rnn"),
      .init("/class/dan/RNN.swift", "rnn"),
    ]
    let intake = try Intake(scratch, .tar, entries)
    XCTAssertEqual(intake.names, ["ann"])
    XCTAssertEqual(intake.unrecognised.count, 3, "\(intake.unrecognised)")
    for part in ["bob is a link", "cy/RNN.swift has an unsafe", "dan/RNN.swift has an unsafe"] {
      XCTAssertEqual(intake.report.problems.count { $0.contains(part) }, 1, part)
    }
    // more than are listed one by one
    let many = (0..<50).map { ArchiveWriter.Entry("/\($0)/RNN.swift", "rnn") }
    let crowd = try Intake(scratch, .tar, entries.prefix(2) + many)
    XCTAssertTrue(
      crowd.report.problems.contains { $0.hasPrefix("and 30 more") }, "\(crowd.report.problems)")
    XCTAssertThrowsError(try Intake(scratch, .tar, many)) {
      XCTAssertTrue("\($0)".contains("the first: /0/RNN.swift has an unsafe path"), "\($0)")
    }
  }

  func testAFileAstrayDoesNotMakeAClassOneSubmissionSilently() throws {
    let scratch = try Scratch()
    let class1: [ArchiveWriter.Entry] = [
      .init("class/ann/RNN.swift", "a"), .init("class/bob/RNN.swift", "b"),
      .init("class/RNN.swift", "astray"),
    ]
    XCTAssertTrue(
      try Intake(scratch, .zip, class1).report.problems.contains {
        $0.hasPrefix("class holds files of the assignment and folders")
      })
    XCTAssertEqual(try Intake(scratch, .zip, Array(class1.prefix(2))).report.problems, [])
    // one's own archive, with a copy
    XCTAssertEqual(try Intake(scratch, .zip, Array(class1.suffix(2))).report.problems, [])
  }

  func testCopiesOfAFolderOrAnArchiveAreSaid() throws {
    let scratch = try Scratch()
    for name in [
      "ann", "ann (1)", "Bob", "bob - Copy", "group 1", "group 2", "hw-1", "hw-2", "x (1)",
    ] {
      try scratch.write(name, "class/\(name)/RNN.swift")
    }
    let intake = try Intake(folder: scratch.path + "/class", files: files)
    XCTAssertEqual(intake.submissions.count, 9)
    XCTAssertEqual(
      intake.report.problems.filter { $0.contains("looks like a copy") }.map {
        $0.prefix { $0 != ":" }
      },
      ["ann (1) looks like a copy of ann", "bob - Copy looks like a copy of Bob"])
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
