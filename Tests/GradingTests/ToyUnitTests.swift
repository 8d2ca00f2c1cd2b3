import TestSupport
import XCTest

/// The toy as every unit is proven: from outside, by the tool and the toy's judge.
final class ToyUnitTests: XCTestCase {
  func testEachOfTheClassHasWhatItDeserves() throws {
    let run = try SmallCourse(Scratch()).run(["demo"])
    XCTAssertEqual(run.status, 0, run.output)
    XCTAssertTrue(run.output.contains("every submission has the points it deserves"), run.output)
  }

  func testMistakesAreCaughtAndNamed() throws {
    let run = try SmallCourse(Scratch()).run(["mistakes"])
    XCTAssertEqual(run.status, 0, run.output)
    XCTAssertTrue(
      run.output.contains(
        "2 of 2 mistakes caught, 2 called by their names; 1 of 1 right variants pass"), run.output)
  }

  /// Entries of an earlier run, which has another seed, are none of the next one's.
  func testAnEarlierRunsEntriesAreNotGradedAgain() throws {
    let course = try SmallCourse(Scratch())
    let whole = try course.run(["mistakes", "--pairs", "0"])
    XCTAssertEqual(whole.status, 0, whole.output)
    XCTAssertFalse(whole.output.contains("grading 1 submission"), whole.output)
    let part = try course.run(["mistakes", "--only", "means-sum", "--pairs", "0"])
    XCTAssertEqual(part.status, 0, part.output)
    XCTAssertTrue(part.output.contains("grading 1 submission"), part.output)
  }

  /// A part writes a new table and never takes a whole one's place.
  func testATableOfAPartTakesNoPlaceOfAnother() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    let table = course.root + "/table.md"
    let part = ["mistakes", "--task", "WeightedMeans", "--pairs", "0", "--out", table]
    let first = try course.run(part)
    XCTAssertEqual(first.status, 0, first.output)
    let written = try String(contentsOfFile: table, encoding: .utf8)
    XCTAssertTrue(written.contains("## The matrix"), written)
    let second = try course.run(part)
    XCTAssertEqual(second.status, 1, second.output)
    XCTAssertTrue(
      second.output.contains(
        "table.md has a table already, and a part would take its place: leave out --task and --only"
      ),
      second.output)
    XCTAssertEqual(try String(contentsOfFile: table, encoding: .utf8), written)
  }

  /// Where a program ended is known by its line, and of a wrong number the function at most.
  func testWhatWasFoundStandsInTheCodeOnTheStudentsPage() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    for (name, text) in [
      ("ann", try course.solution("  let none: [Int] = []\n  _ = none[3]\n")),
      ("ben", try course.mistaken()),
      ("cem", try course.solution("  _ = Tensor.zeros([-1])\n")),
    ] { try scratch.write(text, "class/\(name)/WeightedMeans.swift") }
    let run = try course.run(
      ["grade", scratch.path + "/class", "--out", scratch.path + "/out", "--seed", "3"])
    XCTAssertEqual(run.status, 0, run.output)
    func lines(_ name: String) throws -> [(code: String, finding: String)] {
      try String(contentsOfFile: "\(scratch.path)/out/report/\(name).html", encoding: .utf8)
        .matches(of: /class="found"><code>([^<]*)<\/code>(.*)<\/li>/).map {
          (String($0.output.1), String($0.output.2))
        }
    }
    let (crashed, wrong) = (try lines("ann"), try lines("ben"))
    XCTAssertEqual(crashed.map(\.code), ["  _ = none[3]"], run.output)
    XCTAssertTrue(crashed.first?.finding.contains("Index out of range") == true, "\(crashed)")
    // what cannot throw ends with a sentence of the core's, which a student reads as it stands there
    let stopped = try lines("cem")
    XCTAssertEqual(stopped.map(\.code), ["  _ = Tensor.zeros([-1])"], run.output)
    XCTAssertTrue(
      stopped.first?.finding.contains(
        "the program stopped: zeros: a tensor of the shape [-1] has a negative size") == true,
      "\(stopped)")
    XCTAssertEqual(wrong.count, 1, "\(wrong)")
    XCTAssertTrue(wrong.first?.code.hasPrefix("public func weightedMeans(") == true, "\(wrong)")
    XCTAssertTrue(wrong.first?.finding.contains("expected") == true, "\(wrong)")
  }

  /// The tool itself knows no toy: it says so, and runs no other unit's checks in their place.
  func testAUnitWithoutChecksIsASentence() throws {
    let course = try SmallCourse(Scratch())
    for arguments in [["check"], ["unit", "check"]] {
      let run = try course.run(arguments)
      XCTAssertEqual(run.status, 1, run.output)
      XCTAssertTrue(run.output.contains("there are no checks for the unit Toy"), run.output)
    }
  }
}
