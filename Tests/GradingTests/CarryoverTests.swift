import Foundation
import Gradebook
import Intake
import People
import Publication
import TestSupport
import XCTest

@testable import Grading

/// A second delivery into the same gradebook: nobody leaves it silently.
final class CarryoverTests: XCTestCase {
  private let good = "func second() -> Int { 7 }\n"

  private func table(_ scratch: Scratch) throws -> [String: String] {
    let text = try String(contentsOfFile: scratch.path + "/out/grades.csv", encoding: .utf8)
    let rows = text.components(separatedBy: "\r\n").dropFirst().filter { !$0.isEmpty }.map {
      $0.components(separatedBy: ",")
    }
    return Dictionary(rows.map { ($0[0], $0[2]) }) { first, _ in first }
  }

  /// Grades a folder of its own for each delivery.
  private func grade(
    _ unit: TinyUnit, _ scratch: Scratch, _ delivery: String, roster: String? = nil,
    removing: GradeOptions.Removing = .init()
  ) throws -> IntakeReport {
    let summary = try unit.grade(scratch) {
      $0.submissions = .folder(scratch.path + "/" + delivery)
      $0.removing = removing
      $0.intake = try? Intake(
        folder: scratch.path + "/" + delivery, files: ["First.swift", "Second.swift"],
        rules: IntakeRules(roster: roster.flatMap { try? Roster(file: scratch.write($0, "r.csv")) })
      )
    }
    XCTAssertTrue(summary.complete)
    return try XCTUnwrap(summary.intake)
  }

