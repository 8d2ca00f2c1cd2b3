import Assignment
import Foundation
import People
import TestSupport
import XCTest

@testable import Intake

final class PlatformTests: XCTestCase {
  func testBrightspacePackedAndUnpacked() throws {
    let folder = "397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926 PM"
    for format in [ArchiveWriter.Format.zip, .tarGz] {
      let scratch = try Scratch()
      let zipped = try ArchiveWriter.bytes(.zip, [.init("hw/Means.swift", "means b")])
      let intake = try Intake(
        scratch, format,
        [
          .init("\(folder)/Sums.swift", "sums a"),
          .init("397064-2557369 - .Bob de Vries - 25 September, 2024 0105/hw.zip", .file(zipped)),
          .init("index.html", "<html>"),
        ], rules: rules(due: "2024-09-24 21:00 Europe/Amsterdam"))
      XCTAssertEqual(intake.names, ["Bob de Vries (397064)", "Mary-Ann Smith (397063)"])
      let (bob, mary) = (intake.submissions[0], intake.submissions[1])
      XCTAssertEqual(mary.platform, .brightspace)
      XCTAssertEqual(mary.members, ["Mary-Ann Smith"])
      XCTAssertEqual(mary.people.first?.person.ids, ["397063"])
      XCTAssertEqual(mary.text("Sums.swift"), "sums a")
      XCTAssertEqual(bob.text("Means.swift"), "means b")
      // 21:26 and 01:05 in Amsterdam's summer time.
      XCTAssertEqual(mary.submitted, ISO8601DateFormatter().date(from: "2024-09-24T19:26:00Z"))
      XCTAssertEqual(bob.submitted, ISO8601DateFormatter().date(from: "2024-09-24T23:05:00Z"))
      XCTAssertEqual(intake.unrecognised, [])
      XCTAssertEqual(intake.report.timeZone, "Europe/Amsterdam")
    }
  }

  func testBrightspaceTheLastAttemptCountsAndHomonymsStayApart() throws {
    let scratch = try Scratch()
    func entry(_ id: Int, _ time: String, _ text: String) -> ArchiveWriter.Entry {
      .init("\(id)-99 - Jane Doe - \(time)/Sums.swift", text)
    }
    let intake = try Intake(
      scratch, .zip,
      [
        entry(1, "Sep 9, 2024 1159 PM", "third"), entry(1, "Sep 9, 2024 1201 PM", "second"),
        entry(1, "Sep 9, 2024 1201 AM", "first"), entry(2, "Sep 8, 2024 100 PM", "namesake"),
      ], rules: rules())
    XCTAssertEqual(intake.names, ["Jane Doe (1)", "Jane Doe (2)"])
    XCTAssertEqual(intake["Jane Doe (1)"]?.text("Sums.swift"), "third")
    XCTAssertEqual(intake["Jane Doe (2)"]?.text("Sums.swift"), "namesake")
    XCTAssertEqual(
      intake.report.superseded.map(\.submitted),
      ["2024-09-09 00:01 Europe/Amsterdam", "2024-09-09 12:01 Europe/Amsterdam"])
    XCTAssertTrue(intake.report.superseded.allSatisfy { $0.countedSource.contains("1159 PM") })
    XCTAssertEqual(intake.report.sentences.count, 1)
    XCTAssertTrue(intake.report.sentences.first?.contains("two of the same name") == true)
  }

  func testTheLastOfAGroupsHandInsCounts() throws {
    let scratch = try Scratch()
    try scratch.write("ann's", "1-9 - Group 3 - Sep 9, 2024 1100 PM/Sums.swift")
    try scratch.write("bob's", "2-9 - Group 3 - Sep 9, 2024 1101 PM/Sums.swift")
    let intake = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(intake.submissions.map { $0.text("Sums.swift") }, ["bob's"])
    XCTAssertEqual(intake.report.superseded.count, 1)
    // anybody can call himself a group
    XCTAssertTrue(
      intake.report.sentences.contains {
        $0.hasPrefix("Group 3 (1) and Group 3 (2) handed in as one group")
      }, "\(intake.report.sentences)")
  }

