import Foundation
import TensorCore
import XCTest

/// The elementary functions against the C library in double precision, on every 4099th of all floats
/// (a prime, so that all bits change) and some that are special.
final class FunctionTests: XCTestCase {
  private static let sample: [Float] =
    stride(from: UInt32(0), to: .max - 4099, by: 4099).map { Float(bitPattern: $0) } + [
      0, -0.0, .infinity, -.infinity, .nan, 1, -1, 88.7, 88.8, -87.3, -87.4, -103.9, -104,
      Float.leastNonzeroMagnitude,
      -.leastNonzeroMagnitude, Float.leastNormalMagnitude.nextDown,
    ]

  /// Compares in units in the last place of the exact result; what is NaN, infinite or 0 must agree.
  ///
  /// - Parameter flushes: whether a denormal is 0, as an argument and as a result: the kernels' mode.
  private func check(
    _ name: String, within bound: Double, flushes: Bool = false, line: UInt = #line,
    _ function: (Tensor) -> Tensor, _ exact: (Double) -> Double
  ) {
    let got = function(Tensor(Self.sample)).array
    XCTAssertEqual(got.count, Self.sample.count)
    var wrong = 0
    for (x, y) in zip(Self.sample, got) {
      let value = exact(Double(x))
      let rounded = Float(value)
      let isRight: Bool
      if rounded.isNaN || y.isNaN {
        isRight = rounded.isNaN && y.isNaN
      } else if rounded.isInfinite || y.isInfinite {
        isRight = rounded == y
      } else if flushes, rounded.isSubnormal || x.isSubnormal, y == 0 {
        isRight = true
      } else {
        isRight = abs(Double(y) - value) <= bound * Double(Float(abs(value)).ulp)
      }
      if !isRight {
        wrong += 1
        if wrong <= 3 {
          XCTFail("\(name)(\(x)) is \(y), exactly \(value)", line: line)
        }
      }
    }
    XCTAssertEqual(wrong, 0, "\(name): wrong values", line: line)
  }

  func testExponentialsAndLogarithms() {
    check("exp", within: 1, { $0.exp() }, Foundation.exp)
    check("log", within: 1, { $0.log() }, Foundation.log)
    check("softplus", within: 2, { $0.softplus() }) {
      $0 > 0 ? $0 + log1p(Foundation.exp(-$0)) : log1p(Foundation.exp($0))
    }
    check("elu", within: 2, flushes: true, { $0.elu() }) { $0 > 0 ? $0 : expm1($0) }
  }

  func testSigmoids() {
    check("tanh", within: 2, { $0.tanh() }, Foundation.tanh)
    check("sigmoid", within: 2, { $0.sigmoid() }) { 1 / (1 + Foundation.exp(-$0)) }
    check("erf", within: 2, flushes: true, { $0.erf() }, Foundation.erf)
  }

  func testPowers() {
    for exponent: Float in [1.7, -0.3, 5, -4] {
      check("pow \(exponent)", within: 1, flushes: true, { $0.pow(exponent) }) {
        Foundation.pow($0, Double(exponent))
      }
    }
  }

  /// `x Φ(x)` keeps its digits where `1 + erf` has none; the exponent's rounding grows with x².
  func testGELU() {
    let x = stride(from: Float(-9), through: 9, by: 0.001).map { $0 }
    for (x, y) in zip(x, Tensor(x).gelu().array) {
      let exact = Double(x) * 0.5 * erfc(-Double(x) / 2.0.squareRoot())
      let bound = (10 + Double(x * x) / 2) * 6e-8 * abs(exact)
      XCTAssertEqual(Double(y), exact, accuracy: bound + 1e-45, "gelu(\(x))")
    }
  }

  /// Vectors with a number that is far from 0 are calculated in another way than those without.
  func testGELUDoesNotDependOnNeighbours() throws {
    let near: [Float] = [-4.3999, -2.5, -0.7518, -1e-30, -0.0, 0, 1e-20, 0.1428572, 1.3, 4.399]
    let far: [Float] = [-4.4, 4.4, -6, 7, -40, 40, .infinity, -.infinity, .nan, 3e38]
    func results(_ x: [Float]) throws -> [[UInt32]] {
      let x = Tensor(x).requiringGrad(), y = x.gelu()
      try y.sum().backward()
      let slopes = try XCTUnwrap(x.grad).array
      return zip(y.array, slopes).map { [$0.bitPattern, $1.bitPattern] }
    }
    let together = try results(zip(near, far).flatMap { [$0, $1] } + near)
    for (i, (a, b)) in zip(near, far).enumerated() {
      XCTAssertEqual(together[2 * i], try results([a])[0], "\(a)")
      XCTAssertEqual(together[2 * i + 1], try results([b])[0], "\(b)")
      XCTAssertEqual(together[2 * far.count + i], try results([a])[0], "\(a) beside near ones")
    }
    XCTAssertEqual(Tensor([-0.0, 0]).gelu().array.map(\.sign), [.minus, .plus])
    XCTAssertEqual(Tensor([Float.infinity, 3e38]).gelu().array, [.infinity, 3e38])
    XCTAssertTrue(Tensor([-Float.infinity, .nan]).gelu().array.allSatisfy(\.isNaN))
  }

  func testDivisionByANumberDivides() {
    // 1 / 3e38 is denormal, and flushed 0
    XCTAssertEqual((Tensor([3e38, 1.5e38]) / 3e38).array, [1, 0.5])
    XCTAssertEqual((Tensor([1, 2]) / 3).array, [Float(1) / 3, Float(2) / 3])
  }

  func testGradients() throws {
    let x = Tensor(stride(from: Float(-3), through: 3, by: 0.37).map { $0 }).requiringGrad()
    try x.erf().sum().backward()
    for (x, g) in zip(x.array, try XCTUnwrap(x.grad).array) {
      XCTAssertEqual(
        Double(g), 2 / Double.pi.squareRoot() * Foundation.exp(-Double(x) * Double(x)),
        accuracy: 1e-6)
    }
  }
}
