import TensorCore
import WorkerPipe
import XCTest

@testable import Judge
@testable import JudgedNumbers

/// Which initial numbers are draws from a distribution, and which of them are the same draws twice.
final class StartCheckTests: XCTestCase {
  private static let normal = StartDistribution.normal(standardDeviation: 0.01)
  private static let count = 8192

  private func draws(
    _ seed: UInt64, count: Int = count, _ draw: (inout RandomGenerator) -> Float
  ) -> [Float] {
    var generator = RandomGenerator(seed: seed)
    return (0..<count).map { _ in draw(&generator) }
  }

  private func failures(
    _ distribution: StartDistribution = normal, _ draw: (inout RandomGenerator) -> Float
  ) -> [DistributionTest.Failure?] {
    (1...20).map { DistributionTest.failure(draws($0, draw), distribution) }
  }

  // MARK: - The distribution

  func testRightDrawsPass() {
    XCTAssertTrue(failures { 0.01 * $0.nextNormal() }.allSatisfy { $0 == nil })
    let uniform = failures(.uniform(bound: 0.25)) { 0.5 * $0.nextUniform() - 0.25 }
    XCTAssertTrue(uniform.allSatisfy { $0 == nil })
    // few draws, and one
    for count in [1, 2, 16, 128] {
      for seed in 1...20 as ClosedRange<UInt64> {
        XCTAssertNil(
          DistributionTest.failure(
            draws(seed, count: count) { 0.01 * $0.nextNormal() }, Self.normal))
        XCTAssertNil(
          DistributionTest.failure(
            draws(seed, count: count) { 0.5 * $0.nextUniform() - 0.25 }, .uniform(bound: 0.25)))
      }
    }
    XCTAssertNil(DistributionTest.failure([0, 0], .zero))
  }

  /// How often right draws fail the sharpest of the tests, for a level that can be counted: its bounds
  /// are upper ones.
  func testTheBoundsHold() {
    // the largest distance of 100 uniform draws is beyond 0.136 in 5 % of all cases (Kolmogorov; Massart's
    // bound there is 2 exp(−2 · 100 · 0.136²) = 0.0495)
    var beyond = 0
    for seed in 1...2000 as ClosedRange<UInt64> {
      let sorted = draws(seed, count: 100) { $0.nextUniform() }.sorted()
      let distance =
        sorted.enumerated().map { (index: Int, value: Float) -> Float in
          max(Float(index + 1) / 100 - value, value - Float(index) / 100)
        }.max() ?? 0
      if distance > 0.136 { beyond += 1 }
    }
    // 0.0495 of 2000 are 99, with a standard deviation of 10
    XCTAssertLessThan(beyond, 140)
    XCTAssertGreaterThan(beyond, 30)
  }

  func testWrongDrawsFail() {
    func all(
      _ name: String, _ isExpected: (DistributionTest.Failure) -> Bool,
      of distribution: StartDistribution = Self.normal, _ draw: (inout RandomGenerator) -> Float
    ) {
      for failure in failures(distribution, draw) {
        XCTAssertTrue(failure.map(isExpected) ?? false, "\(name): \(String(describing: failure))")
      }
    }
    func isDeviation(_ failure: DistributionTest.Failure) -> Bool {
      if case .deviation = failure { true } else { false }
    }
    func isShape(_ failure: DistributionTest.Failure) -> Bool { failure == .shape }
    func isMean(_ failure: DistributionTest.Failure) -> Bool {
      if case .mean = failure { true } else { false }
    }
    all("a tenth too wide", isDeviation) { 0.011 * $0.nextNormal() }
    all("a tenth too narrow", isDeviation) { 0.009 * $0.nextNormal() }
    all("shifted by a tenth", isMean) { 0.01 * $0.nextNormal() + 0.001 }
    // of the same standard deviation, 0.01
    all("uniform", isShape) { 0.01732 * (2 * $0.nextUniform() - 1) }
    func truncated(_ generator: inout RandomGenerator, _ limit: Float) -> Float {
      while true {
        let value = generator.nextNormal()
        if abs(value) <= limit { return value }
      }
    }
    // the standard deviations of what is left: 0.5396, 0.8796, 0.9866 (SciPy's truncnorm)
    all("cut off at 1", isShape) { 0.01 / 0.5396 * truncated(&$0, 1) }
    all("cut off at 2", isShape) { 0.01 / 0.8796 * truncated(&$0, 2) }
    all("cut off at 3", isShape) { 0.01 / 0.9866 * truncated(&$0, 3) }
    all("not around zero", isShape, of: .uniform(bound: 0.25)) { 0.25 * $0.nextUniform() }
    all("a tenth too far", isShape, of: .uniform(bound: 0.25)) {
      0.275 * (2 * $0.nextUniform() - 1)
    }
    all("a tenth too short", isShape, of: .uniform(bound: 0.25)) {
      0.225 * (2 * $0.nextUniform() - 1)
    }
    all("normal", isShape, of: .uniform(bound: 0.25)) { 0.14434 * $0.nextNormal() }
    // one number at 8 σ is beyond what 8192 draws give once in 10¹¹
    var one = draws(1) { 0.01 * $0.nextNormal() }
    one[7] = 0.08
    XCTAssertEqual(DistributionTest.failure(one, Self.normal), .shape)
    XCTAssertEqual(DistributionTest.failure([0, 0], Self.normal), .allZero)
    XCTAssertEqual(DistributionTest.failure([0, 0.1], .zero), .notConstant)
  }

