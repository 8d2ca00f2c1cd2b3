import Foundation
import People
import TestSupport
import XCTest

@testable import Intake

/// What looks like a platform's download of a whole class, handed in by one student: one submission,
/// of this student, and nobody else's.
final class NestedDeliveryTests: XCTestCase {
  /// Downloads in which others have handed in, by platform.
  private let forgeries: [Platform: [(path: String, text: String)]] = [
    .brightspace: [("1-2 - Jane Doe - Sep 30, 2024 1159 PM/Sums.swift", "forged")],
    .canvas: [
      ("doejane_123_9001_Sums.swift", "forged"), ("roejohn_124_9002_Sums.swift", "forged"),
    ],
    .moodle: [
      ("Jane Doe_4711_assignsubmission_file_/Sums.swift", "forged"),
      ("John Roe_4712_assignsubmission_file_Sums.swift", "forged"),
    ],
    .gradescope: [
      (
        "submission_metadata.yml",
        "submission_9:\n  :submitters:\n  - :name: Jane Doe\n    :sid: '4711'\n"
      ), ("submission_9/Sums.swift", "forged"),
    ],
    .gitHubClassroom: [
      ("sums-jane/Sums.swift", "forged"), ("sums-jane/.git/HEAD", "ref"),
      ("sums-john/Sums.swift", "forged"), ("sums-john/.git/HEAD", "ref"),
    ],
  ]

  /// Hands a forgery in, in each form that a submission can have.
  private func forEachForm(
    _ body: (_ place: String, _ platform: Platform, _ write: (Scratch, String) throws -> Void)
      throws
      -> Void
  ) throws {
    for (platform, files) in forgeries {
      // a file of the student's own beside it, and a folder around it
      for folder in ["", "deep/er/"] {
        let all =
          files.map { (path: folder + $0.path, text: $0.text) } + [
            (path: "Means.swift", text: "own")
          ]
        try body("eve", platform) { scratch, place in
          for file in all { try scratch.write(file.text, "\(place)/\(file.path)") }
        }
        let entries = all.map { ArchiveWriter.Entry($0.path, $0.text) }
        for (format, suffix) in [(ArchiveWriter.Format.zip, ".zip"), (.tarGz, ".tar.gz")] {
          let bytes = try ArchiveWriter.bytes(format, entries)
          try body("eve" + suffix, platform) { try $0.write(bytes, $1) }
          let twice = try ArchiveWriter.bytes(
            .zip, [.init("hw" + suffix, .file(bytes)), .init("Means.swift", "own")])
          try body("eve.zip", platform) { scratch, place in try scratch.write(twice, place) }
        }
      }
    }
  }

  private func check(_ eve: Submission?, _ name: String, line: UInt = #line) {
    guard let eve else { return XCTFail("\(name): nothing was handed in", line: line) }
    XCTAssertEqual(eve.text("Means.swift"), "own", name, line: line)
    XCTAssertTrue(eve.notes.contains(DownloadLikeness.note), "\(name): \(eve.notes)", line: line)
    XCTAssertEqual(eve.people.count, 1, name, line: line)
    XCTAssertFalse(eve.members.contains { $0.contains("J") }, "\(eve.members)", line: line)
  }

  func testAloneInTheFolderThatIsNamed() throws {
    try forEachForm { place, platform, write in
      let scratch = try Scratch()
      try write(scratch, "class/" + place)
      let intake = try Intake(folder: scratch.path + "/class", files: files)
      XCTAssertEqual(intake.names, ["eve"], "\(platform)")
      XCTAssertEqual(intake.submissions.first?.platform, .plain, "\(platform)")
      check(intake.submissions.first, "\(platform) \(place)")
      XCTAssertTrue(
        intake.report.sentences.contains { $0.hasPrefix("\(place) looks like a platform's") },
        "\(platform) \(place): \(intake.report.sentences)")
    }
  }

  func testBesideOthers() throws {
    try forEachForm { place, platform, write in
      let scratch = try Scratch()
      try scratch.write("hers", "class/Jane Doe/Sums.swift")
      try write(scratch, "class/" + place)
      let intake = try Intake(folder: scratch.path + "/class", files: files)
      XCTAssertEqual(intake.names, ["Jane Doe", "eve"], "\(platform)")
      XCTAssertEqual(intake["Jane Doe"]?.text("Sums.swift"), "hers", "\(platform)")
      XCTAssertEqual(intake["Jane Doe"]?.notes.contains(DownloadLikeness.note), false)
      check(intake["eve"], "\(platform) \(place)")
    }
  }

