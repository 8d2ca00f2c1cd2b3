import Assignment
import Foundation
import TestSupport
import XCTest

/// Points by hand from outside: nothing that the tool does takes them away.
final class PointsCommandTests: XCTestCase {
  private struct ByHand: Decodable {
    var reason: String
    var person: String
    var judged: Double
    var changes: [String]
  }
  private struct Check: Decodable {
    var id: String
    var points: Double
    var byHand: ByHand?
  }
  private struct Result: Decodable {
    var score: Double
    var checks: [Check]
  }

  func testPointsStayThroughRegradePublishRollbackAndAnotherSubmission() throws {
    let scratch = try Scratch()
    let course = try SmallCourse(scratch)
    try scratch.write(try course.mistaken(), "class/Bén Ray/WeightedMeans.swift")
    let out = scratch.path + "/out"
    func grade() throws -> (status: Int32, output: String) {
      try course.run(["grade", scratch.path + "/class", "--out", out])
    }
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: out + "/" + name, encoding: .utf8)
    }
    func values() throws -> (score: Double, check: Check?) {
      let data = try Data(contentsOf: URL(fileURLWithPath: out + "/results/Bén Ray.json"))
      let result = try JSONDecoder().decode(Result.self, from: data)
      return (result.score, result.checks.first { $0.id == "means.values" })
    }
    func points(_ words: [String]) throws -> (status: Int32, output: String) {
      try course.run(["points"] + words + ["--out", out])
    }
    XCTAssertEqual(try grade().status, 0)
    // 0.5 for the shapes, 1 for the gradients: the toy's assignment.yml
    XCTAssertEqual(try values().score, 1.5)

    let who = ["--by", "Jo Boss", "--reason", "the text had it <otherwise>"]
    for (words, part) in [
      (["ben", "means.value", "1"] + who, "did you mean means.values?"),
      (["ben", "nothing", "1"] + who, "the checks are sums.values"),
      (["ben", "means.values", "1.6"] + who, "more than the 1.5"),
      (["ben", "means.values", "many"] + who, "“many” is no number of points"),
      (["ben", "means.values", "1", "--by", "Jo Boss"], "say why"),
      (["ben", "means.values", "1", "--by", "Jo Boss", "--reason", " "], "say why"),
      (["ben", "means.values", "1", "--reason", "so"], "say who"),
      (["ben", "means.values"] + who, "how many points"),
      (["nobody", "means.values", "1"] + who, "there is no submission nobody"),
      (["ben", "means.values", "--remove", "--by", "Jo Boss"], "nobody gave Bén Ray points"),
    ] {
      let run = try points(words)
      XCTAssertNotEqual(run.status, 0, part)
      XCTAssertTrue(run.output.contains(part), run.output)
    }
    for words in [["--", "ben", "means.values", "-1"], ["ben", "means.values", "-1"]] {
      let negative = try course.run(["points", "--out", out] + who + words)
      XCTAssertEqual(negative.status, 2, negative.output)
      XCTAssertTrue(negative.output.contains("-1 points are fewer than none"), negative.output)
    }
    XCTAssertEqual(try values().score, 1.5)

    let given = try points(["ben", "MEANS.values", "1,25"] + who)
    XCTAssertEqual(given.status, 0, given.output)
    XCTAssertTrue(given.output.contains("1.25 of 1.5 by hand (the judge: 0)"), given.output)
    /// What holds from now on, whatever runs.
    func check(_ changes: [String] = [], score: Double = 2.75, _ line: UInt = #line) throws {
      let (now, check) = try values()
      XCTAssertEqual(now, score, line: line)
      XCTAssertEqual(check?.points, 1.25, line: line)
      XCTAssertEqual(check?.byHand?.reason, "the text had it <otherwise>", line: line)
      XCTAssertEqual(check?.byHand?.person, "Jo Boss", line: line)
      XCTAssertEqual(check?.byHand?.changes, changes, line: line)
      let page = try text("report/Bén Ray.html")
      XCTAssertTrue(
        page.contains("Points given by hand: the text had it &lt;otherwise&gt;"), line: line)
      XCTAssertFalse(page.contains("Jo Boss"), "who gave them is the instructor's", line: line)
      XCTAssertTrue(try text("grades.csv").contains(",\(score),5,graded"), line: line)
    }
    try check()
    let exported = try course.run(["export", "gradescope", "--out", out])
    XCTAssertEqual(exported.status, 0, exported.output)
    XCTAssertTrue(
      try text("exports/gradescope/Bén Ray/results.json").contains("Points given by hand"))
    XCTAssertEqual(try course.run(["report", "--out", out]).status, 0)
    try check()
    XCTAssertEqual(try grade().status, 0)
    try check()

    // another point value and another entry of the check
    try course.change([
      "points: 3\n": "points: 4\n",
      "kind: values, title: values, test: ToyChecks/test2Values, points: 1.5":
        "kind: values, title: numbers, test: ToyChecks/test2Values, points: 2.5",
    ])
    let regraded = try course.run(["regrade", "--out", out])
    XCTAssertEqual(regraded.status, 3, regraded.output)
    XCTAssertTrue(
      regraded.output.contains(
        "the check has changed, it is worth other points since): look again"),
      regraded.output)
    let table = try text("regrade.csv")
    XCTAssertTrue(
      table.contains(
        "Bén Ray,means.values,\"1.25/1.5 failed, points by hand\","
          + "\"1.25/2.5 failed, points by hand\",0.00"), table)
    try check()
    XCTAssertEqual(try course.run(["publish", "--out", out]).status, 0)
    XCTAssertEqual(try values().check?.byHand?.changes, ["check", "maximum"])
    XCTAssertTrue(try text("report/index.html").contains("look again"))
    XCTAssertEqual(try course.run(["rollback", "--out", out]).status, 0)
    try check()
    XCTAssertEqual(try course.run(["publish", "--out", out]).status, 0)

    // another submission
    try scratch.write(
      try course.mistaken() + "// again\n", "class/Bén Ray/WeightedMeans.swift")
    let again = try grade()
    XCTAssertEqual(again.status, 3, again.output)
    XCTAssertTrue(again.output.contains("look at: Bén Ray: means.values: points given by hand"))
    XCTAssertEqual(try values().check?.byHand?.changes, ["files", "check", "maximum"])
    XCTAssertEqual(try values().score, 2.75)
    let list = try points([])
    XCTAssertTrue(list.output.contains("Bén Ray, means.values: 1.25 by Jo Boss"), list.output)
    XCTAssertTrue(list.output.contains("look at: Bén Ray: means.values"), list.output)

    // looked at again, and then taken back
    XCTAssertEqual(try points(["ben", "means.values", "1.25"] + who).status, 0)
    XCTAssertEqual(try values().check?.byHand?.changes, [])
    let removed = try points(["ben", "means.values", "--remove", "--by", "Jo Boss"])
    XCTAssertEqual(removed.status, 0, removed.output)
    XCTAssertEqual(try values().score, 1.5)
    XCTAssertNil(try values().check?.byHand)
    XCTAssertEqual(try grade().status, 0)
  }
}
