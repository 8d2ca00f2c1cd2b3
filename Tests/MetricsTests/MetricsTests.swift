import Metrics
import TestSupport
import XCTest

/// Against scikit-learn, by Tests/Reference/metrics.py.
final class MetricsTests: XCTestCase {
  private struct Case: Decodable {
    let name: String
    let classes: Int
    let logits: [Float]
    let labels: [Int32]
    let areaUnderROC: Double?
    let averagePrecision: Double?
    let confusion: [[Int]]
    let accuracy: Double
    let precision: [Double]
    let recall: [Double]
    let f1: [Double]
    let support: [Int]
    let meanF1: Double
    let challengeScore: Double?
    let crossEntropy: Double
  }
  private struct LabelSetCase: Decodable {
    let name: String
    let labels: Int
    let logits: [Float]
    let flags: [Int32]
    let accuracy: Double
    let meanF1: Double
    let areaUnderROC: Double?
    let averagePrecision: Double?
    let crossEntropy: Double
  }
  private struct NumberCase: Decodable {
    let name: String
    let width: Int
    let predictions: [Float]
    let targets: [Float]
    let determination: Double
    let meanSquaredError: Double
  }
  private struct Cases: Decodable {
    let cases: [Case]
    let labelSets: [LabelSetCase]
    let numbers: [NumberCase]
  }

  /// The counts are equal and the ratios differ by no more than roundings of Double.
  private let accuracy = 1e-12

  private func cases() throws -> [Case] {
    let cases = try all().cases
    XCTAssertGreaterThan(cases.count, 10)
    return cases
  }

  private func all() throws -> Cases {
    try Fixture.decode(Cases.self, "MetricsTests/Fixtures/metrics.json")
  }

  func testConfusionMatrixAndWhatFollowsFromIt() throws {
    for example in try cases() {
      let matrix = ConfusionMatrix(logits: example.logits, labels: example.labels)
      XCTAssertEqual(matrix.counts, example.confusion, example.name)
      XCTAssertEqual(matrix.support, example.support, example.name)
      XCTAssertEqual(matrix.unpredicted, [Int](repeating: 0, count: example.classes), example.name)
      XCTAssertEqual(matrix.total, example.labels.count, example.name)
      XCTAssertEqual(matrix.accuracy, example.accuracy, accuracy: accuracy, example.name)
      XCTAssertEqual(matrix.meanF1, example.meanF1, accuracy: accuracy, example.name)
      for (got, expected, what) in [
        (matrix.precision, example.precision, "precision"),
        (matrix.recall, example.recall, "recall"), (matrix.f1, example.f1, "F1"),
        (
          [matrix.challengeScore].compactMap { $0 }, [example.challengeScore].compactMap { $0 },
          "score"
        ),
      ] {
        XCTAssertEqual(got.count, expected.count, "\(example.name): \(what)")
        for (a, b) in zip(got, expected) {
          XCTAssertEqual(a, b, accuracy: accuracy, "\(example.name): \(what)")
        }
      }
    }
  }

  func testRanking() throws {
    for example in try cases() where example.classes == 2 {
      for (got, expected, what) in [
        (
          Metrics.areaUnderROC(scores: example.logits, labels: example.labels),
          example.areaUnderROC, "area"
        ),
        (
          Metrics.averagePrecision(scores: example.logits, labels: example.labels),
          example.averagePrecision, "average precision"
        ),
      ] {
        XCTAssertEqual(got == nil, expected == nil, "\(example.name): \(what)")
        XCTAssertEqual(
          got ?? 0, expected ?? 0, accuracy: accuracy, "\(example.name): \(what)")
      }
    }
  }

  /// The course's accuracy and the matrix' agree wherever all logits are numbers.
  func testTheTwoAccuraciesAgree() throws {
    for example in try cases() {
      XCTAssertEqual(
        Metrics.accuracy(logits: example.logits, labels: example.labels), example.accuracy,
        accuracy: accuracy, example.name)
    }
  }

