import TensorCore
import XCTest

/// Products whose results are a few columns wide, which have a kernel of their own, against sums term by
/// term.
final class NarrowProductTests: XCTestCase {
  /// Numbers in [−1, 1] with 24 bits, so that the sums below in double are exact to 1e-14.
  private func matrix(
    _ rows: Int, _ columns: Int, _ generator: inout RandomGenerator
  ) throws -> Tensor {
    let values = (0..<2 * rows * columns).map { _ in 2 * generator.nextUniform() - 1 }
    return try Tensor(values, shape: [2, rows, columns])
  }

  func testEveryWidthAndOrder() throws {
    var generator = RandomGenerator(seed: 20_261_127)
    for n in 1...9 {
      for (m, k) in [(7, 64), (8, 31), (8, 32), (9, 33), (10, 47), (30, 48), (29, 188)] {
        for (turnsA, turnsB) in [(false, false), (true, false), (false, true), (true, true)] {
          let a = turnsA ? try matrix(k, m, &generator) : try matrix(m, k, &generator)
          let b = turnsB ? try matrix(n, k, &generator) : try matrix(k, n, &generator)
          let product = try (turnsA ? a.transposed(1, 2) : a).matmul(
            turnsB ? b.transposed(1, 2) : b)
          XCTAssertEqual(product.shape, [2, m, n])
          let (A, B, got) = (a.array, b.array, product.array)
          for batch in 0..<2 {
            for i in 0..<m {
              for j in 0..<n {
                var sum = 0.0
                for s in 0..<k {
                  let left = A[batch * m * k + (turnsA ? s * m + i : i * k + s)]
                  let right = B[batch * k * n + (turnsB ? j * k + s : s * n + j)]
                  sum += Double(left) * Double(right)
                }
                // of k products, added up in single precision: k · 2⁻²⁴ of their sizes at most
                XCTAssertEqual(
                  Double(got[batch * m * n + i * n + j]), sum, accuracy: Double(k) * 6e-8,
                  "[\(m), \(k)] · [\(k), \(n)], turned \(turnsA) \(turnsB)")
              }
            }
          }
        }
      }
    }
  }

  /// What stands beyond a row's last whole vector is read once, and no number of another column.
  func testInfinityStaysWhereItIs() throws {
    for (k, place) in [(33, 32), (33, 17), (40, 39), (48, 0)] {
      var values = [Float](repeating: 1, count: 8 * k)
      values[3 * k + place] = .infinity
      let a = try Tensor(values, shape: [1, 8, k])
      for n in [1, 5, 8] {
        let product = try a.matmul(.ones([1, k, n])).array
        for i in 0..<8 {
          for j in 0..<n { XCTAssertEqual(product[i * n + j], i == 3 ? .infinity : Float(k)) }
        }
      }
    }
  }
}
