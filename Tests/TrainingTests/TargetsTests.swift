import Examples
import Foundation
import Metrics
import Training
import XCTest

/// What is said of a network's outputs by what they should be.
final class TargetsTests: XCTestCase {
  private let two = Targets.classes([0, 1, 1, 1], count: 2)
  private let three = Targets.classes([0, 1, 2], count: 3)
  private let sets = Targets.labelSets([1, 0, 0, 0], count: 2)
  private let numbers = Targets.numbers([1, 5, 3, 5], width: 2)

  func testAMetricSaysOfWhichTargetsItIs() {
    func objections(_ targets: Targets) -> [Metric] {
      Metric.allCases.filter { $0.objection(to: targets) != nil }
    }
    XCTAssertEqual(objections(two), [.challengeScore, .determination])
    XCTAssertEqual(objections(three), [.averagePrecision, .determination])
    XCTAssertEqual(objections(sets), [.challengeScore, .determination])
    XCTAssertEqual(
      objections(numbers), Metric.allCases.filter { ![.determination, .loss].contains($0) })
    XCTAssertEqual(objections(.none), Metric.allCases)
    XCTAssertEqual(
      Metric.challengeScore.objection(to: two),
      "challenge-score takes three classes or more, and the data have 2 classes")
    XCTAssertEqual(
      Metric.accuracy.objection(to: numbers),
      "accuracy takes classes or label sets, and the targets are numbers")
  }

  /// What a metric objects to, it has no figure of.
  func testFigures() {
    XCTAssertEqual(Metric.accuracy.value(of: [1, 1, 1, -1], for: two), 0.5)
    XCTAssertEqual(Metric.accuracy.value(of: [1, -1, 1, -1], for: sets), 0.75)
    XCTAssertEqual(Metric.areaUnderROC.value(of: [1, -1, 0, -1], for: sets), 1)
    // the second column has one value only
    // the mean of (1 − 2)² and (2 − 2)², with its sign turned
    XCTAssertEqual(Metric.loss.value(of: [1, 2], for: .numbers([2, 2], width: 1)), -0.5)
    XCTAssertEqual(Metric.loss.shown(-0.5), 0.5)
    XCTAssertTrue(Metric.loss.value(of: [.nan, 2], for: .numbers([2, 2], width: 1)).isNaN)
    XCTAssertEqual(Metric.determination.value(of: [1, 5, 3, 5], for: numbers), 0)
    XCTAssertEqual(
      Metric.determination.value(of: [1, 2], for: .numbers([1, 3], width: 1)), 0.5)
    for (metric, targets) in [
      (Metric.determination, two), (.accuracy, numbers), (.accuracy, .none),
    ] {
      XCTAssertEqual(metric.value(of: [1, 1, 1, 1], for: targets), 0)
    }
    XCTAssertEqual([two, three, sets, numbers, .none].map(\.outputWidth), [1, 3, 2, 2, 0])
    XCTAssertEqual(numbers.usualMetric, .determination)
    XCTAssertEqual(three.usualMetric, .accuracy)
  }

  /// n / (K n_c): 6 examples of 3 classes, of 1, 2 and 3 of them; a class without any has no weight.
  func testWeightsThatBalanceClasses() {
    XCTAssertEqual(
      Targets.classes([2, 1, 2, 0, 1, 2], count: 3).balancingWeights, [2, 1, Float(2.0 / 3)])
    XCTAssertEqual(Targets.classes([0, 0], count: 2).balancingWeights, [0.5, 0])
    XCTAssertNil(sets.balancingWeights)
  }

  /// Entropies and variances by hand.
  func testTheLossOfGuessing() throws {
    func require(
      _ targets: Targets, _ known: Double, _ unknown: Double, line: UInt = #line
    ) throws {
      let range = try XCTUnwrap(targets.guessingLoss(), line: line)
      XCTAssertEqual(range.lowerBound, known, accuracy: 1e-12, line: line)
      XCTAssertEqual(range.upperBound, unknown, accuracy: 1e-12, line: line)
    }
    try require(two, -0.25 * log(0.25) - 0.75 * log(0.75), log(2))
    try require(three, log(3), log(3))
    // the first label is there in one of two, the second in none
    try require(sets, log(2) / 2, log(2))
    // 1 and 3, whose variance is 1; 5 and 5, which have none
    try require(numbers, 0.5, (1 + 25 + 9 + 25) / 4)
    XCTAssertNil(Targets.none.guessingLoss())
    XCTAssertNil(Targets.classes([], count: 2).guessingLoss())
    // weights by which all classes count the same: nothing to know of their shares
    let uneven = Targets.classes([0, 0, 0, 0, 1, 2], count: 3)
    let weighted = try XCTUnwrap(uneven.guessingLoss(classWeights: uneven.balancingWeights))
    XCTAssertEqual(weighted.lowerBound, log(3), accuracy: 1e-6)
    XCTAssertEqual(weighted.upperBound, log(3), accuracy: 1e-6)
    // 4, 0 and 4 of 8
    let two = try XCTUnwrap(uneven.guessingLoss(classWeights: [1, 0, 4]))
    XCTAssertEqual(two.lowerBound, log(2), accuracy: 1e-12)
    XCTAssertEqual(
      three.loss(of: [0, 0, 0, 0, 0, 0, 0, 0, 0]), log(3), accuracy: 1e-12)
    XCTAssertEqual(numbers.loss(of: [2, 5, 2, 5]), 0.5)
  }
}
