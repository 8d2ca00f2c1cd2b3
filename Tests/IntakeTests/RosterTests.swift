import Foundation
import People
import TestSupport
import XCTest

@testable import Intake

final class RosterTests: XCTestCase {
  func testEveryPlatformsColumns() throws {
    let cases: [(String, String)] = [
      (
        "Brightspace",
        "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
          + "#1234567,#jdoe,Doe,Jane,jane@example.org,#\n"
      ),
      (
        "Canvas",
        "Student,ID,SIS User ID,SIS Login ID,Section,HW (1)\n    Points Possible,,,,,10\n"
          + "\"Doe, Jane\",88,1234567,jdoe,A,\n"
      ),
      (
        "Moodle",
        "\u{FEFF}Identifier;Full name;ID number;Email address\r\n"
          + "Participant 88;Jane Doe;1234567;jane@example.org\r\n"
      ),
      ("Gradescope", "First Name\tLast Name\tSID\tEmail\nJane\tDoe\t1234567\tjane@example.org\n"),
    ]
    for (platform, text) in cases {
      let roster = try Roster(text)
      XCTAssertEqual(roster.students.count, 1, platform)
      XCTAssertEqual(roster.match(Person(ids: ["s1234567"])), .found(0, .id), platform)
      XCTAssertEqual(roster.match(Person(name: "JANE DOE")), .found(0, .name), platform)
      XCTAssertEqual(roster.match(Person(name: "doejane")), .found(0, .name), platform)
      XCTAssertEqual(roster.match(Person(name: "Jane Dow")), .none, platform)
    }
  }

  func testTheOrderOfKeysAndDoubts() throws {
    let roster = try Roster(
      """
      id,email,login,name
      1,ann@example.org,ann,Ann Lee
      2,bob@example.org,bob,Bob Ray
      3,cy1@example.org,cy1,Cy Fox
      4,cy2@example.org,cy2,Cy Fox
      """)
    XCTAssertEqual(
      roster.match(Person(name: "Ann Lee", ids: ["1"], email: "ANN@example.org")), .found(0, .id))
    XCTAssertEqual(
      roster.match(Person(name: "Ann Lee", ids: ["99"], email: "ANN@example.org")),
      .found(0, .email))
    XCTAssertEqual(roster.match(Person(ids: ["99"], login: "bob")), .found(1, .login))
    XCTAssertEqual(roster.match(Person(name: "Lee, Ann", ids: ["99"])), .found(0, .name))
    // A platform's own number that happens to be another student's.
    guard case .doubtful(let number, _) = roster.match(Person(name: "Ann Lee", ids: ["2"])) else {
      return XCTFail("a number with another name is no match")
    }
    XCTAssertTrue(number.contains("Bob Ray"))
    guard case .doubtful(let homonym, _) = roster.match(Person(name: "Cy Fox")) else {
      return XCTFail("two students of one name are no match")
    }
    XCTAssertTrue(homonym.contains("2 students"))
  }

  func testPlainFoldersOfNumbersLoginsAndAddresses() throws {
    let scratch = try Scratch()
    for name in ["00234567", "alee", "cy@u.example", "Dee Moe 00456789"] {
      try scratch.write("sums", name + "/Sums.swift")
    }
    let intake = try Intake(
      folder: scratch.path, files: files,
      rules: rules(
        due: nil,
        roster: "sep=;\nMatrikelnummer;Kennung;E-Mail;Name\n"
          + "00123456;alee;a@u.example;\"Lee, Ann\"\n"
          + "234567;bray;b@u.example;Bob Ray\n00345678;cfox;cy@u.example;Cy Fox\n"
          + "00456789;dmoe;d@u.example;Dee Moe\n"))
    XCTAssertEqual(intake.report.roster?.missing, [])
    XCTAssertEqual(intake.report.roster?.unknown, [])
    XCTAssertEqual(intake.report.sentences, [])
    XCTAssertEqual(
      intake.submissions.map { $0.people.first?.matchedBy }, [.id, .id, .login, .email])
  }

  func testMissingUnknownAndTwice() throws {
    let scratch = try Scratch()
    for name in ["1-9 - Ann Lee", "2-9 - Someone Else"] {
      try scratch.write("sums", "\(name) - Sep 9, 2024 1159 PM/Sums.swift")
    }
    try scratch.write("sums", "Ann Lee by mail/Sums.swift")
    try scratch.write(
      "<!-- members -->\n- Ann Lee, s1111111\n- Bob Ray, 2222222\n<!-- end members -->",
      "Ann Lee by mail/ANSWERS.md")
    let intake = try Intake(
      folder: scratch.path, files: files,
      rules: rules(
        due: nil, roster: "id,name\n1111111,Ann Lee\n2222222,Bob Ray\n3333333,Cy Fox\n"))
    let roster = try XCTUnwrap(intake.report.roster)
    XCTAssertEqual(roster.missing.map(\.name), ["Cy Fox"])
    XCTAssertEqual(roster.unknown.map(\.person.name), ["Someone Else"])
    // she handed in herself, which no other submission's words change
    XCTAssertEqual(
      intake.report.sentences.filter { !$0.hasPrefix(".: names are in the form of") },
      [
        "Ann Lee by mail: its ANSWERS.md names Ann Lee, who handed in Ann Lee (1): not taken for a "
          + "member of it",
        "Ann Lee by mail: nothing but its ANSWERS.md, into which anybody can write any name, says that "
          + "it is the work of Bob Ray: graded in their name, see whether they know of it",
      ])
    let group = try XCTUnwrap(intake["Ann Lee by mail"])
    XCTAssertEqual(group.members, ["Bob Ray"])
    XCTAssertEqual(group.people.map(\.source), [.answers])
    XCTAssertEqual(group.people.map(\.matchedBy), [.id])
    XCTAssertEqual(intake["Ann Lee (1)"]?.people.first?.matchedBy, .name)
  }