  func testWhatLiesAroundAPlatformsFolderIsListed() throws {
    let scratch = try Scratch()
    let folder = "export/1-9 - Ann Lee - Sep 9, 2024 1100 PM"
    let intake = try Intake(
      scratch, .tar,
      [
        .init("\(folder)/Sums.swift", "sums"),
        .init("\(folder)/Means.swift", .symbolicLink(to: "/etc")),
        .init("readme.txt", "x"), .init("../Sums.swift", "x"),
      ])
    XCTAssertEqual(intake.names, ["Ann Lee (1)"])
    XCTAssertTrue(intake.submissions.first?.says("Means.swift is a link") == true)
    XCTAssertEqual(intake.unrecognised.count, 2, "\(intake.unrecognised)")
    XCTAssertTrue(intake.unrecognised.contains { $0.hasPrefix("readme.txt") })
    XCTAssertTrue(intake.unrecognised.contains { $0.hasPrefix("../Sums.swift") })
  }

  func testAttemptsThatNothingTellsApartAllStay() throws {
    let scratch = try Scratch()
    try scratch.write("a", "x/1-9 - Jane Doe - Sep 9, 2024 1159 PM/Sums.swift")
    try scratch.write("b", "x/1-8 - Jane Doe - Sep 9, 2024 1159 PM/Sums.swift")
    let intake = try Intake(folder: scratch.path + "/x", files: files)
    XCTAssertEqual(intake.submissions.count, 2)
    XCTAssertEqual(Set(intake.names).count, 2)
    XCTAssertEqual(intake.report.superseded, [])
    XCTAssertTrue(
      intake.report.sentences.contains { $0.contains("nothing tells which is the last") })
  }

  func testABrightspaceTimeThatCannotBeReadIsSaid() throws {
    let scratch = try Scratch()
    try scratch.write("a", "1-9 - Jane Doe - Sep 31, 2024 1159 PM/Sums.swift")
    let intake = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(intake.names, ["Jane Doe (1)"])
    XCTAssertNil(intake.submissions.first?.submitted)
    XCTAssertTrue(intake.submissions.first?.says("Sep 31, 2024 1159 PM") == true)
    XCTAssertTrue(
      intake.report.sentences.contains { $0.hasSuffix("it is not known whether it is late") })
  }

  func testCanvas() throws {
    let scratch = try Scratch()
    let zipped = try ArchiveWriter.bytes(.zip, [.init("Sums.swift", "sums c")])
    let intake = try Intake(
      scratch, .zip,
      [
        .init("doejane_123_1001_Sums.swift", "sums a"),
        .init("doejane_123_1002_Means-2.swift", "means new"),
        .init("doejane_123_1000_Means.swift", "means old"),
        .init("roejohn_LATE_124_1003_hw.zip", .file(zipped)),
        .init("anon_Ab3dE_1004_Sums.swift", "sums d"),
        .init("texter_125_text.html", "<p>my code</p>"), .init("grades.csv", "x"),
      ], rules: rules())
    XCTAssertEqual(
      intake.names, ["anonymous (Ab3dE)", "doejane (123)", "roejohn (124)", "texter (125)"])
    let jane = try XCTUnwrap(intake["doejane (123)"])
    XCTAssertEqual(jane.text("Sums.swift"), "sums a")
    XCTAssertEqual(jane.text("Means.swift"), "means new", "the later upload counts")
    XCTAssertTrue(jane.says("not the 1 other Means.swift earlier"), "\(jane.notes)")
    XCTAssertEqual(intake["roejohn (124)"]?.text("Sums.swift"), "sums c")
    let late = try XCTUnwrap(intake["roejohn (124)"]?.late)
    XCTAssertNil(late.seconds)
    XCTAssertEqual(late.share, 0, "nothing is taken off without a time")
    XCTAssertEqual(intake["texter (125)"]?.isWithoutCode, true)
    XCTAssertTrue(
      intake["texter (125)"]?.problem?.hasPrefix("there is text.html; the code") == true)
    XCTAssertEqual(intake.unrecognised.count, 1)
    XCTAssertTrue(intake.unrecognised.first?.hasPrefix("grades.csv:") == true)
  }

  func testCanvasALateAttemptSupersedesByItsNumber() throws {
    let scratch = try Scratch()
    try scratch.write("late", "doejane_LATE_123_2001_Sums.swift")
    try scratch.write("early", "doejane_123_1001_Sums.swift")
    let intake = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(intake.names, ["doejane (123)"])
    XCTAssertEqual(intake.submissions.first?.text("Sums.swift"), "late")
    XCTAssertEqual(intake.report.superseded.map(\.source), ["doejane_123_1001_Sums.swift"])
  }

