import Examples
import Foundation
import TestSupport
import WorkerPipe
import XCTest

@testable import Assignment
@testable import Judge

/// What validation examples are ranked by goes with them: through the draw of a run, its file, and a submission's disguise.
final class GradingQueriesTests: XCTestCase {
  private static let width = 4

  private static func examples(_ count: Int, seed: UInt64) -> ExampleSet {
    var numbers = SeededNumbers(seed: seed, name: "queries")
    let texts = numbers.normal("texts", [count, width])
    return ExampleSet(
      [
        .init(
          Table(texts.values, rowShape: [width]), name: "text", firstRows: Array(0..<count),
          extent: .row)
      ],
      targets: .labelSets((0..<(3 * count)).map { _ in Int32(numbers.integer(0...1)) }, count: 3))
  }

  private func data() throws -> GradingData {
    func query(_ labels: [Int], _ places: [Int]?) -> RankingQuery {
      RankingQuery(
        group: "seen", name: "\(labels)", input: "text", vector: [0.5, -1, 2, 0.25],
        labels: labels, places: places)
    }
    let split = SplitExamples(
      training: Self.examples(6, seed: 1), validation: Self.examples(12, seed: 2),
      queries: [query([0], nil), query([1, 2], nil), query([2], [0, 2, 3, 5, 7, 8, 11])])
    return GradingData(
      split, selection: .init(kind: "noise", training: 6, validation: 9), isSynthetic: true, seed: 4
    )
  }

  /// The products of the ranked examples' texts with each query's vector, and whether they are answers.
  private func rankings(_ data: GradingData) -> [[(product: Float, isAnswer: Bool)]] {
    let table = data.validation.inputs[0]
    return data.queries.map { query in
      query.answers(in: data.validation).map { example in
        let start = table.firstRows[example.place] * Self.width
        let row = table.table.values[start..<(start + Self.width)]
        return (zip(row, query.vector).reduce(0) { $0 + $1.0 * $1.1 }, example.isAnswer)
      }.sorted { $0.0 < $1.0 }
    }
  }

  private func requireSame(_ one: GradingData, _ other: GradingData) {
    for (first, second) in zip(rankings(one), rankings(other)) {
      XCTAssertEqual(first.map(\.isAnswer), second.map(\.isAnswer))
      XCTAssertEqual(first.count, second.count)
      for (a, b) in zip(first, second) { XCTAssertEqual(a.product, b.product, accuracy: 1e-5) }
    }
  }

  func testTheyGoWithTheirExamples() throws {
    let drawn = try data()
    XCTAssertEqual(drawn.queries.count, 3)
    XCTAssertEqual(drawn.validation.count, 9)
    // nine of twelve are drawn, and of seven places no more than are among them
    let places = try XCTUnwrap(drawn.queries[2].places)
    XCTAssertTrue((4...7).contains(places.count), "\(places)")
    let scratch = try Scratch()
    let path = scratch.path + "/data"
    try drawn.write(to: path)
    let read = try GradingData(contentsOf: path)
    XCTAssertEqual(read.queries, drawn.queries)
    requireSame(read, drawn)
    let disguised = drawn.disguised(
      Disguise(rows: ["text": .rotated], permutesClasses: true), seed: 3)
    XCTAssertNotEqual(disguised.queries, drawn.queries)
    requireSame(disguised, drawn)
  }
}