  func testAPlainFolderBearsANumberALoginOrAnAddress() throws {
    let scratch = try Scratch()
    for name in ["00234567", "alee", "cy@u.example"] {
      try scratch.write("sums", "\(name)/Sums.swift")
    }
    let intake = try Intake(
      folder: scratch.path, files: files,
      rules: rules(
        due: nil,
        roster: """
          id,login,email,name
          00123456,alee,a@u.example,Ann Lee
          00234567,bray,b@u.example,Bob Ray
          00345678,cfox,cy@u.example,Cy Fox
          """))
    XCTAssertEqual(
      intake.submissions.map { $0.people.first?.student?.name }, ["Bob Ray", "Ann Lee", "Cy Fox"])
    XCTAssertEqual(intake.report.roster?.missing, [])
    XCTAssertEqual(intake.report.sentences, [])
  }

  func testGroupMembersFromAnswers() {
    let text = """
      # Answers
      One line for each member: name, student number.
      <!-- members -->

      - Jane Doe, s1234567
      * Jörg van der Berg (7654321), jorg@example.org
      | Ann Lee | student number: 1112223 |
      bob@example.org
      <!-- end members -->
      <!-- members -->
      Not Me, 9
      """
    let members = GroupMembers.read(text)
    XCTAssertEqual(members.map(\.name), ["Jane Doe", "Jörg van der Berg", "Ann Lee", nil])
    XCTAssertEqual(members.map(\.ids), [["s1234567"], ["7654321"], ["1112223"], []])
    XCTAssertEqual(members.map(\.email), [nil, "jorg@example.org", nil, "bob@example.org"])
    XCTAssertEqual(GroupMembers.read("<!-- members -->\n\n<!-- end members -->"), [])
    XCTAssertEqual(GroupMembers.read("no place for it"), [])
    let crowd = String(repeating: "Ann Lee, 1111111\n", count: 50_000)
    XCTAssertEqual(
      GroupMembers.read("<!-- members -->\n\(crowd)<!-- end members -->").count, 12)
  }

  func testAGroupOfThePlatformHasItsMembersFromAnswers() throws {
    let scratch = try Scratch()
    let time = "Sep 9, 2024 1159 PM"
    try scratch.write("sums", "1-9 - Group 3 - \(time)/Sums.swift")
    try scratch.write(
      "<!-- members -->\nAnn Lee, 1111111\nBob Ray, 2222222\n<!-- end members -->\n",
      "1-9 - Group 3 - \(time)/ANSWERS.md")
    try scratch.write("sums", "2-9 - Group 4 - \(time)/Sums.swift")
    try scratch.write("sums", "3-9 - Cy Fox - \(time)/Sums.swift")
    try scratch.write(
      "<!-- members -->\nBob Ray, 2222222\n<!-- end members -->\n",
      "3-9 - Cy Fox - \(time)/ANSWERS.md")
    let intake = try Intake(folder: scratch.path, files: files)
    XCTAssertEqual(intake["Group 3 (1)"]?.members, ["Ann Lee", "Bob Ray"])
    XCTAssertEqual(intake["Group 4 (2)"]?.members, ["Group 4"])
    XCTAssertEqual(intake["Cy Fox (3)"]?.members, ["Cy Fox", "Bob Ray"])
    XCTAssertTrue(intake["Cy Fox (3)"]?.says("names only Bob Ray") == true)
    let problems = intake.report.sentences
    XCTAssertTrue(problems.contains { $0.hasPrefix("Group 4 (2) names no members") }, "\(problems)")
    XCTAssertTrue(problems.contains { $0.hasPrefix("Bob Ray is in") }, "\(problems)")
  }

  func testRostersThatAreNoneAreSentences() throws {
    for text in ["", "a,b\n1,2\n", "id,name\n", "id,name\n\"open"] {
      XCTAssertThrowsError(try Roster(text), text) {
        XCTAssertTrue("\($0)".hasPrefix("the roster roster cannot be used: "), "\($0)")
      }
    }
    XCTAssertThrowsError(try Roster(file: "/nowhere/roster.csv"))
    let twice = try Roster("id,name\n1,Ann Lee\n1,Ann B Lee\n")
    XCTAssertEqual(twice.problems.count, 1)
  }
}