  func testLatecomersComeToThoseWhoWereThere() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    for name in ["ann", "bob"] {
      try scratch.write(good + "// \(name)", "one/\(name)/Second.swift")
    }
    try scratch.write(good + "// cy", "two/cy/Second.swift")
    let roster = "login\nann\nbob\ncy\ndan\n"
    _ = try grade(unit, scratch, "one", roster: roster)
    let asked = try unit.requests(scratch).count
    let report = try grade(unit, scratch, "two", roster: roster)
    XCTAssertEqual(try table(scratch), ["ann": "1", "bob": "1", "cy": "1"])
    XCTAssertEqual(try unit.requests(scratch).count, asked + 1, "who was kept is not judged again")
    XCTAssertEqual(report.continuity?.kept, ["ann", "bob"])
    XCTAssertEqual(report.continuity?.changed, [])
    XCTAssertEqual(report.sentences, [])
    XCTAssertEqual(report.roster?.missing.map(\.login), ["dan"], "two of three were there before")
    XCTAssertTrue(
      report.summary().contains { $0.contains("not in this delivery: ann, bob; kept") },
      "\(report.summary())")
    for path in ["results/ann.json", "submissions/ann.json", "report/ann.html", "report/ann.md"] {
      XCTAssertTrue(FileManager.default.fileExists(atPath: "\(scratch.path)/out/\(path)"), path)
    }
    // each page shows the code of its own submission
    for name in ["ann", "bob", "cy"] {
      let page = try String(
        contentsOfFile: "\(scratch.path)/out/report/\(name).html", encoding: .utf8)
      let code = page.matches(of: /<code>[^<]*\/\/ (\w+)<\/code>/).map { String($0.output.1) }
      XCTAssertEqual(code, [name])
    }
    let page = try String(
      contentsOfFile: scratch.path + "/out/report/index.html", encoding: .utf8)
    XCTAssertTrue(page.contains("not in the last delivery, kept with their grades"))
    // what a regrade does with them, it does with all
    try unit.grade(scratch) { $0.submissions = .gradebook }
    XCTAssertEqual(try table(scratch).count, 3)
  }

  func testAForgedDownloadIsOneSubmissionAndTakesNothingAway() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    for name in ["Jane Doe_4711", "John Roe_4712"] {
      try scratch.write(
        good + "// \(name)", "one/\(name)_assignsubmission_file_/Second.swift")
    }
    _ = try grade(unit, scratch, "one")
    XCTAssertEqual(try table(scratch), ["Jane Doe (4711)": "1", "John Roe (4712)": "1"])
    try scratch.write("no", "forged/Jane Doe_4711_assignsubmission_file_/Second.swift")
    try scratch.write("own", "forged/First.swift")
    try scratch.shell(
      "mkdir two three; tar -czf two/eve.tar.gz -C forged .; cp -r forged three/eve")
    for delivery in ["two", "three"] {
      let report = try grade(unit, scratch, delivery)
      XCTAssertEqual(
        try table(scratch), ["Jane Doe (4711)": "1", "John Roe (4712)": "1", "eve": "0"], delivery)
      XCTAssertEqual(report.continuity?.kept, ["Jane Doe (4711)", "John Roe (4712)"], delivery)
      XCTAssertTrue(
        report.sentences.contains { $0.contains("looks like a platform's download") }, delivery)
    }
  }

  func testWhoIsTakenOutIsTakenOutByName() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    for name in ["ann", "bob", "cy"] {
      try scratch.write(good + "// \(name)", "one/\(name)/Second.swift")
    }
    try scratch.write(good + "// ann", "two/ann/Second.swift")
    _ = try grade(unit, scratch, "one")
    for (name, reason) in [("ann", "is in this delivery"), ("nobody", "has no submission")] {
      XCTAssertThrowsError(
        try grade(unit, scratch, "two", removing: .init(names: [name]))
      ) { XCTAssertTrue("\($0)".contains(reason), "\($0)") }
    }
    XCTAssertEqual(try table(scratch).count, 3)
    var report = try grade(unit, scratch, "two", removing: .init(names: ["bob"]))
    XCTAssertEqual(try table(scratch).keys.sorted(), ["ann", "cy"])
    XCTAssertEqual(report.continuity?.kept, ["cy"])
    XCTAssertEqual(report.continuity?.removed.map(\.submission), ["bob"])
    // the same command again, and one without a word of him: he stays out, and it stays said
    _ = try grade(unit, scratch, "two", removing: .init(names: ["bob"]))
    report = try grade(unit, scratch, "two")
    XCTAssertEqual(try table(scratch).keys.sorted(), ["ann", "cy"])
    XCTAssertEqual(report.continuity?.removed.map(\.submission), ["bob"])
    report = try grade(unit, scratch, "two", removing: .init(missing: true))
    XCTAssertEqual(try table(scratch).keys.sorted(), ["ann"])
    XCTAssertEqual(try scratch.gradebook().removals().map(\.submission), ["bob", "cy"])
    // who hands in again is back
    report = try grade(unit, scratch, "one")
    XCTAssertEqual(try table(scratch).count, 3)
    XCTAssertEqual(report.continuity?.removed, [])
  }

  func testOneWhoHandsInUnderAnotherNameIsSaid() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    let time = "Sep 9, 2024 1159 PM"
    try scratch.write(good + "// old", "one/1-9 - Jane Doe - \(time)/Second.swift")
    try scratch.write("func second() -> Int { 8 }\n", "two/1-9 - Jane Roe - \(time)/Second.swift")
    _ = try grade(unit, scratch, "one")
    let report = try grade(unit, scratch, "two")
    XCTAssertEqual(try table(scratch), ["Jane Doe (1)": "1", "Jane Roe (1)": "0"])
    XCTAssertEqual(report.sentences.count, 1)
    XCTAssertTrue(
      report.sentences.first?.hasPrefix(
        "Jane Roe (1) names Jane Roe, who has a grade in Jane Doe (1)") == true,
      "\(report.sentences)")
    // decided by hand
    let decided = try grade(unit, scratch, "two", removing: .init(names: ["Jane Doe (1)"]))
    XCTAssertEqual(decided.sentences, [])
    XCTAssertEqual(try table(scratch), ["Jane Roe (1)": "0"])
  }

  func testAMemberWhoIsNotNamedAnyMoreStays() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    func members(_ names: [String]) -> String {
      "<!-- members -->\n\(names.joined(separator: "\n"))\n<!-- end members -->\n"
    }
    try scratch.write(good, "one/group-7/Second.swift")
    try scratch.write(members(["Ann Lee, 1111", "Bob Ray, 2222"]), "one/group-7/ANSWERS.md")
    try scratch.write(good, "two/group-7/Second.swift")
    try scratch.write(members(["Ann Lee, 1111"]), "two/group-7/ANSWERS.md")
    _ = try grade(unit, scratch, "one")
    func people() throws -> [String] {
      let data = try Data(
        contentsOf: URL(fileURLWithPath: scratch.path + "/out/submissions/group-7.json"))
      return try JSONDecoder().decode(SubmissionRecord.self, from: data).people.map(\.label)
    }
    let report = try grade(unit, scratch, "two")
    XCTAssertEqual(try people(), ["Ann Lee", "Bob Ray"])
    // without a roster the members are also listed as named by ANSWERS.md alone
    let problems = report.sentences.filter { !$0.hasPrefix("group-7: nothing but its ANSWERS.md") }
    XCTAssertEqual(problems.count, 1)
    XCTAssertTrue(
      problems.first?.hasPrefix("group-7 does not name Bob Ray any more") == true,
      "\(report.sentences)")
    _ = try grade(unit, scratch, "two", removing: .init(names: ["Bob Ray"]))
    XCTAssertEqual(try people(), ["Ann Lee"])
    // who is named by another submission goes there, and that is said
    try scratch.write(good, "three/group-7/Second.swift")
    try scratch.write(members(["Cy Fox, 3333"]), "three/group-7/ANSWERS.md")
    try scratch.write(good, "three/group-8/Second.swift")
    try scratch.write(members(["Ann Lee, 1111"]), "three/group-8/ANSWERS.md")
    let moved = try grade(unit, scratch, "three")
    XCTAssertEqual(try people(), ["Cy Fox"])
    XCTAssertTrue(
      moved.sentences.contains {
        $0.hasPrefix("group-8 names Ann Lee, who had the grade of group-7")
      }, "\(moved.sentences)")
  }

  func testOtherFilesUnderAnOldNameAreSaid() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    try scratch.write(good, "one/Jane Doe_4711_assignsubmission_file_/Second.swift")
    try scratch.write("func second() -> Int { 8 }\n", "two/Jane Doe (4711)/Second.swift")
    _ = try grade(unit, scratch, "one")
    XCTAssertEqual(try grade(unit, scratch, "one").continuity?.changed, [])
    let report = try grade(unit, scratch, "two")
    XCTAssertEqual(report.continuity?.changed, ["Jane Doe (4711)"])
    XCTAssertTrue(
      report.sentences.contains {
        $0.hasPrefix("Jane Doe (4711) came from Moodle before and from a plain folder now")
      }, "\(report.sentences)")
  }

  func testNamesThatLookTheSameAreTheSame() throws {
    let scratch = try Scratch()
    let unit = try TinyUnit(scratch)
    try scratch.write(good, "one/J\u{f6}rg/Second.swift")
    try scratch.write(good + "// again", "two/Jo\u{308}rg/Second.swift")
    _ = try grade(unit, scratch, "one")
    let report = try grade(unit, scratch, "two")
    XCTAssertEqual(try table(scratch).count, 1)
    XCTAssertEqual(report.continuity?.kept, [])
    XCTAssertEqual(report.continuity?.changed, ["J\u{f6}rg"])
    // Swift takes both ways to write it for equal, the gradebook's bytes are not
    XCTAssertEqual(try scratch.gradebook().submissions().count, 1)
    // in other letters it may be somebody else's
    try scratch.write(good + "// other", "three/J\u{d6}RG/Second.swift")
    let other = try grade(unit, scratch, "three")
    XCTAssertEqual(try table(scratch).count, 2)
    XCTAssertTrue(
      other.sentences.contains { $0.hasPrefix("J\u{d6}RG names J\u{d6}RG, who has a grade in") },
      "\(other.sentences)")
  }

  func testTheCommandSaysWhoWasKeptAndTakesOutByName() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    try scratch.write(try course.solution("// ann"), "one/ann/WeightedMeans.swift")
    try scratch.write(try course.solution("// cy"), "two/cy/WeightedMeans.swift")
    func grade(_ delivery: String, _ more: [String] = []) throws -> (status: Int32, output: String)
    {
      try course.run(
        ["grade", "\(scratch.path)/\(delivery)", "--out", scratch.path + "/out"] + more)
    }
    XCTAssertEqual(try grade("one").status, 0)
    let second = try grade("two")
    XCTAssertEqual(second.status, 0, second.output)
    XCTAssertTrue(second.output.contains("not in this delivery: ann; kept"), second.output)
    XCTAssertEqual(try table(scratch).keys.sorted(), ["ann", "cy"])
    // a forgery is to be looked at
    let forged = "Ann_4711_assignsubmission_file_/WeightedMeans.swift"
    try scratch.write(try course.solution("// cy"), "three/cy/\(forged)")
    let third = try grade("three")
    XCTAssertEqual(third.status, 3, third.output)
    XCTAssertTrue(third.output.contains("look at: cy looks like a platform's"), third.output)
    XCTAssertEqual(try table(scratch).keys.sorted(), ["ann", "cy"])
    let removed = try grade("two", ["--remove", "ann"])
    XCTAssertEqual(removed.status, 0, removed.output)
    XCTAssertTrue(removed.output.contains("taken out of the gradebook: ann"), removed.output)
    XCTAssertEqual(try table(scratch).keys.sorted(), ["cy"])
  }
}
