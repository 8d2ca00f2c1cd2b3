import Metrics
import TestSupport
import XCTest

/// Against scikit-learn, by Tests/Reference/metrics.py.
final class MetricsTests: XCTestCase {
  private struct Case: Decodable {
    let logits: [Float]
    let labels: [Int32]
    let figures: Figures

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      logits = try values.decode([Float].self, forKey: .logits)
      labels = try values.decode([Int32].self, forKey: .labels)
      figures = try Figures(from: decoder)
    }

    private enum Key: CodingKey { case logits, labels }
  }
  private struct Figures: Decodable {
    let name: String
    let classes: Int
    let areaUnderROC: Double?
    let averagePrecision: Double?
    let classesUnderROC: Double?
    let confusion: [[Int]]
    let accuracy: Double
    let precision: [Double]
    let recall: [Double]
    let f1: [Double]
    let support: [Int]
    let meanF1: Double
    let meanRecall: Double
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
    let meanRecall: Double
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
    let large: [Figures]
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
    for example in try cases() { checkTable(example.logits, example.labels, example.figures) }
  }

  private func checkTable(_ logits: [Float], _ labels: [Int32], _ expected: Figures) {
    let (matrix, name) = (ConfusionMatrix(logits: logits, labels: labels), expected.name)
    XCTAssertEqual(matrix.counts, expected.confusion, name)
    XCTAssertEqual(matrix.support, expected.support, name)
    XCTAssertEqual(matrix.unpredicted, [Int](repeating: 0, count: expected.classes), name)
    XCTAssertEqual(matrix.total, labels.count, name)
    XCTAssertEqual(matrix.accuracy, expected.accuracy, accuracy: accuracy, name)
    XCTAssertEqual(matrix.meanF1, expected.meanF1, accuracy: accuracy, name)
    XCTAssertEqual(matrix.meanRecall, expected.meanRecall, accuracy: accuracy, name)
    for (got, expected, what) in [
      (matrix.precision, expected.precision, "precision"),
      (matrix.recall, expected.recall, "recall"), (matrix.f1, expected.f1, "F1"),
      (
        [matrix.challengeScore].compactMap { $0 }, [expected.challengeScore].compactMap { $0 },
        "score"
      ),
    ] {
      XCTAssertEqual(got.count, expected.count, "\(name): \(what)")
      for (a, b) in zip(got, expected) {
        XCTAssertEqual(a, b, accuracy: accuracy, "\(name): \(what)")
      }
    }
  }

  func testRanking() throws {
    for example in try cases() where example.figures.classes == 2 {
      checkRanking(example.logits, example.labels, example.figures)
    }
  }

  /// Of several classes the mean of each against the rest.
  func testRankingOfSeveralClasses() throws {
    var count = 0
    for example in try cases() {
      guard let expected = example.figures.classesUnderROC else { continue }
      let area = Metrics.meanAreaUnderROC(logits: example.logits, labels: example.labels)
      XCTAssertEqual(area ?? 0, expected, accuracy: accuracy, example.figures.name)
      count += 1
    }
    XCTAssertGreaterThan(count, 2)
    XCTAssertNil(Metrics.meanAreaUnderROC(logits: [1, 2, 3, 4], labels: [1, 1]))
    XCTAssertNil(Metrics.meanAreaUnderROC(logits: [1, .nan, 3, 4], labels: [0, 1]))
    XCTAssertNil(Metrics.meanAreaUnderROC(logits: [1, 2, 3], labels: [0, 1]))
    XCTAssertNil(Metrics.meanAreaUnderROC(logits: [], labels: []))
    // of infinite logits too
    XCTAssertEqual(
      Metrics.meanAreaUnderROC(
        logits: [.infinity, 0, 0, .infinity, -.infinity, 3], labels: [0, 1, 1]), 1)
  }

  private func checkRanking(_ scores: [Float], _ labels: [Int32], _ figures: Figures) {
    for (got, expected, what) in [
      (Metrics.areaUnderROC(scores: scores, labels: labels), figures.areaUnderROC, "area"),
      (
        Metrics.averagePrecision(scores: scores, labels: labels), figures.averagePrecision,
        "average precision"
      ),
    ] {
      XCTAssertEqual(got == nil, expected == nil, "\(figures.name): \(what)")
      XCTAssertEqual(got ?? 0, expected ?? 0, accuracy: accuracy, "\(figures.name): \(what)")
    }
  }

  /// A million examples, nearly all of whose scores are ties; `metrics.py` has the formulas.
  func testAMillionExamples() throws {
    let (count, large) = (1_000_000, try all().large)
    let labels = (0..<count).map { Int32(noise($0, stream: 0) > 0.6 ? 1 : 0) }
    let scores = labels.enumerated().map { index, label in
      Float((64 * (noise(index, stream: 1) + Double(label) / 2)).rounded(.down) / 64)
    }
    checkTable(scores, labels, large[0])
    checkRanking(scores, labels, large[0])
    XCTAssertEqual(
      Metrics.crossEntropy(logits: scores, labels: labels), large[0].crossEntropy,
      accuracy: accuracy)
    let classes = (0..<count).map { Int32(2 * noise($0, stream: 3) + 2) }
    let logits = (0..<4 * count).map { place in
      let isRight = Int(classes[place / 4]) == place % 4
      return Float((16 * (noise(place, stream: 2) + (isRight ? 0.5 : 0))).rounded(.down) / 16)
    }
    checkTable(logits, classes, large[1])
    XCTAssertEqual(
      Metrics.crossEntropy(logits: logits, labels: classes), large[1].crossEntropy,
      accuracy: accuracy)
  }

  /// The course's accuracy and the matrix' agree wherever all logits are numbers.
  func testTheTwoAccuraciesAgree() throws {
    for example in try cases() {
      XCTAssertEqual(
        Metrics.accuracy(logits: example.logits, labels: example.labels), example.figures.accuracy,
        accuracy: accuracy, example.figures.name)
    }
  }

  func testCrossEntropy() throws {
    for example in try cases() {
      XCTAssertEqual(
        Metrics.crossEntropy(logits: example.logits, labels: example.labels),
        example.figures.crossEntropy, accuracy: accuracy, example.figures.name)
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
    XCTAssertEqual(matrix.meanRecall, 0)
    XCTAssertNil(Metrics.areaUnderROC(scores: [], labels: []))
    XCTAssertNil(Metrics.averagePrecision(scores: [], labels: []))
  }

  func testLabelSets() throws {
    for example in try all().labelSets {
      let sets = try XCTUnwrap(
        LabelSets(logits: example.logits, flags: example.flags, count: example.labels))
      for (got, expected, what) in [
        (sets.accuracy, example.accuracy, "accuracy"), (sets.meanF1, example.meanF1, "mean F1"),
        (sets.meanRecall, example.meanRecall, "mean recall"),
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