  func testMoodleFoldersAndFlatFiles() throws {
    let scratch = try Scratch()
    let intake = try Intake(
      scratch, .zip,
      [
        .init("Jane Doe_4711_assignsubmission_file_/src/Sums.swift", "sums a"),
        .init("Jörg Müller_4712_assignsubmission_file_Sums.swift", "sums b"),
        .init("Jörg Müller_4712_assignsubmission_file_Means.swift", "means b"),
        .init("Participant 4713_4713_assignsubmission_file_/Means.swift", "means c"),
        .init("Ann Lee_4714_assignsubmission_onlinetext_onlinetext.html", "<p>"),
      ])
    XCTAssertEqual(
      intake.names,
      ["Ann Lee (4714)", "Jane Doe (4711)", "Jörg Müller (4712)", "Participant 4713 (4713)"])
    XCTAssertEqual(intake["Jane Doe (4711)"]?.text("Sums.swift"), "sums a")
    XCTAssertEqual(intake["Jörg Müller (4712)"]?.files.count, 2)
    XCTAssertEqual(intake["Participant 4713 (4713)"]?.text("Means.swift"), "means c")
    XCTAssertNotNil(intake["Ann Lee (4714)"]?.problem)
    XCTAssertTrue(intake.submissions.allSatisfy { $0.platform == .moodle })
  }

  /// All have one name there, in the language of whoever downloads: the number tells them apart.
  func testMoodlesBlindMarkingIsNoNamesakes() throws {
    let scratch = try Scratch()
    let intake = try Intake(
      scratch, .zip,
      [
        .init("Participant_4711_assignsubmission_file_/Sums.swift", "a"),
        .init("Participant_4712_assignsubmission_file_/Sums.swift", "b"),
        .init("Participant_4712_assignsubmission_onlinetext_/onlinetext.html", "<p>"),
        .init("Teilnehmerin_4713_assignsubmission_file_/Sums.swift", "c"),
        .init("Group 2-Participant_4714_assignsubmission_file_/Sums.swift", "d"),
      ])
    XCTAssertEqual(intake.names, (4711...4714).map { "Participant \($0) (\($0))" })
    XCTAssertEqual(intake.report.problems.map(\.kind), [])
  }

  /// Where groups hand in, each member has a folder with the group's name before their own.
  func testMoodlesGroupsAreTheirMembers() throws {
    let scratch = try Scratch()
    let roster = try Roster(
      "Identifier,Full name,ID number\nParticipant 4711,Ann Lee,0012345\n"
        + "Participant 4712,Anne-Sophie Ray,0012346\n")
    let intake = try Intake(
      scratch, .zip,
      [
        .init("Group 3-Ann Lee_4711_assignsubmission_file_/Sums.swift", "a"),
        .init("Team Blue-Anne-Sophie Ray_4712_assignsubmission_file_/Sums.swift", "a"),
      ], rules: IntakeRules(roster: roster))
    XCTAssertEqual(intake.names, ["Ann Lee (4711)", "Anne-Sophie Ray (4712)"])
    XCTAssertEqual(
      intake.submissions.map { $0.people.map(\.student?.ids.first) }, [["0012345"], ["0012346"]])
    XCTAssertEqual(intake.report.problems.map(\.kind), [])
  }

  func testGradescope() throws {
    let scratch = try Scratch()
    let metadata = """
      ---
      submission_501:
        :submitters:
        - :name: Jane Doe
          :sid: '1234567'
          :email: jane@example.org
        - :name: John Roe
          :sid:
          :email: john@example.org
        :created_at: 2024-09-24 19:26:00.123456000 Z
        :score: 0.0
        :status: processed
      submission_400:
        :submitters:
        - :name: John Roe
          :sid:
          :email: john@example.org
        - :name: Jane Doe
          :sid: '1234567'
          :email: jane@example.org
        :created_at: 2024-09-24 12:26:00.123456000 +02:00
      submission_777:
        :submitters:
        - :name: Gone Away
      """
    let intake = try Intake(
      scratch, .zip,
      [
        .init("assignment_9_export/submission_metadata.yml", metadata),
        .init("assignment_9_export/submission_501/Sums.swift", "new"),
        .init("assignment_9_export/submission_400/Sums.swift", "old"),
        .init("assignment_9_export/submission_888/Sums.swift", "whose"),
      ], rules: rules())
    XCTAssertEqual(intake.names, ["Jane Doe, John Roe", "submission_888"])
    let both = intake.submissions[0]
    XCTAssertEqual(both.text("Sums.swift"), "new")
    XCTAssertEqual(both.members, ["Jane Doe", "John Roe"])
    XCTAssertEqual(both.people.first?.person.email, "jane@example.org")
    XCTAssertEqual(both.late?.seconds ?? 0, 26 * 60, accuracy: 1)
    XCTAssertEqual(intake.report.superseded.count, 1)
    XCTAssertTrue(intake.unrecognised.contains { $0.contains("submission_777") })
    XCTAssertTrue(
      intake.report.sentences.contains { $0.hasPrefix("assignment_9_export/submission_888") })
  }