  func testCrossEntropy() throws {
    for example in try cases() {
      XCTAssertEqual(
        Metrics.crossEntropy(logits: example.logits, labels: example.labels),
        example.crossEntropy, accuracy: accuracy, example.name)
    }
    // of logits that a softmax in the usual way would overflow: log(1 + e^1000) and its like
    XCTAssertEqual(Metrics.crossEntropy(logits: [1000, -1000], labels: [0, 1]), 1000)
    XCTAssertEqual(Metrics.crossEntropy(logits: [1000, 0, 0, 1000], labels: [1, 1]), 500)
    let unfit: [([Float], [Int32])] = [([], []), ([1], []), ([1, 2, 3], [0, 1]), ([1, 2], [2])]
    for (logits, labels) in unfit {
      XCTAssertTrue(Metrics.crossEntropy(logits: logits, labels: labels).isNaN)
    }
  }

  func testLogitsThatAreNoNumbersAreNoPredictions() {
    let logits: [Float] = [1, .nan, -1, .nan, .infinity]
    let labels: [Int32] = [1, 1, 0, 0, 0]
    let matrix = ConfusionMatrix(logits: logits, labels: labels)
    XCTAssertEqual(matrix.counts, [[1, 1], [0, 1]])
    XCTAssertEqual(matrix.unpredicted, [1, 1])
    XCTAssertEqual(matrix.total, 5)
    XCTAssertEqual(matrix.support, [3, 2])
    XCTAssertEqual(matrix.accuracy, 2.0 / 5)
    XCTAssertEqual(matrix.recall, [1.0 / 3, 1.0 / 2])
    XCTAssertEqual(matrix.precision, [1, 1.0 / 2])
    XCTAssertNil(Metrics.areaUnderROC(scores: logits, labels: labels))
    XCTAssertNil(Metrics.averagePrecision(scores: logits, labels: labels))
    // In a row of several logits one is enough.
    XCTAssertEqual(Metrics.predictions(logits: [1, 2, .nan, 0, 3, 1], count: 2), [nil, 1])
  }

  func testNothingToMeasure() {
    let matrix = ConfusionMatrix(logits: [], labels: [])
    XCTAssertEqual(matrix.counts, [[0, 0], [0, 0]])
    XCTAssertEqual(matrix.accuracy, 0)
    XCTAssertEqual(matrix.f1, [0, 0])
    XCTAssertNil(matrix.challengeScore)
    XCTAssertNil(Metrics.areaUnderROC(scores: [], labels: []))
    XCTAssertNil(Metrics.averagePrecision(scores: [], labels: []))
  }

  func testLabelSets() throws {
    for example in try all().labelSets {
      let sets = try XCTUnwrap(
        LabelSets(logits: example.logits, flags: example.flags, count: example.labels))
      for (got, expected, what) in [
        (sets.accuracy, example.accuracy, "accuracy"), (sets.meanF1, example.meanF1, "mean F1"),
        (sets.areaUnderROC, example.areaUnderROC, "area"),
        (sets.averagePrecision, example.averagePrecision, "average precision"),
      ] as [(Double?, Double?, String)] {
        XCTAssertEqual(got == nil, expected == nil, "\(example.name): \(what)")
        XCTAssertEqual(got ?? 0, expected ?? 0, accuracy: accuracy, "\(example.name): \(what)")
      }
      // a float's logit in its own sigmoid there, in one of doubles here
      XCTAssertEqual(sets.crossEntropy, example.crossEntropy, accuracy: 1e-9, example.name)
    }
    XCTAssertNil(LabelSets(logits: [1, 2, 3], flags: [0, 1, 1], count: 2))
    XCTAssertNil(LabelSets(logits: [1, 2], flags: [0, 1, 1], count: 1))
    let unknown = try XCTUnwrap(LabelSets(logits: [.nan, 2], flags: [0, 1], count: 1))
    XCTAssertEqual(unknown.accuracy, 0)
    XCTAssertNil(unknown.areaUnderROC)
  }

  func testNumbers() throws {
    for example in try all().numbers {
      XCTAssertEqual(
        try XCTUnwrap(
          Metrics.determination(
            example.predictions, targets: example.targets, width: example.width)),
        example.determination, accuracy: accuracy * 1000, example.name)
      XCTAssertEqual(
        Metrics.meanSquaredError(example.predictions, targets: example.targets),
        example.meanSquaredError, accuracy: accuracy * 1000, example.name)
    }
    XCTAssertNil(Metrics.determination([1, 2], targets: [3, 3], width: 1), "all equal")
    XCTAssertNil(Metrics.determination([.nan, 2], targets: [3, 4], width: 1))
    XCTAssertNil(Metrics.determination([1, 2, 3], targets: [1, 2], width: 1))
  }
}
