import Foundation
import Intake
import Publication
import TestSupport
import XCTest

@testable import Assignment
@testable import Grading

/// What the intake found, in what a run writes.
final class DeliveryTests: XCTestCase {
  func testLatenessAndTheIntakeAreInTheResults() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    let manifest = unit.assignmentFolder + "/assignment.yml"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    try (text + "\ndue: 2024-09-24 21:00 UTC\nlate: {perDay: 0.5}\n")
      .write(toFile: manifest, atomically: true, encoding: .utf8)
    for (number, time) in [(1, "Sep 24, 2024 900 PM"), (2, "Sep 24, 2024 901 PM")] {
      try scratch.write(
        "func first() -> Int { 42 }\r\n", "class/\(number)-9 - Name - \(time)/First (1).swift")
    }
    let summary = try GradeRun(unit.options(scratch), gradebook: scratch.gradebook()).run { _ in }
    XCTAssertEqual(summary.submissions.map(\.submission), ["Name (1)", "Name (2)"])
    XCTAssertEqual(summary.submissions.map(\.score), [2, 2])
    XCTAssertEqual(summary.submissions.map(\.finalScore), [2, 1])
    XCTAssertTrue(summary.submissions[1].notes.contains { $0.contains("1 min late") })
    let result = try JSONDecoder().decode(
      SubmissionResult.self,
      from: Data(contentsOf: URL(fileURLWithPath: scratch.path + "/out/results/Name (2).json")))
    XCTAssertEqual(result.late?.share, 0.5)
    let table = try String(contentsOfFile: scratch.path + "/out/grades.csv", encoding: .utf8)
    XCTAssertTrue(table.contains("Name (2),Name,1,3,graded"), table)
    let intake = try JSONDecoder().decode(
      IntakeReport.self,
      from: Data(contentsOf: URL(fileURLWithPath: scratch.path + "/out/intake.json")))
    XCTAssertEqual(intake.late.map(\.name), ["Name (2)"])
    XCTAssertEqual(intake.sentences.count, 1, "two people of one name")
  }

  func testARegradeKeepsWhatTheLastGradeFoundInTheDelivery() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    let text = "func first() -> Int { 42 }\n"
    for time in ["Sep 24, 2024 900 PM", "Sep 25, 2024 900 PM"] {
      try scratch.write(text, "class/1-9 - Ann - \(time)/First.swift")
    }
    try scratch.write("stray", "class/list.txt")
    let roster = try Roster(
      file: try scratch.write("Name\r\nAnn\r\nCem Absent\r\n", "roster.csv"))
    try unit.grade(scratch) {
      $0.intake = try? Intake(
        folder: scratch.path + "/class", files: ["First.swift"],
        rules: IntakeRules(roster: roster))
    }
    func page() throws -> String {
      try String(contentsOfFile: scratch.path + "/out/report/index.html", encoding: .utf8)
    }
    func check(_ page: String) {
      for text in ["list.txt", "Cem Absent", "Sep 24, 2024 900 PM"] {
        XCTAssertTrue(page.contains(text), text)
      }
    }
    try check(page())
    let manifest = unit.assignmentFolder + "/assignment.yml"
    let yaml = try String(contentsOfFile: manifest, encoding: .utf8)
    try yaml.replacingOccurrences(of: "points: 2", with: "points: 5")
      .write(toFile: manifest, atomically: true, encoding: .utf8)
    try unit.grade(scratch) { $0.submissions = .gradebook }
    XCTAssertTrue(try page().contains("5&nbsp;/&nbsp;6"))
    try check(page())

    // published by a command of its own, after a rollback
    let gradebook = try scratch.gradebook()
    var options = unit.options(scratch)
    options.submissions = .gradebook
    let publisher = Publisher(
      gradebook: gradebook, folder: scratch.path + "/out", writeReports: options.writeReports)
    _ = try publisher.rollBack()
    let state = WorkingState(options, gradebook: gradebook)
    try publisher.publish(try state.summary(), assignment: try state.assignment(), run: 2)
    XCTAssertTrue(try page().contains("5&nbsp;/&nbsp;6"))
    try check(page())
  }
}
