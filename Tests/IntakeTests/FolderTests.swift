import Foundation
import TestSupport
import XCTest

@testable import Intake

final class FolderTests: XCTestCase {
  private let files = ["Sums.swift", "Means.swift"]

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
      try scratch.write("sums \(name)", "\(name)/deep/er/Sums.swift")
      try scratch.write("means", "\(name)/Means.swift")
      try scratch.write("evil", "\(name)/Worker.swift")
      try scratch.write("evil", "\(name)/assignment.yml")
    }
    try ZipWriter.write(
      [
        ("zipped/deep/er/Sums.swift", "sums zipped"), ("zipped/Means.swift", "means"),
        ("zipped/Worker.swift", "evil"), ("zipped/assignment.yml", "evil"),
      ], to: scratch.path + "/zipped.zip")
    try scratch.shell("tar -czf tarred.tar.gz tarred; rm -r zipped tarred")
    let found = try intake(scratch)
    XCTAssertEqual(found.keys.sorted(), ["folder", "tarred", "zipped"])
    for (name, submission) in found {
      XCTAssertNil(submission.problem)
      XCTAssertEqual(submission.files.keys.sorted(), ["Means.swift", "Sums.swift"])
      XCTAssertEqual(text(submission, "Sums.swift"), "sums \(name)")
      // it may be the student's own: only who gives it out knows
      XCTAssertTrue(submission.notes.allSatisfy { $0.hasSuffix("Worker.swift") })
      XCTAssertEqual(submission.notes.count, 1)
    }
  }

  func testShallowestWinsAndAmbiguityIsSaid() throws {
    let scratch = try Scratch()
    try scratch.write("good", "a/src/Sums.swift")
    try scratch.write("old", "a/src/backup/Sums.swift")
    try scratch.write("one", "b/x/Sums.swift")
    try scratch.write("two", "b/y/Sums.swift")
    try scratch.write("same", "c/x/Sums.swift")
    try scratch.write("same", "c/y/Sums.swift")
    let found = try intake(scratch)
    XCTAssertEqual(text(found["a"], "Sums.swift"), "good")
    XCTAssertEqual(text(found["b"], "Sums.swift"), "one")
    let note = found["b"]?.notes.first ?? ""
    XCTAssertTrue(note.contains("x/Sums.swift was graded, not y/Sums.swift"), note)
    XCTAssertEqual(found["c"]?.notes.count, 1, "only that Means.swift is missing")
    XCTAssertTrue(found["c"]?.notes.first?.contains("Means.swift is missing") == true)
  }

  func testIgnoresClutter() throws {
    let scratch = try Scratch()
    for folder in ["__MACOSX", ".git", ".build", "x/.hidden"] {
      try scratch.write("clutter", "a/\(folder)/Sums.swift")
    }
    try scratch.write("clutter", "a/._Sums.swift")
    try scratch.write("good", "a/p/q/r/s/Sums.swift")
    XCTAssertEqual(text(try intake(scratch)["a"], "Sums.swift"), "good")
  }

  func testNeverFollowsLinksOrWaitsOnPipes() throws {
    let scratch = try Scratch()
    let secret = try Scratch()
    try secret.write("answers", "Sums.swift")
    try scratch.write("means", "a/Means.swift")
    try scratch.shell(
      """
      ln -s \(secret.path)/Sums.swift a/Sums.swift; ln -s \(secret.path) a/folder
      mkdir b; mkfifo b/Sums.swift; echo l > b/Means.swift
      mkdir c; ln -s \(secret.path)/Sums.swift c/Sums.swift; echo l > c/Means.swift
      tar -cf c.tar c; rm -r c; ln -s \(secret.path) d
      """)
    let all = try Intake(folder: scratch.path, files: files)
    for submission in all.submissions {
      XCTAssertNil(submission.files["Sums.swift"], submission.name)
      XCTAssertNotNil(submission.files["Means.swift"], submission.name)
      XCTAssertTrue(submission.notes.contains { $0.contains("Sums.swift is") }, submission.name)
    }
    XCTAssertEqual(all.submissions.map(\.name), ["a", "b", "c"])
    XCTAssertTrue(all.unrecognised.contains { $0.hasPrefix("d: a link") })
  }

  func testArchivesWithUnsafeNamesAndDuplicates() throws {
    let scratch = try Scratch()
    try ZipWriter.write(
      [
        ("../Sums.swift", "evil"), ("/etc/Sums.swift", "evil"), ("x/../../Sums.swift", "evil"),
        ("ok/Means.swift", "good"), ("__MACOSX/Means.swift", "clutter"),
      ], to: scratch.path + "/a.zip")
    try ZipWriter.write(
      [("Sums.swift", "one"), ("Sums.swift", "two")], to: scratch.path + "/b.zip")
    let found = try intake(scratch)
    XCTAssertEqual(text(found["a"], "Means.swift"), "good")
    XCTAssertNil(found["a"]?.files["Sums.swift"])
    XCTAssertTrue(found["a"]?.notes.contains { $0.contains("unsafe path") } == true)
    XCTAssertEqual(text(found["b"], "Sums.swift"), "two")
    XCTAssertTrue(
      found["b"]?.notes.contains { $0.hasPrefix("Sums.swift was graded, not Sums.swift:") } == true)
    let parent = URL(fileURLWithPath: scratch.path).deletingLastPathComponent().path
    XCTAssertFalse(FileManager.default.fileExists(atPath: parent + "/Sums.swift"))
  }

  func testRefusesWhatIsNoSource() throws {
    let scratch = try Scratch()
    try scratch.shell(
      """
      mkdir big latin nothing; head -c 1048577 /dev/zero | tr '\\0' a > big/Sums.swift
      echo l > big/Means.swift; printf '\\377\\376x' > latin/Sums.swift; echo l > latin/Means.swift
      echo hello > nothing/essay.txt; head -c 500 /dev/urandom > damaged.zip
      """)
    let found = try intake(scratch)
    XCTAssertTrue(found["big"]?.notes.contains { $0.contains("larger than 1 MiB") } == true)
    XCTAssertTrue(found["latin"]?.notes.contains { $0.contains("not text in UTF-8") } == true)
    XCTAssertNil(found["latin"]?.files["Sums.swift"])
    XCTAssertTrue(found["nothing"]?.problem?.contains("Sums.swift, Means.swift") == true)
    XCTAssertNotNil(found["damaged"]?.problem)
  }

  func testListsStrayFilesAndKeepsNamesApart() throws {
    let scratch = try Scratch()
    try scratch.write("r", "ann/Sums.swift")
    try scratch.write("r", "z/Sums.swift")
    try scratch.write("names", "grades.xlsx")
    try scratch.write("x", ".DS_Store")
    try scratch.write("r", ".hidden/Sums.swift")
    try scratch.shell("tar -czf ann.tar.gz z")
    let all = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(all.submissions.map(\.name), ["ann", "ann.tar.gz", "z"])
    XCTAssertEqual(all.unrecognised.count, 2)
    XCTAssertTrue(all.unrecognised.contains { $0.hasPrefix("grades.xlsx:") })
    XCTAssertTrue(all.unrecognised.contains { $0.hasPrefix(".hidden:") })
  }

  func testNamesThatDifferInCaseOnlyAreKeptApart() throws {
    let scratch = try Scratch()
    for name in ["Ann", "ann", "ANN"] { try scratch.write(name, "\(name)/Sums.swift") }
    let all = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(Set(all.submissions.map { $0.name.lowercased() }).count, 3)
    XCTAssertEqual(Set(all.submissions.map { text($0, "Sums.swift") }), ["Ann", "ann", "ANN"])
    XCTAssertEqual(all.report.sentences.count { $0.hasPrefix("two submissions are named") }, 2)
  }

  /// What lies among the submissions and may be somebody's makes the instructor look.
  func testNobodyVanishesInWhatIsNotTaken() throws {
    let scratch = try Scratch()
    try scratch.write("sums", "class/ann/Sums.swift")
    for name in ["Means.swift", "hal_Means.swift"] { try scratch.write("means", "class/" + name) }
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
      intake.report.sentences.map { String($0.prefix { $0 != ":" }) }.sorted(),
      ["Means.swift", "hal_Means.swift", "link"], "\(intake.report.sentences)")
  }

  func testTheSameInAnArchive() throws {
    let scratch = try Scratch()
    let entries: [ArchiveWriter.Entry] = [
      .init("./", .folder), .init("class/ann/Sums.swift", "sums"),
      .init("class/bob", .symbolicLink(to: "ann")), .init("../class/cy/Sums.swift", "sums"),
      .init("/class/dan/Sums.swift", "sums"),
    ]
    let intake = try Intake(scratch, .tar, entries)
    XCTAssertEqual(intake.names, ["ann"])
    XCTAssertEqual(intake.unrecognised.count, 3, "\(intake.unrecognised)")
    for part in ["bob is a link", "cy/Sums.swift has an unsafe", "dan/Sums.swift has an unsafe"] {
      XCTAssertEqual(intake.report.sentences.count { $0.contains(part) }, 1, part)
    }
    // more than are listed one by one
    let many = (0..<50).map { ArchiveWriter.Entry("/\($0)/Sums.swift", "sums") }
    let crowd = try Intake(scratch, .tar, entries.prefix(2) + many)
    XCTAssertTrue(
      crowd.report.sentences.contains { $0.hasPrefix("and 30 more") }, "\(crowd.report.sentences)")
    XCTAssertThrowsError(try Intake(scratch, .tar, many)) {
      XCTAssertTrue("\($0)".contains("the first: /0/Sums.swift has an unsafe path"), "\($0)")
    }
  }

  func testAFileAstrayDoesNotMakeAClassOneSubmissionSilently() throws {
    let scratch = try Scratch()
    let class1: [ArchiveWriter.Entry] = [
      .init("class/ann/Sums.swift", "a"), .init("class/bob/Sums.swift", "b"),
      .init("class/Sums.swift", "astray"),
    ]
    XCTAssertTrue(
      try Intake(scratch, .zip, class1).report.sentences.contains {
        $0.hasPrefix("class holds files of the assignment and folders")
      })
    XCTAssertEqual(try Intake(scratch, .zip, Array(class1.prefix(2))).report.sentences, [])
    // one's own archive, with a copy
    XCTAssertEqual(try Intake(scratch, .zip, Array(class1.suffix(2))).report.sentences, [])
  }

  func testCopiesOfAFolderOrAnArchiveAreSaid() throws {
    let scratch = try Scratch()
    for name in [
      "ann", "ann (1)", "Bob", "bob - Copy", "group 1", "group 2", "hw-1", "hw-2", "x (1)",
    ] {
      try scratch.write(name, "class/\(name)/Sums.swift")
    }
    let intake = try Intake(folder: scratch.path + "/class", files: files)
    XCTAssertEqual(intake.submissions.count, 9)
    XCTAssertEqual(
      intake.report.sentences.filter { $0.contains("looks like a copy") }.map {
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

  func testADeliveryThatIsNoneSaysWhatItIs() throws {
    let scratch = try Scratch()
    // no more than the end of a zip's list of files
    let end = "PK\u{5}\u{6}" + String(repeating: "\0", count: 18)
    for (name, text, part) in [
      ("empty.zip", end, "empty.zip is a zip archive with nothing in it"),
      ("none.zip", "", "none.zip is an empty file"),
      ("roster.csv", "id,name\n1,Ann\n", "a class list is named with --roster"),
      ("notes.zip", "some text", "notes.zip is not a zip, 7z or tar archive"),
    ] {
      let path = try scratch.write(text, name)
      XCTAssertThrowsError(try Intake(folder: path, files: files)) {
        XCTAssertTrue("\($0)".contains(part), "\($0)")
      }
    }
    // whoever is root may read everything
    guard geteuid() != 0 else { return }
    let path = scratch.path + "/locked"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0])
    XCTAssertThrowsError(try Intake(folder: path, files: files)) {
      XCTAssertTrue("\($0)".contains("you may not read it"), "\($0)")
    }
  }
}