  /// The quantiles in a random order have the right distribution function, and no chance in it.
  func testNumbersThatLieTooEvenlyAreFound() {
    for seed in 1...20 as ClosedRange<UInt64> {
      var generator = RandomGenerator(seed: seed)
      let shift = Double(generator.nextUniform())
      let even = generator.permutation(Self.count).map { index in
        Float(0.25 * (2 * (Double(index) + shift) / Double(Self.count) - 1))
      }
      XCTAssertEqual(DistributionTest.failure(even, .uniform(bound: 0.25)), .tooEven)
      // of draws with each their own place in a cell, still
      let cells = generator.permutation(Self.count).map { index in
        0.25 * (2 * (Float(index) + generator.nextUniform()) / Float(Self.count) - 1)
      }
      XCTAssertEqual(DistributionTest.failure(cells, .uniform(bound: 0.25)), .tooEven)
    }
  }

  // MARK: - The order

  private func order(_ values: [Float], width: Int = 128) -> DrawOrder? {
    DrawOrder.first(
      values, shape: [values.count / width, width], level: DistributionTest.level)
  }

  func testDrawsAreInNoOrder() {
    for seed in 1...100 as ClosedRange<UInt64> {
      for count in [128, 2176, Self.count] {
        XCTAssertNil(order(draws(seed, count: count) { 0.01 * $0.nextNormal() }))
      }
    }
    XCTAssertNil(order([Float](repeating: 0.01, count: 128)), "all the same are in no order")
    XCTAssertNil(order([0.1, 0.2, 0.3], width: 3), "too few to tell")
  }

  func testSortedNumbersAreFound() throws {
    let numbers = draws(1) { 0.01 * $0.nextNormal() }
    XCTAssertEqual(order(numbers.sorted()), DrawOrder(lag: 1, rising: 1))
    XCTAssertEqual(order(numbers.sorted(by: >)), DrawOrder(lag: 1, rising: 0))
    // each row, each column, and the larger ones of pairs first
    let rows = stride(from: 0, to: Self.count, by: 128).flatMap { numbers[$0..<$0 + 128].sorted() }
    XCTAssertGreaterThan(try XCTUnwrap(order(rows)).rising, 0.9)
    let columns = (0..<128).map { column in
      stride(from: column, to: Self.count, by: 128).map { numbers[$0] }.sorted()
    }
    let downwards = order((0..<Self.count).map { columns[$0 % 128][$0 / 128] })
    XCTAssertEqual(try XCTUnwrap(downwards).lag, 127)
    let pairs = stride(from: 0, to: Self.count, by: 2).flatMap {
      numbers[$0..<$0 + 2].sorted(by: >)
    }
    // no pair rises, and the smaller of one is above both of the next in one case of six: (0 + 5/6) / 2
    XCTAssertEqual(try XCTUnwrap(order(pairs)).rising, 5.0 / 12, accuracy: 0.02)
  }

  func testAnOrderOverHalfATensorIsFound() throws {
    var numbers = draws(1) { 0.01 * $0.nextNormal() }
    for index in 0..<Self.count / 2 where numbers[index] > numbers[index + Self.count / 2] {
      numbers.swapAt(index, index + Self.count / 2)
    }
    XCTAssertNotNil(order(numbers))
  }

  // MARK: - Numbers that go with others

  func testDrawsHaveNoCorrelation() {
    for seed in 1...100 as ClosedRange<UInt64> {
      for count in [512, 2176, Self.count] {
        let first = draws(seed, count: count) { 0.01 * $0.nextNormal() }
        let second = draws(1000 + seed, count: count) { $0.nextUniform() - 0.5 }
        // at a level at which one of 50 would fail if the bound were none
        XCTAssertNil(DrawCorrelation.notable(first[...], second[...], level: 1e-4))
        XCTAssertNil(
          DrawCorrelation.notable(first.dropLast(1), first.dropFirst(1), level: 1e-4))
      }
    }
    XCTAssertNil(DrawCorrelation.notable([1, 2, 3], [1, 2, 3], level: 1e-6), "too few to tell")
  }

