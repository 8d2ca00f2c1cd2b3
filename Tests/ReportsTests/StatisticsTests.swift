import Assignment
import Foundation
import XCTest

@testable import Reports

final class StatisticsTests: XCTestCase {
  /// Submissions of two checks: the first passed or not, the rest as points of the second.
  private func results(_ passed: [Int], rest: [Double]) -> [SubmissionResult] {
    zip(passed, rest).enumerated().map { index, pair in
      var result = Sample.result(
        "s\(index)", values: pair.0 == 1 ? .passed : .failed, accuracy: .failed)
      result.checks[1].points = pair.1
      result.score = result.checks.reduce(0) { $0 + $1.points }
      return result
    }
  }

  func testDiscriminationIsTheItemRestCorrelation() throws {
    let passed = [1, 1, 1, 0, 1, 0, 0, 1, 0, 0]
    let rest = [9.0, 8, 7.5, 7, 6, 5, 4, 3, 2, 1]
    let statistics = CheckStatistics(check: "one.values", in: results(passed, rest: rest))
    XCTAssertEqual(statistics.passed, 5)
    XCTAssertEqual(statistics.count, 10)
    // numpy.corrcoef(passed, rest)[0, 1]
    XCTAssertEqual(try XCTUnwrap(statistics.discrimination), 0.5660220423101492, accuracy: 1e-12)
    // 27 % of ten are three: all of the best three, one of the weakest three
    XCTAssertEqual(try XCTUnwrap(statistics.upperLower), 2.0 / 3, accuracy: 1e-12)
  }

  func testThoseLevelAtTheEdgeCountInEqualParts() throws {
    // the edge runs through six with 5 points, of which two passed
    let passed = [1, 1, 0, 1, 0, 1, 0, 0, 0, 0]
    let rest = [9.0, 8, 5, 5, 5, 5, 5, 5, 2, 1]
    let forward = CheckStatistics(check: "one.values", in: results(passed, rest: rest))
    let backward = CheckStatistics(
      check: "one.values", in: results(passed.reversed(), rest: rest.reversed()))
    // upper: (2 + 2/6) / 3, lower: (0 + 2/6) / 3
    XCTAssertEqual(try XCTUnwrap(forward.upperLower), 2.0 / 3, accuracy: 1e-12)
    XCTAssertEqual(forward.upperLower, backward.upperLower)
  }

  func testSmallOrUniformClassesHaveNone() {
    XCTAssertNil(
      CheckStatistics(check: "one.values", in: results([1, 0, 1], rest: [1, 2, 3])).discrimination)
    let all = CheckStatistics(
      check: "one.values",
      in: results([Int](repeating: 1, count: 12), rest: (0..<12).map(Double.init)))
    XCTAssertNil(all.discrimination)
    XCTAssertNil(all.upperLower)
    let level = CheckStatistics(
      check: "one.values",
      in: results([1, 0, 1, 0, 1, 0, 1, 0, 1, 0], rest: [Double](repeating: 2, count: 10)))
    XCTAssertNil(level.discrimination)
  }

  func testFailuresAreGroupedByReason() {
    var ann = Sample.result(
      "ann", values: .failed,
      message: "H at [0, 1]: yours -0.25, expected 1e-05 (tolerance 1.0); 3 of 8 numbers differ")
    let ben = Sample.result(
      "ben", values: .failed,
      message: "H at [2, 0]: yours nan, expected -0.5 (tolerance 2); 8 of 8 numbers differ")
    var cem = ben
    cem.submission = "cem"
    cem.checks[0].diagnosis = "no tanh"
    let dan = Sample.result(
      "dan", values: .notImplemented, accuracy: .notImplemented,
      message: "task 4.7b (Means) is not started: Means.swift:41")
    ann.checks[1].outcome = .notRun
    let groups = FailureGroup.groups([ann, ben, cem, dan])
    XCTAssertEqual(
      groups.map(\.reason),
      [
        "H at [#, #]: yours #, expected # (tolerance #); # of # numbers differ", "no tanh",
        "task 4.7b (Means) is not started: Means.swift:#",
      ])
    XCTAssertEqual(groups.map(\.submissions), [["ann", "ben"], ["cem"], ["dan"]])
    XCTAssertEqual(FailureGroup.normalised("Conv1d x2 0.5s 3."), "Conv1d x2 0.5s #.")
  }

  /// The same known mistake is one reason, whatever is said of it; the same words of two are two.
  func testFailuresAreGroupedByTheMistakesThatTheyName() {
    func result(_ name: String, _ id: String, _ sentence: String) -> SubmissionResult {
      var result = Sample.result(name, values: .failed, message: "numbers differ")
      result.checks[0].diagnosis = sentence
      result.checks[0].mistakes = [MistakeName(subject: "weightedMeans", id: id)]
      return result
    }
    let groups = FailureGroup.groups([
      result("ann", "no-tanh", "tanh is missing"), result("ben", "no-tanh", "there is no tanh"),
      result("cem", "no-bias", "tanh is missing"),
    ])
    XCTAssertEqual(groups.map(\.submissions), [["ann", "ben"], ["cem"]])
    XCTAssertEqual(groups.map(\.reason), ["tanh is missing", "tanh is missing"])
  }

