import Foundation
import People
import TestSupport
import XCTest

@testable import Intake

/// What an intake asks for is decided by the command that it prints, once and for all.
final class DecisionTests: XCTestCase {
  private static let roster = """
    id,email,name
    00123456,ann@u.example,Ann Lee
    00345678,cy1@u.example,Cy Fox
    00345679,cy2@u.example,Cy Fox
    """

  private struct Case {
    let kind: Problem.Kind
    /// What the sentence has.
    let part: String
    /// The files of the delivery.
    let files: [String: String]
    var roster: String?
    /// The submissions that are left by each answer, in the order that answers are offered.
    let left: [[String]]
  }

  private static func members(_ names: String...) -> String {
    "<!-- members -->\n" + names.map { "- \($0)\n" }.joined() + "<!-- end members -->\n"
  }

  private static let evening = "Sep 9, 2024 900 PM"

  private let cases = [
    Case(
      kind: .severalSubmissions, part: "ann (1) looks like a copy of ann",
      files: ["ann/Sums.swift": "1", "ann (1)/Sums.swift": "2"],
      left: [["ann"], ["ann (1)"], ["ann", "ann (1)"]]),
    Case(
      kind: .severalSubmissions, part: "both name Jane Doe",
      files: [
        "1-9 - Jane Doe - \(evening)/Sums.swift": "1",
        "2-9 - Jane Doe - \(evening)/Sums.swift": "2",
      ],
      left: [["Jane Doe (1)"], ["Jane Doe (2)"], ["Jane Doe (1)", "Jane Doe (2)"]]),
    Case(
      kind: .severalSubmissions, part: "nothing tells which is the last",
      files: [
        "1-9 - Jane Doe - early/Sums.swift": "1", "1-9 - Jane Doe - late/Sums.swift": "2",
      ],
      left: [["Jane Doe (1)"], ["Jane Doe (1)"]]),
    Case(
      kind: .severalSubmissions, part: "Ann Lee is in 2 submissions",
      files: ["00123456/Sums.swift": "1", "Ann Lee/Sums.swift": "2"], roster: roster,
      left: [["00123456"], ["Ann Lee"]]),
    Case(
      kind: .severalSubmissions, part: "handed in as one group",
      files: [
        "1-9 - Group 3 - Sep 8, 2024 900 PM/Sums.swift": "1",
        "2-9 - Group 3 - \(evening)/Sums.swift": "2",
      ],
      left: [["Group 3 (1)"], ["Group 3 (2)"]]),
    Case(
      kind: .owner, part: "2 students on the roster are called Cy Fox",
      files: ["Cy Fox/Sums.swift": "1"], roster: roster, left: [["Cy Fox"], ["Cy Fox"]]),
    Case(
      kind: .owner, part: "has the id of the roster's Ann Lee, but not the name",
      files: ["00123456-9 - Eve Moe - \(evening)/Sums.swift": "1"], roster: roster,
      left: [["Eve Moe (00123456)"]]),
    Case(
      kind: .claim, part: "its ANSWERS.md names Jane Doe, who handed in Jane Doe (1)",
      files: [
        "1-9 - Jane Doe - \(evening)/Sums.swift": "1",
        "2-9 - Eve Moe - \(evening)/Sums.swift": "2",
        "2-9 - Eve Moe - \(evening)/ANSWERS.md": members("Eve Moe, 2222", "Jane Doe, 1111"),
      ],
      left: [["Eve Moe (2)", "Jane Doe (1)"], ["Eve Moe (2)", "Jane Doe (1)"]]),
    Case(
      kind: .claim, part: "says that it is the work of Bob Ray",
      files: ["eve/Sums.swift": "1", "eve/ANSWERS.md": members("eve", "Bob Ray, 2222")],
      left: [["eve"], ["eve"]]),
    Case(
      kind: .file, part: "Means.swift is missing, and Means_final.swift may be meant",
      files: ["ann/Sums.swift": "1", "ann/Means_final.swift": "2"], left: [["ann"], ["ann"]]),
    Case(
      kind: .answers, part: "ANSWERS_final.md may be the answers",
      files: ["ann/Sums.swift": "1", "ann/ANSWERS_final.md": "mine"], left: [["ann"], ["ann"]]),
  ]