  func testGitHubClassroomClonesAndArchives() throws {
    let scratch = try Scratch()
    try scratch.write("a", "sums-submissions/sums-jane-doe/Sums.swift")
    try scratch.write("ref", "sums-submissions/sums-jane-doe/.git/HEAD")
    try scratch.write("b", "sums-submissions/sums-bob/Assignments/Unit/Sums.swift")
    let cloned = try Intake(folder: scratch.path + "/sums-submissions", files: files)
    XCTAssertEqual(cloned.names, ["bob", "jane-doe"])
    XCTAssertEqual(cloned["jane-doe"]?.platform, .gitHubClassroom)
    XCTAssertEqual(cloned["jane-doe"]?.people.first?.person.login, "jane-doe")
    XCTAssertEqual(cloned["bob"]?.text("Sums.swift"), "b")

    let archives = try Scratch()
    for login in ["ann", "cy"] {
      let bytes = try ArchiveWriter.bytes(.zip, [.init("hw-1-\(login)-main/Sums.swift", login)])
      try archives.write(bytes, "hw-1-\(login)-main.zip")
    }
    let downloaded = try Intake(folder: archives.path, files: files)
    XCTAssertEqual(downloaded.names, ["ann", "cy"])
    XCTAssertEqual(downloaded["cy"]?.text("Sums.swift"), "cy")
  }

  /// A repository's last commit tells a time, which is its author's word; nothing in it is run.
  func testTheTimeOfACloneIsThatOfItsLastCommitByItsAuthorsClock() throws {
    let scratch = try Scratch()
    let git = "git -c user.name=x -c user.email=x@u.example"
    for (login, time) in [
      ("ann", "2024-09-24T20:59:00+02:00"), ("bob", "2024-09-24T21:05:00+02:00"),
      ("cy", "2099-01-01T00:00:00+00:00"),
    ] {
      try scratch.write(login, "hw-submissions/hw-\(login)/Sums.swift")
      try scratch.shell(
        "cd hw-submissions/hw-\(login); git init -q -b main; git add .; "
          + "GIT_AUTHOR_DATE=2001-01-01T00:00:00Z GIT_COMMITTER_DATE=\(time) \(git) commit -qm x")
    }
    // as a clone has it: packed, the branch among packed references
    try scratch.shell("cd hw-submissions/hw-bob; git gc -q; git pack-refs --all")
    // what a student may put into it is neither run nor followed
    let bob = "hw-submissions/hw-bob/.git"
    for line in [
      "cd \(bob); git config core.fsmonitor 'touch $PWD/RUN'; git config log.showSignature true",
      "cd \(bob); git config core.hooksPath hooks; git config gpg.program 'touch RUN'",
      "cd \(bob); git config core.alternateRefsCommand 'touch RUN'",
    ] { try scratch.shell(line) }
    try scratch.write("dee", "hw-submissions/hw-dee/Sums.swift")
    try scratch.shell("ln -s ../hw-ann/.git hw-submissions/hw-dee/.git")
    try scratch.write("eve", "hw-submissions/hw-eve/Sums.swift")
    try scratch.shell(
      "cd hw-submissions/hw-eve; git init -q -b main; rm .git/HEAD; ln -s ../../hw-ann/.git/HEAD "
        + ".git/HEAD; ln -sf ../../hw-ann/.git/refs/heads/main .git/refs/heads/main")
    let intake = try Intake(
      folder: scratch.path + "/hw-submissions", files: files, rules: rules())
    XCTAssertEqual(intake.names, ["ann", "bob", "cy", "dee", "eve"])
    XCTAssertEqual(
      intake.report.submissions.map(\.submitted),
      [
        "2024-09-24 20:59 Europe/Amsterdam", "2024-09-24 21:05 Europe/Amsterdam",
        "2099-01-01 01:00 Europe/Amsterdam", nil, nil,
      ])
    XCTAssertEqual(intake.report.submissions.map(\.hasOwnClock), [true, true, true, nil, nil])
    XCTAssertEqual(intake.report.late.map(\.name), ["bob", "cy"])
    XCTAssertTrue(intake["bob"]?.says("by the clock of the last commit") == true)
    XCTAssertFalse(FileManager.default.fileExists(atPath: scratch.path + "/\(bob)/RUN"))
    XCTAssertEqual(
      intake.report.problems.map(\.kind), [.time, .time, .time], "\(intake.report.sentences)")
    XCTAssertTrue(intake.report.sentences[0].hasPrefix("cy: its last commit bears a time"))
    XCTAssertTrue(intake.report.sentences[1].hasPrefix("3 submissions bear the time of their last"))
    XCTAssertTrue(intake.report.sentences[2].hasPrefix("2 submissions bear no time"))
  }