  func testHistogramCountsEveryScoreOnce() {
    let histogram = Histogram(scores: [0, 0.6, 3, 5.9, 6, 1.8], maximum: 6)
    XCTAssertEqual(histogram.counts, [1, 1, 0, 1, 0, 1, 0, 0, 0, 2])
    // numpy.percentile: 0.9, 2.4, 5.175
    XCTAssertTrue(
      histogram.html.contains("median 2.4, half of them from 0.9 to 5.18"), histogram.html)
    XCTAssertEqual(Histogram(scores: [], maximum: 0).counts.reduce(0, +), 0)
  }

  func testAttentionSaysWhy() throws {
    var crashed = Sample.result("crashed", accuracy: .crashed)
    crashed.score = 2.5
    var near = Sample.result("near", accuracy: .failed)
    near.checks[1].curve = TrainingCurve(
      network: "N", goal: 0.7,
      points: [
        .init(attempt: 1, steps: 9, trainLoss: nil, trainAccuracy: nil, validationAccuracy: 0.69)
      ])
    let answer = "A sentence that is long enough not to be the same by chance, or so one thinks."
    let record = try Sample.record(
      [
        crashed, near, Sample.result("pass", values: .passed),
        Sample.result("fault", status: .judgeFailed), Sample.result("copy", accuracy: .failed),
        Sample.result("plain", accuracy: .failed),
      ],
      answers: ["near": ["1a": answer], "copy": ["1a": answer]],
      hashes: [
        "near": ["A.swift": "1", "B.swift": "0"], "copy": ["A.swift": "1", "B.swift": "0"],
        "plain": ["B.swift": "0"],
      ])
    let list = Attention.list(record, handedOut: ["0"])
    let reasons = Dictionary(
      uniqueKeysWithValues: list.map { ($0.submission, $0.reasons.map(\.sentence)) })
    XCTAssertEqual(reasons["crashed"], ["a high score, and yet one.accuracy crashed"])
    XCTAssertEqual(reasons["fault"], ["it was not graded, by no fault of theirs"])
    // 3 of 6 points: half
    XCTAssertEqual(reasons["pass"], ["3 points are near the pass mark of 3"])
    XCTAssertEqual(
      reasons["near"],
      [
        "the same as copy: A.swift, the answer to 1a", "N missed its goal by less than 2 %",
        "ANSWERS.md: the markers of 1b are missing, and no text stands in their place",
      ])
    XCTAssertEqual(
      list.map(\.submission), ["fault", "copy", "near", "crashed", "pass"], "by weight")
    XCTAssertNil(reasons["plain"])
    // another pass mark: 3 of 6 points are not near it, 2 are
    var other = record
    other.manifest.passMark = 1 / 3
    let nearTwo = Attention.list(other, handedOut: ["0"]).filter { attention in
      attention.reasons.contains { $0.sentence.contains("near the pass mark of 2") }
    }
    XCTAssertEqual(nearTwo.map(\.submission), ["plain"])
  }

  func testWhatMostOfTheClassShareIsNoEqualWork() throws {
    let names = ["ann", "ben", "cem", "dee", "eve"]
    func equal(_ sharing: Int, of count: Int) throws -> [String] {
      let class5 = Array(names.prefix(count))
      let record = try Sample.record(
        class5.map { Sample.result($0) },
        hashes: Dictionary(
          uniqueKeysWithValues: class5.enumerated().map {
            ($1, ["A.swift": $0 < sharing ? "same" : $1])
          }))
      return Attention.list(record).filter { one in
        one.reasons.contains { $0.kind == .equalWork }
      }.map(\.submission)
    }
    XCTAssertEqual(try equal(2, of: 5), ["ann", "ben"])
    XCTAssertEqual(try equal(3, of: 5), [], "three of five have it from somewhere else")
    XCTAssertEqual(try equal(5, of: 5), [])
    XCTAssertEqual(try equal(2, of: 2), ["ann", "ben"], "two are no class")
  }

  func testTheClassPageGroupsWhatNeedsALookByWeight() throws {
    let record = try Sample.record(
      ["ann", "ben", "cem"].map { Sample.result($0, status: .notBuilt) }
        + [Sample.result("dee", status: .judgeFailed)])
    let page = ClassPage(record, attention: Attention.list(record)).html
    let fault = try XCTUnwrap(page.firstRange(of: "Not graded, by no fault of theirs <span"))
    let broken = try XCTUnwrap(
      page.firstRange(of: "Nothing of it compiles <span class=\"quiet\">3</span>"))
    XCTAssertLessThan(fault.lowerBound, broken.lowerBound)
    let names = page[broken.upperBound...].prefix(300)
    for name in ["ann", "ben", "cem"] { XCTAssertTrue(names.contains(">\(name)</a>"), name) }
  }
}