  private func intake(_ one: Case, _ decisions: [Decision]) throws -> Intake {
    let scratch = try Scratch()
    for (path, text) in one.files { try scratch.write(text, "class/" + path) }
    var rules = try rules(due: nil, roster: one.roster)
    rules.answerPoints = .init(points: 1, of: 2)
    rules.decisions = Decisions(decisions)
    rules.results = "OUT"
    return try Intake(folder: scratch.path + "/class", files: files, rules: rules)
  }

  func testEveryQuestionHasItsAnswersAndIsNotAskedAgain() throws {
    for one in cases {
      let before = try intake(one, [])
      let problem = try XCTUnwrap(
        before.report.problems.first { $0.kind == one.kind && $0.sentence.contains(one.part) },
        "\(one.part): \(before.report.sentences)")
      XCTAssertEqual(problem.answers.count, one.left.count, "\(problem.answers)")
      for (answer, left) in zip(problem.answers, one.left) {
        XCTAssertTrue(answer.command.hasPrefix("./rhythm decide "), answer.command)
        XCTAssertTrue(answer.command.hasSuffix(" --out OUT"), answer.command)
        let after = try intake(one, [try XCTUnwrap(answer.decision)])
        XCTAssertEqual(after.names, left, answer.command)
        XCTAssertFalse(
          after.report.sentences.contains(problem.sentence),
          "\(answer.command) does not answer: \(after.report.sentences)")
      }
    }
  }

  func testNamesakesAreToldApartOrItIsSaidThatTheyCannotBe() throws {
    for (roster, commands, isTold) in [
      (
        "id,name\n0102345,Bart Bosch\n0102346,Bart Bosch",
        ["'Bart Bosch s9900102' 0102345", "'Bart Bosch s9900102' 0102346"], true
      ),
      ("name\nBart Bosch\nBart Bosch", [], false),
      (
        "id,name\n0102345,Bart Bosch\n,Bart Bosch",
        ["'Bart Bosch s9900102' 0102345"], false
      ),
    ] {
      let one = Case(
        kind: .owner, part: "", files: ["Bart Bosch s9900102/Sums.swift": "1"], roster: roster,
        left: [])
      let problem = try XCTUnwrap(try intake(one, []).report.problems.first { $0.kind == .owner })
      XCTAssertTrue(
        problem.sentence.contains("2 students on the roster are called Bart Bosch, and"),
        problem.sentence)
      XCTAssertEqual(
        problem.answers.map(\.command),
        commands.map { "./rhythm decide owner \($0) --out OUT" })
      XCTAssertEqual(problem.sentence.contains("nothing that tells them apart"), !isTold)
    }
  }

  func testADecidedOwnerIsTheOneOnTheRoster() throws {
    let one = cases[5]
    for (number, email) in [("00345678", "cy1@u.example"), ("345679", "cy2@u.example")] {
      let intake = try intake(one, [.owners(submission: "cy fox", people: [number])])
      XCTAssertEqual(intake.submissions[0].people.map(\.student?.email), [email])
      XCTAssertEqual(intake.submissions[0].people.map(\.source), [.decision])
      XCTAssertEqual(intake.report.problems, [])
      XCTAssertEqual(intake.report.roster?.missing.count, 2)
    }
    // the last word counts
    let twice = try intake(
      one,
      [
        .owners(submission: "Cy Fox", people: ["00345678"]),
        .owners(submission: "Cy Fox", people: ["00345679"]),
      ])
    XCTAssertEqual(twice.submissions[0].people.map(\.student?.email), ["cy2@u.example"])
  }

  func testADecidedFileIsTakenAndAnotherIsNot() throws {
    let files = [
      "ann/Sums.swift": "plain", "ann/old/Sums.swift": "older", "ann/Means_final.swift": "final",
    ]
    let one = Case(kind: .file, part: "", files: files, left: [])
    let taken = try intake(
      one, [.takeFile(submission: "ann", path: "Means_final.swift", name: "Means.swift")])
    XCTAssertEqual(taken["ann"]?.text("Means.swift"), "final")
    XCTAssertTrue(
      taken["ann"]?.says("Means_final.swift was taken for Means.swift, by decision") == true)
    let older = try intake(
      one, [.takeFile(submission: "ann", path: "old/Sums.swift", name: "Sums.swift")])
    XCTAssertEqual(older["ann"]?.text("Sums.swift"), "older")
    // also where the platform tells which one came last
    let canvas = Case(
      kind: .file, part: "",
      files: ["doejane_1_20_Sums.swift": "later", "doejane_1_10_Sums-1.swift": "earlier"], left: [])
    for (decisions, text) in [
      ([], "later"),
      (
        [.takeFile(submission: "doejane (1)", path: "Sums-1.swift", name: "Sums.swift")], "earlier"
      ),
    ] as [([Decision], String)] {
      XCTAssertEqual(try intake(canvas, decisions)["doejane (1)"]?.text("Sums.swift"), text)
    }
    let without = try intake(one, [.leaveOutFile(submission: "ann", path: "Sums.swift")])
    XCTAssertEqual(without["ann"]?.text("Sums.swift"), "older")
  }

