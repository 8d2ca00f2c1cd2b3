import Foundation
import People
import TestSupport
import XCTest

@testable import Intake

/// What is in a submission and was not taken, and what was taken under another name.
final class LeftOutTests: XCTestCase {
  private func intake(
    _ names: [String], change: (inout IntakeRules) -> Void = { _ in }
  ) throws -> Intake {
    let scratch = try Scratch()
    for name in names { try scratch.write(name, "ann/" + name) }
    var rules = IntakeRules()
    rules.answerPoints = .init(points: 21, of: 33)
    change(&rules)
    return try Intake(folder: scratch.path, files: files, rules: rules)
  }

  func testCopiesThatSystemsMakeAreTaken() throws {
    for name in [
      "Sums 2.swift", "Sums copy.swift", "Sums copy 3.swift", "Sums - Copy.swift",
      "Sums - Copy (2).swift", "Sums - Kopie.swift", "Sums Kopie 2.swift", "Sums - Copie (3).swift",
      "Sums copia.swift", "Copy of Sums.swift", "Kopie von Sums.swift", "Sums(1).swift",
      "Sums (1).swift", "Sums-1.swift", "Sums_2.swift", "SUMS.SWIFT", "Sums.swift.txt",
    ] {
      let submission = try XCTUnwrap(try intake([name])["ann"])
      XCTAssertEqual(submission.text("Sums.swift"), name, name)
      XCTAssertTrue(submission.says("was taken for Sums.swift"), "\(submission.notes)")
    }
    let others = [
      "Sums final.swift", "Sumsum.swift", "Sums copy of it.swift", "Sums - Copyright.swift",
    ]
    for name in others {
      XCTAssertNil(try intake([name, "Means.swift"])["ann"]?.text("Sums.swift"), name)
    }
  }

  func testWhatWasNotTakenIsNamed() throws {
    let intake = try intake(
      [
        "Sums.swift", "Means_final.swift", "Helpers.swift", "Given.swift", "README.md",
        "a/b/c/Far.swift",
      ]
    ) { $0.handedOut = ["Given.swift"] }
    let submission = try XCTUnwrap(intake["ann"])
    XCTAssertTrue(
      submission.says("handed in and not taken: Helpers.swift, Means_final.swift"),
      "\(submission.notes)")
    XCTAssertFalse(submission.notes.contains { $0.contains("Given") || $0.contains("Far") })
    XCTAssertTrue(
      intake.report.sentences.contains {
        $0.hasPrefix("ann: Means.swift is missing, and Means_final.swift may be meant for it")
      }, "\(intake.report.sentences)")
    XCTAssertTrue(submission.says("ANSWERS.md is missing (21 of 33 points)"))
    XCTAssertEqual(submission.elsewhere, [])
  }

  func testAnswersInAnotherForm() throws {
    for name in [
      "ANSWERS.docx", "Answers.txt", "ANSWERS_final.md", "my answers.pdf", "homework.pdf",
      "deep/er/still/Answers.odt",
    ] {
      let intake = try intake(["Sums.swift", name])
      XCTAssertEqual(intake["ann"]?.elsewhere, [name])
      XCTAssertTrue(
        intake.report.sentences.contains { $0.contains("\(name) may be the answers") },
        "\(intake.report.sentences)")
    }
    let whole = try intake(["Sums.swift", "ANSWERS.md", "draft.pdf"])
    XCTAssertEqual(whole["ann"]?.elsewhere, [])
    XCTAssertEqual(whole.report.sentences, [])
    XCTAssertTrue(whole["ann"]?.says("not taken: draft.pdf") == true)
  }

  func testOneOfTwoIsLeftOutByTheInstructorsWord() throws {
    let scratch = try Scratch()
    for name in ["Ann Lee", "ann-lee-new"] { try scratch.write("sums", name + "/Sums.swift") }
    var rules = IntakeRules()
    rules.leftOut = ["ANN LEE"]
    let intake = try Intake(folder: scratch.path, files: files, rules: rules)
    XCTAssertEqual(intake.names, ["ann-lee-new"])
    XCTAssertEqual(intake.unrecognised, ["Ann Lee: left out by decision"])
    rules.leftOut = ["nobody"]
    XCTAssertThrowsError(try Intake(folder: scratch.path, files: files, rules: rules)) {
      XCTAssertTrue("\($0)".contains("nobody cannot be left out"), "\($0)")
    }
  }

  func testAnArchiveIsKnownByItsFirstBytes() throws {
    let scratch = try Scratch()
    try scratch.write("sums", "hw/Sums.swift")
    for name in [
      "doejane_501_9001_handin.tar-1.gz", "poesam_503_9003_handin.tar (1).gz",
      "roejohn_502_9002_handin.bin", "leeann_504_9004_handin",
    ] {
      try scratch.shell("mkdir -p sub; tar -czf made hw; mv made 'sub/\(name)'")
    }
    try scratch.write("no archive", "sub/fox_505_9005_notes.bin")
    let intake = try Intake(folder: scratch.path + "/sub", files: files)
    for submission in intake.submissions where submission.name != "fox (505)" {
      XCTAssertEqual(submission.text("Sums.swift"), "sums", submission.name)
    }
    XCTAssertNotNil(intake["fox (505)"]?.problem)
    // and within an archive
    try scratch.shell("tar -czf inner.tgz hw; mkdir -p ann; mv inner.tgz 'ann/handin.tar (2).gz'")
    try scratch.shell("mkdir packed; tar -czf packed/ann.tar.gz ann")
    let packed = try Intake(folder: scratch.path + "/packed", files: files)
    XCTAssertEqual(packed["ann"]?.text("Sums.swift"), "sums", "\(packed.submissions)")
  }

  func testMoodlesFilesAndOnlineTextAreOneSubmission() throws {
    let scratch = try Scratch()
    for name in ["Ann Lee_11", "Bob Ray_12"] {
      try scratch.write("sums \(name)", "\(name)_assignsubmission_file_/Sums.swift")
      try scratch.write("<p>hello</p>", "\(name)_assignsubmission_onlinetext_/onlinetext.html")
    }
    let intake = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(intake.names, ["Ann Lee (11)", "Bob Ray (12)"])
    XCTAssertEqual(intake["Ann Lee (11)"]?.text("Sums.swift"), "sums Ann Lee_11")
    XCTAssertEqual(intake.report.sentences, [])
    XCTAssertTrue(intake["Ann Lee (11)"]?.says("not taken: onlinetext.html") == true)
  }

  func testCanvasGroupsAreTheirMembers() throws {
    let roster = """
      Student,ID,SIS User ID,SIS Login ID,Section
      "Lee, Ann",601,1111111,alee,A
      "Ray, Bob",611,2222222,bray,A
      """
    for group in ["group1", "projectgroup12", "teamb", "thewinners"] {
      let scratch = try Scratch()
      try scratch.write("sums", "\(group)_601_9100_Sums.swift")
      try scratch.write(
        "<!-- members -->\n- Ann Lee, 1111111\n- Bob Ray, 2222222\n<!-- end members -->",
        "\(group)_601_9109_ANSWERS.md")
      let intake = try Intake(
        folder: scratch.path, files: files, rules: rules(due: nil, roster: roster))
      XCTAssertEqual(intake.submissions.first?.members, ["Ann Lee", "Bob Ray"], group)
      XCTAssertEqual(intake.report.roster?.unknown, [], group)
      XCTAssertEqual(intake.report.roster?.missing, [], group)
      XCTAssertEqual(intake.report.sentences, [], group)
    }
  }
}
