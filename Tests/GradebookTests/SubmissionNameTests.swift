import Assignment
import Foundation
import XCTest

@testable import Gradebook

/// One submission is found by what somebody types of its name.
final class SubmissionNameTests: XCTestCase {
  func testNamesAreFoundWithoutCaseAndAccentsAndByAPart() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("names-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let gradebook = try Gradebook(folder: folder)
    let run = try gradebook.begin(
      Run(
        command: "grade", unit: "U", seed: 7, sandbox: "bubblewrap", data: "", course: "c",
        core: "k", judge: "j", toolchain: "t", limits: "{}", environment: "E", checks: "{}",
        jobs: 2, withoutAccuracy: false))
    for (name, members) in [
      ("Jörg Müller (12)", ["Jörg Müller"]), ("Jörg Mayer (13)", ["Jörg Mayer"]),
      ("team-7", ["Zoë Ødegård", "Bob Ray"]), ("TEAM 7", ["Cy Fox"]), ("0012345", ["0012345"]),
    ] {
      try gradebook.record(
        GradedSubmission(
          submission: StoredSubmission(
            name: name, members: members, files: "F", notes: [], status: .graded),
          verdicts: [], build: nil, run: run), contents: [:], environment: "E")
    }
    for (typed, name) in [
      ("Jörg Müller (12)", "Jörg Müller (12)"), ("muller", "Jörg Müller (12)"),
      ("MUELLER", "Jörg Müller (12)"), ("jorg mayer (13)", "Jörg Mayer (13)"),
      ("mayer, jörg", "Jörg Mayer (13)"), ("odegard", "team-7"), ("bob", "team-7"),
      ("team 7", "TEAM 7"), ("0012345", "0012345"),
    ] {
      XCTAssertEqual(try gradebook.submission(typed).submission.name, name, typed)
    }
    XCTAssertThrowsError(try gradebook.submission("jorg")) {
      XCTAssertEqual(
        "\($0)", "jorg may be Jörg Mayer (13) or Jörg Müller (12): say which")
    }
    XCTAssertThrowsError(try gradebook.submission("nobody")) {
      XCTAssertTrue("\($0)".hasPrefix("there is no submission nobody; there is "), "\($0)")
    }
    // a part of a word is nobody's name
    XCTAssertThrowsError(try gradebook.submission("mull")) {
      XCTAssertEqual("\($0)", "there is no submission mull; there is Jörg Müller (12)")
    }
    XCTAssertThrowsError(try gradebook.submission(""))
  }
}