  func testOneOfTwoCountsForOnePersonAndTheOtherForTheRest() throws {
    let one = Case(
      kind: .severalSubmissions, part: "",
      files: [
        "1-9 - Jane Doe - \(Self.evening)/Sums.swift": "1",
        "2-9 - Group 3 - \(Self.evening)/Sums.swift": "2",
        "2-9 - Group 3 - \(Self.evening)/ANSWERS.md": Self.members("Jane Doe", "Bob Ray, 2222"),
      ], left: [])
    let asked = try intake(one, [.owners(submission: "Group 3 (2)", people: ["Jane Doe", "2222"])])
    XCTAssertEqual(asked["Group 3 (2)"]?.members, ["Jane Doe", "Bob Ray"])
    XCTAssertTrue(asked.report.sentences.contains { $0.contains("Jane Doe") })
    let group = try intake(
      one,
      [
        .owners(submission: "Group 3 (2)", people: ["Jane Doe", "2222"]),
        .counts(submission: "Group 3 (2)", person: "Jane Doe"),
      ])
    XCTAssertEqual(group.names, ["Group 3 (2)"])
    XCTAssertEqual(group.leftOut.map(\.name), ["Jane Doe (1)"])
    XCTAssertEqual(
      group.unrecognised,
      ["1-9 - Jane Doe - \(Self.evening): left out by decision"])
  }

  func testCommandsAreAsAShellTakesThem() {
    let cases: [(Decision, String)] = [
      (.leaveOut(submission: "ann"), "./rhythm decide leave-out ann --out 'a b'"),
      (
        .counts(submission: "O'Neil (1)", person: "Zoë"),
        "./rhythm decide counts 'O'\\''Neil (1)' --for Zoë --out 'a b'"
      ),
      (
        .owners(submission: "-x $(y)", people: ["1", "2"]),
        "./rhythm decide owner --out 'a b' -- '-x $(y)' 1 2"
      ),
      (
        .takeFile(submission: "ann", path: "a/b c.swift", name: "C.swift"),
        "./rhythm decide file ann 'a/b c.swift' --as C.swift --out 'a b'"
      ),
    ]
    for (decision, command) in cases {
      XCTAssertEqual(decision.command(results: "a b"), command)
    }
  }

  func testProblemsComeByWeightAndManyOfAKindAreCounted() throws {
    let scratch = try Scratch()
    for name in ["ann", "bob", "cy", "dee"] {
      try scratch.write("sums", "\(name)/Sums.swift")
      try scratch.write("means", "\(name)/Means_final.swift")
    }
    try scratch.write("again", "dee (1)/Sums.swift")
    try scratch.write("stray", "Sums.swift")
    let report = try Intake(folder: scratch.path, files: files).report
    XCTAssertEqual(
      report.problems.map(\.kind), [.severalSubmissions, .notTaken, .file, .file, .file, .file])
    let lines = report.summary(linesOfEach: 2)
    XCTAssertTrue(lines[1].hasPrefix("  look at: dee (1) looks like a copy of dee"), "\(lines)")
    XCTAssertTrue(
      lines.contains("  look at: files that may be meant for a missing one, 4 times"), "\(lines)")
    XCTAssertTrue(lines.contains("    and 2 more"), "\(lines)")
    // what an earlier version kept
    let old = try JSONDecoder().decode([Problem].self, from: Data(#"["a sentence"]"#.utf8))
    XCTAssertEqual(old, [Problem(.other, [], "a sentence")])
    let again = try JSONDecoder().decode(
      [Problem].self, from: try JSONEncoder().encode(report.problems))
    XCTAssertEqual(again.map(\.sentence), report.sentences)
    XCTAssertEqual(again.map(\.answers.count), report.problems.map(\.answers.count))
  }
}
