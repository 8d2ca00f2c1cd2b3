import Foundation
import People
import TestSupport
import XCTest

@testable import Intake

/// What ANSWERS.md says of people, which anybody can write into it.
final class ClaimTests: XCTestCase {
  private func members(_ lines: String) -> String {
    "<!-- members -->\n\(lines)\n<!-- end members -->\n"
  }

  private func intake(
    _ answers: String, eve: String, jane: String, roster: String? = nil
  ) throws -> Intake {
    let scratch = try Scratch()
    try scratch.write("hers", "class/\(jane)/Sums.swift")
    try scratch.write("own", "class/\(eve)/Sums.swift")
    try scratch.write(members(answers), "class/\(eve)/ANSWERS.md")
    return try Intake(
      folder: scratch.path + "/class", files: files,
      rules: rules(due: nil, roster: roster))
  }

  func testNobodyIsNamedAwayFromTheirOwnSubmission() throws {
    let claims = ["Jane Doe, 4711", "Jane DOE", "jané doe", "Someone, 4711", "x, jane@u.edu"]
    let places: [(eve: String, jane: String, name: String)] = [
      ("eve", "Jane Doe", "Jane Doe"), ("eve", "4711", "4711"), ("eve", "jdoe", "jdoe"),
      (
        "3-2 - Eve Ill - Sep 9, 2024 1159 PM", "Jane Doe_12_assignsubmission_file_",
        "Jane Doe (12)"
      ),
    ]
    let roster = "id,email,login,name\n4711,jane@u.edu,jdoe,Jane Doe\n9,eve@u.edu,eve,Eve Ill\n"
    for (eve, jane, name) in places {
      for claim in claims {
        let intake = try intake(claim, eve: eve, jane: jane, roster: roster)
        let evil = intake.submissions.first { $0.name != name }
        XCTAssertEqual(
          evil?.people.contains { $0.student?.ids == ["4711"] }, false, "\(claim) by \(eve)")
        XCTAssertEqual(
          intake[name]?.people.map { $0.student?.ids }, [["4711"]], "\(claim) against \(jane)")
        XCTAssertTrue(
          intake.report.sentences.contains { $0.contains("ANSWERS.md") && $0.contains(name) },
          "\(claim) against \(jane): \(intake.report.sentences)")
      }
    }
  }

  func testANumberOfAnothersIsNotUsed() throws {
    let eve = "3-2 - Eve Ill - Sep 9, 2024 1159 PM"
    let jane = "1-2 - Jane Doe - Sep 9, 2024 1159 PM"
    let roster = "id,name\n4711,Jane Doe\n9,Eve Ill\n"
    let intake = try intake("Eve Ill, 4711", eve: eve, jane: jane, roster: roster)
    XCTAssertNil(intake["Eve Ill (3)"]?.people.first?.claims)
    XCTAssertEqual(intake["Eve Ill (3)"]?.people.first?.student?.ids, ["9"])
    XCTAssertEqual(intake["Jane Doe (1)"]?.people.first?.student?.ids, ["4711"])
    XCTAssertTrue(
      intake.report.sentences.contains {
        $0.hasPrefix("Eve Ill (3): its ANSWERS.md gives Eve Ill a number or an address of Jane Doe")
      }, "\(intake.report.sentences)")
    // her own number finds her where the platform's name does not
    let own = try self.intake(
      "Eve Ill, 900", eve: eve, jane: jane, roster: "id,name\n900,Eve M Ill\n901,Eve K Ill\n")
    XCTAssertEqual(own["Eve Ill (3)"]?.people.first?.student?.ids, ["900"])
  }

  func testAGroupIsStillAGroup() throws {
    let group = "Ann Lee, 11\nBob Ray, 12"
    let roster = "id,name\n11,Ann Lee\n12,Bob Ray\n13,Jane Doe\n"
    let intake = try intake(group, eve: "group-7", jane: "Jane Doe", roster: roster)
    XCTAssertEqual(intake["group-7"]?.members, ["Ann Lee", "Bob Ray"])
    XCTAssertEqual(intake.report.sentences, [])
    // without a class list nothing else knows of them
    let alone = try self.intake(group, eve: "group-7", jane: "Jane Doe")
    XCTAssertEqual(alone["group-7"]?.members, ["Ann Lee", "Bob Ray"])
    XCTAssertEqual(alone.report.sentences.count, 1, "\(alone.report.sentences)")
    XCTAssertTrue(
      alone.report.sentences.first?.contains("it is the work of Ann Lee, Bob Ray") == true)
  }

  func testWhoIsNamedInsideAloneIsListed() throws {
    let roster = "id,login,name\n1,jane,Jane Doe\n2,eve,Eve Ill\n3,cleo,Cleo Day\n"
    // in a plain folder also who is on the roster: she may know nothing of it
    let mark = "nothing but its ANSWERS.md"
    for (eve, claim, named) in [
      ("eve", "Cleo Day, 3", "Cleo Day"), ("final version", "Cleo Day, 3", "Cleo Day"),
      ("eve", "Nobody Known", "Nobody Known"), ("group-7", "Nobody Known", "Nobody Known"),
      ("9-2 - Eve Ill - Sep 9, 2024 1159 PM", "Eve Ill\nNobody Known", "Nobody Known"),
    ] {
      let intake = try intake(claim, eve: eve, jane: "jane", roster: roster)
      XCTAssertEqual(
        intake.report.sentences.filter { $0.contains(mark) && $0.contains("work of \(named):") }
          .count,
        1, "\(claim) by \(eve): \(intake.report.sentences)")
    }
    // whose folder it is by the roster stays a member, whatever is written inside
    let hers = try intake("Cleo Day, 3", eve: "eve", jane: "jane", roster: roster)
    XCTAssertEqual(hers["eve"]?.people.compactMap { $0.student?.name }, ["Eve Ill", "Cleo Day"])
    // her own name and number are no claim to another's
    let own = try intake("Eve Ill, 2", eve: "eve", jane: "jane", roster: roster)
    XCTAssertEqual(own["eve"]?.people.compactMap { $0.student?.name }, ["Eve Ill"])
    XCTAssertEqual(own.report.sentences, [])
    // a partner of the class list beside one whom the platform names
    let pair = try intake(
      "Eve Ill\nCleo Day, 3", eve: "9-2 - Eve Ill - Sep 9, 2024 1159 PM", jane: "jane",
      roster: roster)
    XCTAssertEqual(pair.report.sentences.filter { $0.contains(mark) }, [])
  }
}
