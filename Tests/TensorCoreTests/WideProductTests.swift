import CKernels
import TensorCore
import XCTest

/// Products as wide linear layers have them: few rows by a long transposed operand, which is read where it lies, and
/// results that are written past the caches. Their numbers are those of the same rows by themselves, bit by bit.
final class WideProductTests: XCTestCase {
  /// Numbers in [−1, 1].
  private func matrix(
    _ rows: Int, _ columns: Int, _ generator: inout RandomGenerator
  ) throws -> Tensor {
    let values = (0..<rows * columns).map { _ in 2 * generator.nextUniform() - 1 }
    return try Tensor(values, shape: [rows, columns])
  }

  /// A number of the product a · bᵀ, in double.
  private func sum(_ a: [Float], _ b: [Float], _ k: Int, _ i: Int, _ j: Int) -> Double {
    (0..<k).reduce(0) { $0 + Double(a[i * k + $1]) * Double(b[j * k + $1]) }
  }

  /// Forty rows at a time are no whole squares and not turned, so the kernel of all other products computes what is
  /// expected; of fewer rows OpenBLAS would, where registers are narrow, in another order.
  private func byForties(
    _ x: Tensor, _ rows: Int, _ product: (Tensor) throws -> Tensor
  ) throws -> [Float] {
    try stride(from: 0, to: rows, by: 40).flatMap {
      try product(x.slice(axis: 0, $0..<min($0 + 40, rows))).array
    }
  }

  /// The same bits where tiles compute both. OpenBLAS, which does on processors without AVX, adds up in an order that may
  /// depend on the number of rows: `terms` products of numbers below 1 then differ by their roundings.
  private func assertSame(
    _ numbers: [Float], _ expected: [Float], terms: Int, _ message: String = "",
    line: UInt = #line
  ) {
    if rk_tiles_are_fast() {
      XCTAssertTrue(numbers == expected, message, line: line)
      return
    }
    XCTAssertEqual(numbers.count, expected.count, message, line: line)
    let most = zip(numbers, expected).map { abs($0 - $1) }.max() ?? 0
    XCTAssertLessThanOrEqual(most, Float(terms) * 1.2e-7, message, line: line)
  }

  func testFewRowsByALongOperand() throws {
    var generator = RandomGenerator(seed: 20_261_129)
    // parts of 336, 336, 336 and 292 columns; of 272 and, too short to be turned, 224
    for (n, k) in [(1300, 1025), (1040, 1100)] {
      let weight = try matrix(n, k, &generator)
      let rows = try matrix(160, k, &generator)
      let expected = try byForties(rows, 160) { try $0.matmul(weight.transposed(0, 1)) }
      for m in [16, 48, 64, 128, 144] {
        let x = try rows.slice(axis: 0, 0..<m)
        let product = try x.matmul(weight.transposed(0, 1))
        XCTAssertEqual(product.shape, [m, n])
        assertSame(
          product.array, Array(expected[..<(m * n)]), terms: k, "[\(m), \(k)] · [\(n), \(k)]ᵀ")
        let (a, b) = (x.array, weight.array)
        for _ in 0..<200 {
          let (i, j) = (
            Int(generator.nextUniform() * Float(m)), Int(generator.nextUniform() * Float(n))
          )
          // of k products, added up in single precision: k · 2⁻²⁴ of their sizes at most
          XCTAssertEqual(
            Double(product.array[i * n + j]), sum(a, b, k, i, j), accuracy: Double(k) * 6e-8)
        }
      }
    }
  }

  func testResultsPastTheCaches() throws {
    var generator = RandomGenerator(seed: 20_261_130)
    // cut by rows, by columns, with rows that are no whole vectors, and in two blocks of steps, which are added up
    for (m, n, k) in [(2052, 1024, 70), (1500, 1616, 33), (1500, 1612, 33), (2052, 1024, 300)] {
      let (a, b) = (try matrix(k, m, &generator), try matrix(k, n, &generator))
      let rows = try a.transposed(0, 1)
      let product = try rows.matmul(b)
      XCTAssertEqual(product.shape, [m, n])
      let expected = try byForties(rows, m) { try $0.matmul(b) }
      assertSame(product.array, expected, terms: k, "[\(k), \(m)]ᵀ · [\(k), \(n)]")
    }
  }

  /// The gradient of what two wide layers read is the sum of two such products, the second added to the first.
  func testTheGradientOfASharedInput() throws {
    var generator = RandomGenerator(seed: 20_261_132)
    let weights = (try matrix(1300, 1025, &generator), try matrix(1300, 1025, &generator))
    let upstreams = (try matrix(80, 1025, &generator), try matrix(80, 1025, &generator))
    let values = try matrix(80, 1300, &generator)
    func gradient(_ rows: Range<Int>) throws -> [Float] {
      let x = try values.slice(axis: 0, rows).detached().requiringGrad()
      let first = try x.matmul(weights.0) * upstreams.0.slice(axis: 0, rows)
      let second = try x.matmul(weights.1) * upstreams.1.slice(axis: 0, rows)
      try (first + second).sum().backward()
      return try XCTUnwrap(x.grad).array
    }
    let byForties = try gradient(0..<40) + gradient(40..<80)
    assertSame(try gradient(0..<64), Array(byForties[..<(64 * 1300)]), terms: 2 * 1025)
  }

  /// What a weight's gradient gets is the same whether it is the first to arrive or the second.
  func testGradientsOfAWideLayer() throws {
    var generator = RandomGenerator(seed: 20_261_131)
    let (x, upstream) = (try matrix(64, 1500, &generator), try matrix(64, 1504, &generator))
    let weight = try matrix(1504, 1500, &generator).requiringGrad()
    func pass() throws -> [Float] {
      try (x.matmul(weight.transposed(0, 1)) * upstream).sum().backward()
      return try XCTUnwrap(weight.grad).array
    }
    let once = try pass()
    let expected = try upstream.transposed(0, 1).matmul(x).array
    assertSame(once, expected, terms: 64)
    assertSame(try pass(), once.map { 2 * $0 }, terms: 2 * 64)
  }
}
