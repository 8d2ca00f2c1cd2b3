import TensorCore
import TestSupport
import XCTest

/// The random numbers against PyTorch's and NumPy's (`Fixtures/generator.json`, made by
/// `Tests/Reference/generator.py`), and the normal ones by their own properties.
final class RandomTests: XCTestCase {
  private struct Listing: Decodable {
    let raw: [Raw]
    let randperm: [Permutation]
    let rand: [Uniform]
  }
  private struct Raw: Decodable {
    let seed: UInt64
    let values: [UInt32]
  }
  private struct Permutation: Decodable {
    let seed: UInt64
    let count: Int
    let head, tail: [Int]
  }
  private struct Uniform: Decodable {
    let seed: UInt64
    let values: [Float]
  }

  private func listing() throws -> Listing {
    try Fixture.decode(Listing.self, "TensorCoreTests/Fixtures/generator.json")
  }

  func testOutputsOfTheTwister() throws {
    let cases = try listing().raw
    XCTAssertEqual(cases.count, 4)
    for entry in cases {
      var twister = MersenneTwister(seed: entry.seed)
      XCTAssertEqual(entry.values.map { _ in twister.next32() }, entry.values, "seed \(entry.seed)")
    }
  }

  func testUniformNumbers() throws {
    for entry in try listing().rand {
      var generator = RandomGenerator(seed: entry.seed)
      let drawn = entry.values.map { _ in generator.nextUniform() }
      XCTAssertEqual(drawn, entry.values, "seed \(entry.seed)")
    }
  }

  func testPermutations() throws {
    let cases = try listing().randperm
    XCTAssertEqual(cases.count, 4)
    for entry in cases {
      var generator = RandomGenerator(seed: entry.seed)
      let order = generator.permutation(entry.count)
      XCTAssertEqual(order.sorted(), Array(0..<entry.count))
      XCTAssertEqual(Array(order.prefix(16)), entry.head, "seed \(entry.seed)")
      XCTAssertEqual(Array(order.suffix(8)), entry.tail, "seed \(entry.seed)")
    }
    var generator = RandomGenerator(seed: 0)
    XCTAssertEqual(generator.permutation(0), [])
  }

  func testAGeneratorGoesOnWhereItsStateWasTaken() throws {
    var twister = MersenneTwister(seed: 5)
    for _ in 0..<700 { _ = twister.next32() }
    var other = try XCTUnwrap(MersenneTwister(state: twister.state))
    for _ in 0..<700 { XCTAssertEqual(other.next32(), twister.next32()) }
    XCTAssertNil(MersenneTwister(state: []))
    XCTAssertNil(MersenneTwister(state: Array(repeating: 625, count: 625)))
  }

  func testSplitGeneratorsAreIndependent() {
    var (first, second) = (RandomGenerator(seed: 1), RandomGenerator(seed: 1))
    var part = first.split()
    _ = second.split()
    for _ in 0..<10 { _ = part.nextNormal() }
    XCTAssertEqual(first.nextUniform(), second.nextUniform(), "a part disturbed its origin")
    XCTAssertNotEqual(part.nextUniform(), first.nextUniform())
  }

  /// 100,000 draws: the bounds are four standard errors, for the seed that is given.
  func testNormalNumbers() {
    var generator = RandomGenerator(seed: 3)
    let count = 100_000
    let values = Tensor.randn([count], standardDeviation: 2, using: &generator).array.map {
      Double($0) / 2
    }
    func mean(_ transform: (Double) -> Double) -> Double {
      values.reduce(0) { $0 + transform($1) } / Double(count)
    }
    XCTAssertEqual(mean { $0 }, 0, accuracy: 0.0127)  // 1 / √n
    XCTAssertEqual(mean { $0 * $0 }, 1, accuracy: 0.018)  // √2 / √n
    XCTAssertEqual(mean { $0 * $0 * $0 }, 0, accuracy: 0.049)  // √15 / √n
    XCTAssertEqual(mean { abs($0) > 1.959964 ? 1 : 0 }, 0.05, accuracy: 0.0028)
    // neighbours come from one pair of draws
    let product = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
    XCTAssertEqual(product, 0, accuracy: 0.0127)
    XCTAssertTrue(values.allSatisfy { abs($0) < 6 })
  }

  func testUniformTensorsStayInTheirRange() {
    var generator = RandomGenerator(seed: 4)
    let values = Tensor.uniform([10_000], in: -0.25..<0.75, using: &generator).array
    XCTAssertTrue(values.allSatisfy { (-0.25..<0.75).contains($0) })
    XCTAssertEqual(values.reduce(0, +) / 10_000, 0.25, accuracy: 0.0116)  // 4 / √(12 n)
  }
}