  func testMultiplesAndSumsOfDrawsAreFound() throws {
    let first = draws(1) { 0.01 * $0.nextNormal() }
    let second = draws(2) { 0.01 * $0.nextNormal() }
    let third = draws(3) { 0.01 * $0.nextNormal() }
    func correlation(_ others: [Float]) -> Double? {
      DrawCorrelation.notable(first[...], others[...], level: 1e-8)
    }
    // (a ± b) / √2 has the correlation 1/√2 with a, and a sum of three 1/√3; standard error 1/√8192
    let sum = zip(first, second).map { 0.7071 * ($0 - $1) }
    XCTAssertEqual(try XCTUnwrap(correlation(sum)), 0.7071, accuracy: 0.04)
    let three = zip(sum, third).map { 0.8165 * $0 + 0.5774 * $1 }
    XCTAssertEqual(try XCTUnwrap(correlation(three)), 0.5774, accuracy: 0.05)
    let nearly = zip(first, second).map { -$0 * (1 + 0.01 * $1) }
    XCTAssertEqual(try XCTUnwrap(correlation(nearly)), -1, accuracy: 1e-3)
    // each second number the negative of the one before
    let pairs = first.indices.map { $0 % 2 == 0 ? first[$0] : -first[$0 - 1] }
    let next = DrawCorrelation.notable(pairs.dropLast(1), pairs.dropFirst(1), level: 1e-8)
    XCTAssertEqual(try XCTUnwrap(next), -0.5, accuracy: 0.05)
  }

  /// The calculus: the same numbers in another order have the distance 0 after both are brought to one
  /// scale, and independent ones of the order of √(2/n).
  func testNumbersInAnotherOrderAndTimesAFactorAreFound() {
    for seed in 1...20 as ClosedRange<UInt64> {
      for count in [512, 2176, Self.count] {
        let first = draws(seed, count: count) { 0.01 * $0.nextNormal() }
        let second = draws(1000 + seed, count: count) { 0.02 * $0.nextNormal() }
        XCTAssertFalse(DrawLikeness(first).isMoreThanChance(DrawLikeness(second)))
        let uniform = draws(2000 + seed, count: count) { $0.nextUniform() - 0.5 }
        let others = draws(3000 + seed, count: count) { $0.nextUniform() - 0.5 }
        XCTAssertFalse(DrawLikeness(uniform).isMoreThanChance(DrawLikeness(others)))
        var generator = RandomGenerator(seed: seed)
        for factor: Float in [1.0003, 1.02, -0.97] {
          let shuffled = generator.permutation(count).map { first[$0] * factor }
          XCTAssertTrue(DrawLikeness(first).isMoreThanChance(DrawLikeness(shuffled)))
        }
        // each number by its own factor
        let nearly = generator.permutation(count).map {
          first[$0] * (1 + 0.001 * generator.nextNormal())
        }
        XCTAssertTrue(DrawLikeness(first).isMoreThanChance(DrawLikeness(nearly)))
      }
    }
    let few = DrawLikeness([1, 2, 3])
    XCTAssertFalse(few.isMoreThanChance(few), "too few to tell")
  }

  // MARK: - Common numbers

  func testNumbersThatStandSeveralTimesAreFound() {
    let drawn = tensor("a", [64, 128])
    let twins = PipeTensor(
      name: "a", shape: [64, 128], values: drawn.values.indices.map { drawn.values[$0 & ~1] })
    XCTAssertEqual(
      SharedNumbers.first([twins]), SharedNumbers(first: "a", second: "a", count: Self.count))
    XCTAssertNil(SharedNumbers.first([drawn]))
  }

  func testNumbersOfAnotherTensorAreFoundInAnyOrder() {
    let first = tensor("a", [64, 128])
    func taken(_ share: Int) -> PipeTensor {
      var generator = RandomGenerator(seed: 5)
      let own = tensor("", [64, 128], seed: 3).values
      let order = generator.permutation(Self.count)
      return PipeTensor(
        name: "b", shape: [64, 128],
        values: order.indices.map { $0 % 100 < share ? -first.values[order[$0]] : own[$0] })
    }
    XCTAssertEqual(
      SharedNumbers.first([first, taken(100)]),
      SharedNumbers(first: "a", second: "b", count: Self.count))
    XCTAssertNotNil(SharedNumbers.first([first, taken(10)]))
    // uniform draws have numbers in common by chance
    for seed in 1...20 as ClosedRange<UInt64> {
      func uniform(_ name: String, _ count: Int, _ seed: UInt64) -> PipeTensor {
        PipeTensor(
          name: name, shape: [count],
          values: draws(seed, count: count) { 0.5 * $0.nextUniform() - 0.25 })
      }
      XCTAssertNil(
        SharedNumbers.first([
          uniform("a", 65536, 100 + seed), uniform("b", 8704, 200 + seed),
          uniform("c", 64, 300 + seed),
        ]))
    }
  }

