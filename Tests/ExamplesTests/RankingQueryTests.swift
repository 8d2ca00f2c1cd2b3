import Examples
import XCTest

/// What examples are ranked by follows them through selections and disguises.
final class RankingQueryTests: XCTestCase {
  private let query = RankingQuery(
    group: "seen", name: "a and b", input: "text", vector: [1, 2], labels: [0, 2],
    places: [1, 3, 4])

  /// Labels 0 and 2 of five examples with three labels.
  private let examples = ExampleSet(
    [
      .init(
        Table([0, 1, 2, 3, 4], rowShape: []), name: "text", firstRows: Array(0..<5), extent: .row)
    ],
    targets: .labelSets([1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1], count: 3))

  func testAnAnswerHasAllLabels() {
    let answers = query.answers(in: examples)
    XCTAssertEqual(answers.map(\.place), [1, 3, 4])
    XCTAssertEqual(answers.map(\.isAnswer), [true, false, true])
    let all = RankingQuery(group: "", name: "", input: "text", vector: [], labels: [0, 2])
    XCTAssertEqual(all.answers(in: examples).map(\.isAnswer), [true, true, false, false, true])
    XCTAssertEqual(query.answers(in: examples.with(.none)).count, 0)
  }

  func testPlacesFollowASelection() {
    let order = [4, 2, 3, 0]
    let selected = query.selecting(order)
    XCTAssertEqual(selected.places, [0, 2])
    XCTAssertEqual(
      selected.answers(in: examples.selecting(order)).map(\.isAnswer), [true, false])
    let all = RankingQuery(group: "", name: "", input: "text", vector: [], labels: [1])
    XCTAssertNil(all.selecting(order).places)
  }

  func testADisguiseChangesVectorAndLabels() {
    let changed = query.disguised(vector: [3, 4]) { 2 - $0 }
    XCTAssertEqual(changed.vector, [3, 4])
    XCTAssertEqual(changed.labels, [2, 0])
    XCTAssertEqual(changed.places, query.places)
    XCTAssertEqual([changed.group, changed.name, changed.input], ["seen", "a and b", "text"])
  }
}