  func testPlainFoldersThatShareAPrefixAreNoRepositories() throws {
    let scratch = try Scratch()
    for names in [["group-1", "group-2"], ["hw-1", "hw-2"], ["ann-lee", "ann-ray"]] {
      for name in names {
        try scratch.write(name, "\(names[0])s/\(name)/Sums.swift")
        // A copy of the course; some are clones as well.
        try scratch.write("on: push", "\(names[0])s/\(name)/.github/workflows/check.yml")
        if name.hasSuffix("1") || name.hasSuffix("2") {
          try scratch.write("ref", "\(names[0])s/\(name)/.git/HEAD")
        }
      }
      let intake = try Intake(folder: scratch.path + "/\(names[0])s", files: files)
      XCTAssertEqual(intake.names, names)
      XCTAssertTrue(intake.submissions.allSatisfy { $0.platform == .plain })
    }
  }

  func testADownloadInAFolderAndAnArchiveInAnArchive() throws {
    let scratch = try Scratch()
    let student = try ArchiveWriter.bytes(.tarGz, [.init("x/Sums.swift", "sums")])
    let download = try ArchiveWriter.bytes(
      .zip, [.init("1-2 - Jane Doe - Sep 9, 2024 1159 PM/hw.tar.gz", .file(student))])
    let path = try scratch.write(download, "in/Download.zip")
    let named = try Intake(folder: path, files: files)
    XCTAssertEqual(named.names, ["Jane Doe (1)"])
    XCTAssertEqual(named["Jane Doe (1)"]?.text("Sums.swift"), "sums")
    // in a folder it may as well be a student's, and only the instructor knows
    let alone = try Intake(folder: scratch.path + "/in", files: files)
    XCTAssertEqual(alone.names, ["Download"])
    XCTAssertTrue(
      alone.report.sentences.contains {
        $0.hasPrefix("Download.zip looks like") && $0.contains("--downloads")
      }, "\(alone.report.sentences)")
    try scratch.write("sums b", "in/second/3-2 - Bob Ray - Sep 9, 2024 1158 PM/Sums.swift")
    let wrapped = try ArchiveWriter.bytes(
      .tarGz, [.init("export/4-2 - Cy Fox - Sep 9, 2024 1158 PM/Sums.swift", "sums c")])
    try scratch.write(wrapped, "in/third.tar.gz")
    try scratch.write("x", "in/readme.txt")
    let said = try Intake(
      folder: scratch.path + "/in", files: files, rules: IntakeRules(holdsDownloads: true))
    XCTAssertEqual(said.names, ["Bob Ray (3)", "Cy Fox (4)", "Jane Doe (1)"])
    XCTAssertEqual(said["Jane Doe (1)"]?.text("Sums.swift"), "sums")
    XCTAssertEqual(said.unrecognised.count, 1)
    XCTAssertEqual(said.report.sentences, [])
  }