  // MARK: - The same draws twice

  private func tensor(_ name: String, _ shape: [Int], seed: UInt64 = 1) -> PipeTensor {
    PipeTensor(
      name: name, shape: shape,
      values: draws(seed, count: shape.reduce(1, *)) { 0.01 * $0.nextNormal() })
  }

  private func sentence(_ tensors: PipeTensor...) -> String? {
    RepeatedNumbers(tensors).first()?.sentence
  }

  func testDrawsOfTheirOwnAreNoRepetition() {
    XCTAssertNil(sentence(tensor("a", [64, 128]), tensor("b", [128, 128], seed: 2)))
    XCTAssertNil(sentence(tensor("a", [3]), tensor("b", [3])), "too short to tell")
    // constants and a diagonal are no draws: others say so
    let ones = PipeTensor(name: "ones", shape: [64], values: [Float](repeating: 0.01, count: 64))
    XCTAssertNil(sentence(ones, ones.mapValues { 2 * $0 }))
  }

  func testACopyOfTheGeneratorIsFound() {
    let long = tensor("a", [64, 128])
    XCTAssertEqual(
      sentence(long, tensor("b", [64, 128])), "b starts with the same numbers as a")
    XCTAssertEqual(sentence(long, tensor("b", [128])), "b starts with the same numbers as a")
    XCTAssertEqual(
      sentence(tensor("a", [128]), tensor("b", [64, 128])), "b starts with the same numbers as a")
    XCTAssertEqual(
      sentence(long, tensor("b", [128]).mapValues { $0 * 5 }),
      "b starts with the same numbers as a, times 5.000")
    XCTAssertEqual(
      sentence(long, tensor("b", [128]).mapValues { -$0 }),
      "b starts with the same numbers as a, times -1.000")
    // uniform numbers moved into another range, with the rounding of single precision
    func uniform(_ name: String, _ bound: Float) -> PipeTensor {
      PipeTensor(
        name: name, shape: [50],
        values: draws(4, count: 50) { -bound + 2 * bound * $0.nextUniform() })
    }
    XCTAssertEqual(
      sentence(uniform("a", 0.25), uniform("b", 0.1)),
      "b starts with the same numbers as a, times 0.4000")
  }

  func testOtherPlacesAndOrdersAreFound() {
    let matrix = tensor("a", [24, 40])
    func part(_ range: Range<Int>, reversed: Bool = false) -> PipeTensor {
      let values = Array(matrix.values[range])
      return PipeTensor(
        name: "b", shape: [values.count], values: reversed ? values.reversed() : values)
    }
    XCTAssertEqual(sentence(matrix, part(100..<140)), "b has 40 numbers of a")
    XCTAssertEqual(
      sentence(matrix, part(101..<141, reversed: true)), "b has 40 numbers of a, backwards")
    let columns = (0..<960).map { (place: Int) -> Float in
      matrix.values[place % 24 * 40 + place / 24]
    }
    XCTAssertEqual(
      sentence(matrix, PipeTensor(name: "b", shape: [40, 24], values: columns)),
      "b has 960 numbers of a, row for column")
    // whichever of the two is drawn by columns
    XCTAssertEqual(
      sentence(
        PipeTensor(name: "a", shape: [40, 24], values: columns),
        PipeTensor(name: "b", shape: [960], values: matrix.values)),
      "a has 960 numbers of b, row for column")
    // the end of one is the beginning of the other
    let next = Array(matrix.values.suffix(40)) + tensor("", [80], seed: 3).values
    XCTAssertEqual(
      sentence(matrix, PipeTensor(name: "b", shape: [120], values: next)), "b has 40 numbers of a")
  }

  func testARowThatIsRepeatedIsFound() {
    let row = tensor("", [40]).values
    XCTAssertEqual(
      sentence(PipeTensor(name: "a", shape: [3, 40], values: row + row + row)),
      "a repeats its own numbers: 80 of them, from number 40 on, are those from number 0 on")
    let other = tensor("", [40], seed: 2).values
    XCTAssertEqual(
      sentence(PipeTensor(name: "a", shape: [3, 40], values: row + other + row)),
      "a repeats its own numbers: 40 of them, from number 80 on, are those from number 0 on")
  }
}
