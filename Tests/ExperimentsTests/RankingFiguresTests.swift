import Assignment
import Examples
import Files
import Foundation
import Metrics
import XCTest

@testable import Experiments

/// What a network's embeddings say of examples that are ranked.
final class RankingFiguresTests: XCTestCase {
  /// Four examples, three labels: {0}, {0, 1}, {1}, {2}.
  private let examples = ExampleSet(
    [
      .init(Table([0, 0, 0, 0], rowShape: []), name: "ecg", firstRows: [0, 1, 2, 3], extent: .row)
    ],
    targets: .labelSets([1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1], count: 3))
  /// Embeddings in a plane.
  private let rows: [Float] = [1, 0, 0.6, 0.8, 0, 1, -1, 0]

  private func query(
    _ group: String, _ name: String, _ vector: [Float], _ labels: [Int], places: [Int]? = nil
  ) -> RankingQuery {
    RankingQuery(
      group: group, name: name, input: "text", vector: vector, labels: labels, places: places)
  }

  private func figures(hasIntervals: Bool = false) throws -> RankingFigures {
    try XCTUnwrap(
      RankingFigures(
        rows: rows, of: examples,
        [
          query("single", "zero", [1, 0], [0]), query("single", "one", [-1, 0], [1]),
          query("both", "zero and one", [0, 1], [0, 1]),
          query("part", "two", [1, 0], [2], places: [1, 3]),
          query("none", "all three", [1, 0], [0, 1, 2]),
        ], hasIntervals: hasIntervals))
  }

  /// By hand: along (1, 0) the scores are 1, 0.6, 0, −1; along (0, 1) they are 0, 0.8, 1, 0.
  func testFiguresByHand() throws {
    let figures = try figures()
    func area(_ name: String) -> Double? {
      figures.queries.first { $0.name == name }?.areaUnderROC
    }
    XCTAssertEqual(area("zero"), 1)
    // answers −0.6 and 0, others −1 and 1: two of four pairs
    XCTAssertEqual(area("one"), 0.5)
    // the answer 0.8 stands above 0 and 0, and below 1
    XCTAssertEqual(try XCTUnwrap(area("zero and one")), 2.0 / 3, accuracy: 1e-12)
    XCTAssertEqual(area("two"), 0)
    XCTAssertNil(area("all three"))
    XCTAssertEqual(figures.queries.map(\.answers), [2, 2, 1, 1, 0])
    XCTAssertEqual(figures.queries.map(\.examples), [4, 4, 4, 2, 4])
    XCTAssertEqual(figures.groups.map(\.name), ["single", "both", "part", "none"])
    XCTAssertEqual(figures.groups[0].areaUnderROC, 0.75)
    // one: ranks 2 and 3 of 4 hold the answers: (1/2 + 2/3) / 2
    XCTAssertEqual(
      try XCTUnwrap(figures.groups[0].averagePrecision), (1 + 7.0 / 12) / 2, accuracy: 1e-12)
    XCTAssertNil(figures.groups[3].areaUnderROC)
    XCTAssertEqual(
      figures.groups.line, "AUROC single 0.750, both 0.667, part 0.000, none ")
  }

  func testIntervalsHoldTheArea() throws {
    for query in try figures(hasIntervals: true).queries {
      guard let area = query.areaUnderROC else {
        XCTAssertNil(query.low)
        continue
      }
      XCTAssertLessThanOrEqual(try XCTUnwrap(query.low), area)
      XCTAssertGreaterThanOrEqual(try XCTUnwrap(query.high), area)
    }
    XCTAssertNil(try figures().queries[0].low)
  }

  func testWhatDoesNotFitIsRefused() {
    XCTAssertNil(RankingFigures(rows: rows, of: examples, [], hasIntervals: false))
    XCTAssertNil(
      RankingFigures(
        rows: rows, of: examples, [query("a", "b", [1, 0, 0], [0])], hasIntervals: false))
    XCTAssertNil(
      RankingFigures(
        rows: Array(rows.dropLast()), of: examples, [query("a", "b", [1, 0], [0])],
        hasIntervals: false))
  }

  /// Asked of all, a query has no places.
  func testOfAnotherSetAllExamplesAreAsked() {
    XCTAssertNil(query("a", "b", [1], [0], places: [1]).ofAll.places)
  }

  /// A table of rankings has each group's area and precision, and of several seeds the median and each.
  func testTheTableOfAnExperiment() throws {
    let experiment = try JSONDecoder().decode(
      AssignmentManifest.Experiment.self,
      from: Data(#"{"name": "a", "title": "A", "networks": [{"network": "Net"}]}"#.utf8))
    var table = ExperimentTable(experiment: experiment, data: "noise", published: nil)
    for seed in [1, 2] {
      var result = TrainingResult(
        network: "Net", data: "noise", seed: UInt64(seed), threads: 1, epochs: 1, parameters: 1,
        trainLoss: 1, trainAccuracy: .nan, validationLoss: .nan, validationAccuracy: .nan,
        bestValidationAccuracy: .nan, metric: .areaUnderROC, bestValidationFigure: 0.75,
        stoppedEarly: nil, examplesPerSecond: 10,
        history: [
          .init(
            epoch: 1, trainLoss: 1, trainAccuracy: .nan, validationLoss: .nan,
            validationAccuracy: .nan, validationFigure: 0.75, rankings: try figures().groups)
        ], roc: nil, validation: nil, remarks: nil)
      result.rankings = try figures(hasIntervals: true)
      XCTAssertEqual(result.closingLines, "train loss 1.000\n10.0 examples/sec on cpu")
      XCTAssertEqual(result.history[0].shown, 0.75)
      XCTAssertTrue(result.history[0].line(.areaUnderROC).hasPrefix("train loss 1.000, AUROC si"))
      table.add(experiment.networks[0], result)
      XCTAssertEqual(table.onlyRankings == nil, seed == 2)
      // what is written can be read, though accuracies are not numbers
      let read = try JSONDecoder.results.decode(
        TrainingResult.self, from: JSONEncoder.results.encode(result))
      XCTAssertEqual(read.rankings?.groups, result.rankings?.groups)
      XCTAssertTrue(read.validationLoss.isNaN)
    }
    let page = table.markdown
    XCTAssertTrue(
      page.contains("| network | epochs | seeds | single | both | part | none | examples/s |"), page
    )
    XCTAssertTrue(page.contains("| 0.750 / 0.792 (0.750 0.750) |"), page)
    XCTAssertTrue(page.contains("## Net, seed 1"), page)
    XCTAssertTrue(page.contains("| part | two | 0.000 | 0.000 to 0.000 | 0.500 | 1 of 2 |"), page)
    XCTAssertFalse(page.contains("all three"), page)
  }
}