  func testNamesWithTheFormOfAnother() throws {
    func read(_ name: String, isFolder: Bool = false) -> PlatformName? {
      PlatformName.read(name, isFolder: isFolder, in: .gmt)
    }
    // a person's name is before the platform's number, a file's behind it: each can hold the form
    let folder = read(
      "Eve_4711_assignsubmission_file_x_99_assignsubmission_file_", isFolder: true)
    XCTAssertEqual(folder?.person.ids, ["99"])
    XCTAssertEqual(
      read("Eve_99_assignsubmission_file_Jane_4711_assignsubmission_file_Sums.swift")?.person.ids,
      ["99"])
    XCTAssertEqual(read("eve_99_1001_jane_4711_1002_Sums.swift")?.person.ids, ["99"])
    XCTAssertEqual(read("anon_aB3dE_1001_4711_Sums.swift")?.person.ids, ["aB3dE"])
    XCTAssertEqual(read("LATE_anon_aB3dE_1001_Sums.swift")?.isMarkedLate, true)
    XCTAssertNil(read("12_34_Sums.swift"))
    XCTAssertNil(read("_assignsubmission_file_x"))
    XCTAssertNil(read("Eve_99_assignsubmission_"))
    XCTAssertEqual(read("a - b_1_assignsubmission_file_", isFolder: true)?.person.name, "a - b")
    XCTAssertNil(read(String(repeating: "1_", count: 2000) + "x"))
  }

  func testAFolderBesideAPlatformsIsItsOwn() throws {
    let scratch = try Scratch()
    let name = "1-2 - Jane Doe - Sep 9, 2024 1159 PM"
    try scratch.write("sums", "\(name)/Sums.swift")
    try scratch.write("mailed", "by mail/Sums.swift")
    let intake = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(intake.names, ["Jane Doe (1)", "by mail"])
    XCTAssertEqual(
      intake.report.sentences,
      [
        ".: names are in the form of Brightspace (\(name)) and of no platform (by mail), and say "
          + "whose each is: see whether that is so"
      ])
  }

  func testAStudentCannotForgeOthersSubmissions() throws {
    let later = "1-2 - Jane Doe - Sep 30, 2024 1159 PM/Sums.swift"
    let forged = try ArchiveWriter.bytes(
      .zip, [.init(later, "forged"), .init("Means.swift", "own")])
    // Beside plain folders, and in a platform's download.
    for folder in ["1-2 - Jane Doe - Sep 9, 2024 1159 PM", "Jane Doe"] {
      let scratch = try Scratch()
      try scratch.write("hers", "\(folder)/Sums.swift")
      try scratch.write(forged, "evil.zip")
      try scratch.write(forged, "3-2 - Eve Ill - Sep 9, 2024 1159 PM/hw.zip")
      let intake = try Intake(folder: scratch.path, files: files)
      XCTAssertEqual(intake.submissions.count, 3, folder)
      XCTAssertEqual(intake.report.superseded, [], folder)
      XCTAssertEqual(
        intake.submissions.first { $0.name.hasPrefix("Jane") }?.text("Sums.swift"), "hers", folder)
      XCTAssertEqual(intake["evil"]?.text("Means.swift"), "own", folder)
      XCTAssertEqual(intake["Eve Ill (3)"]?.text("Means.swift"), "own", folder)
    }
    let plain = try Scratch()
    try plain.write("hers", "Jane Doe/Sums.swift")
    try plain.write(forged, "evil.zip")
    let intake = try Intake(folder: plain.path, files: files)
    XCTAssertEqual(intake.names, ["Jane Doe", "evil"])
    XCTAssertTrue(intake.report.sentences.contains { $0.hasPrefix("evil.zip looks like") })
  }

  func testALargeClassIsReadQuickly() throws {
    let scratch = try Scratch()
    let intake = try Intake(
      scratch, .zip, (1...1000).map { .init("doe\($0)_\($0)_\($0 + 5000)_Sums.swift", "\($0)") })
    XCTAssertEqual(intake.submissions.count, 1000)
    XCTAssertEqual(intake.report.sentences, [])
  }

  func testAClassPackedWithItsFolderAndOneStudentsArchive() throws {
    let scratch = try Scratch()
    let intake = try Intake(
      scratch, .tarGz,
      [.init("class/ann/Sums.swift", "a"), .init("class/bob/Means.swift", "b")])
    XCTAssertEqual(intake.names, ["ann", "bob"])
    let one = try scratch.write(
      ArchiveWriter.bytes(.zip, [.init("Sums.swift", "a"), .init("Means.swift", "b")]), "cy.zip")
    XCTAssertEqual(try Intake(folder: one, files: files).names, ["cy"])
  }
}