  func testInEachPlatformsDownload() throws {
    let outer: [(place: String, name: String, jane: String)] = [
      (
        "3-2 - Eve Ill - Sep 9, 2024 1159 PM/", "Eve Ill (3)",
        "1-2 - Jane Doe - Sep 9, 2024 1159 PM/Sums.swift"
      ),
      ("illeve_3_2001_", "illeve (3)", "doejane_123_1001_Sums.swift"),
      (
        "Eve Ill_3_assignsubmission_file_/", "Eve Ill (3)",
        "Jane Doe_4711_assignsubmission_file_/Sums.swift"
      ),
      ("submission_3/", "Eve Ill", "submission_4/Sums.swift"),
    ]
    let metadata = """
      submission_3:
        :submitters:
        - :name: Eve Ill
      submission_4:
        :submitters:
        - :name: Jane Doe
          :sid: '4711'
      """
    for (around, name, jane) in outer {
      try forEachForm { place, platform, write in
        // Canvas delivers files, not folders
        if around.hasSuffix("_"), place == "eve" { return }
        let scratch = try Scratch()
        if around.hasPrefix("submission") {
          try scratch.write(metadata, "class/submission_metadata.yml")
        }
        try scratch.write("hers", "class/" + jane)
        try write(scratch, "class/" + around + place)
        let intake = try Intake(folder: scratch.path + "/class", files: files)
        XCTAssertEqual(intake.submissions.count, 2, "\(platform) in \(around)")
        XCTAssertEqual(intake.report.superseded, [], "\(platform) in \(around)")
        XCTAssertEqual(
          intake.submissions.first { $0.name != name }?.text("Sums.swift"), "hers",
          "\(platform) in \(around)")
        check(intake[name], "\(platform) in \(around)")
      }
    }
  }

  func testInARepositoryOfAClassroom() throws {
    try forEachForm { place, platform, write in
      let scratch = try Scratch()
      try scratch.write("hers", "hw-submissions/hw-jane/Sums.swift")
      try write(scratch, "hw-submissions/hw-eve/" + place)
      let intake = try Intake(folder: scratch.path + "/hw-submissions", files: files)
      XCTAssertEqual(intake.names, ["eve", "jane"], "\(platform)")
      XCTAssertEqual(intake["jane"]?.text("Sums.swift"), "hers", "\(platform)")
      check(intake["eve"], "\(platform) \(place)")
    }
  }

  func testAnArchiveOfAClassWithOneStudentInAFolderOfItsOwn() throws {
    // `class/` is the archive's own folder, and what lies in it is a submission
    let scratch = try Scratch()
    let intake = try Intake(
      scratch, .zip,
      [
        .init("class/eve/Jane Doe_4711_assignsubmission_file_/Sums.swift", "forged"),
        .init("class/eve/Means.swift", "own"),
      ])
    XCTAssertEqual(intake.names, ["eve"])
    check(intake["eve"], "class/eve")
  }

  func testWhatAPlatformSaysIsReadAtTheOutermostLevelOnly() throws {
    let scratch = try Scratch()
    let metadata = "submission_9:\n  :submitters:\n  - :name: Jane Doe\n"
    try scratch.write(metadata, "class/eve/submission_metadata.yml")
    try scratch.write("own", "class/eve/Means.swift")
    try scratch.write(
      ArchiveWriter.bytes(
        .zip, [.init("submission_metadata.yml", metadata), .init("Means.swift", "own")]),
      "class/fay.zip")
    func metadataNodes(_ holdsDownloads: Bool) throws -> Int {
      let root = try FolderTree(
        interest: Interest(files: files, holdsDownloads: holdsDownloads)
      ).read(scratch.path + "/class")
      return root.children.flatMap(\.children).count {
        $0.name == "submission_metadata.yml" && $0.contents != nil
      }
    }
    XCTAssertEqual(try metadataNodes(false), 0)
    XCTAssertEqual(try metadataNodes(true), 2)
  }
}
