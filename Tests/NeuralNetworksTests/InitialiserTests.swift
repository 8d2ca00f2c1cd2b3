import NeuralNetworks
import TensorCore
import TestSupport
import XCTest

/// The distributions of new parameters: bounds and moments by the formulas of their papers. With
/// 40,000 draws the standard error of a standard deviation is 0.4 % (normal) or less (uniform); the
/// tolerance is five of them.
final class InitialiserTests: XCTestCase {
  private func deviation(_ initialiser: Initialiser) throws -> Float {
    var generator = RandomGenerator(seed: 9)
    let x = initialiser([200, 200], using: &generator)
    XCTAssertEqual(try x.mean().item, 0, accuracy: 0.01)
    return try x.reshaped([40_000]).standardDeviation(axis: 0).item
  }

  func testVariancesAreThoseOfThePapers() throws {
    let expected: [(Initialiser, Float)] = [
      (.glorotUniform(fanIn: 30, fanOut: 70), 2 / 100),
      (.glorotNormal(fanIn: 30, fanOut: 70), 2 / 100),
      (.heUniform(fanIn: 50), 2 / 50), (.heNormal(fanIn: 50), 2 / 50),
      (.normal(standardDeviation: 0.3), 0.09), (.uniformByFanIn(12), 1 / 36),
    ]
    for (initialiser, variance) in expected {
      let found = try deviation(initialiser)
      XCTAssertEqual(found / variance.squareRoot(), 1, accuracy: 0.02, "\(initialiser)")
    }
  }

  func testUniformDrawsStayWithinTheirBound() throws {
    var generator = RandomGenerator(seed: 9)
    for (initialiser, bound) in [
      (Initialiser.glorotUniform(fanIn: 30, fanOut: 70), Float(0.06).squareRoot()),
      (.heUniform(fanIn: 50), Float(0.12).squareRoot()),
    ] {
      let x = initialiser([200, 200], using: &generator)
      XCTAssertLessThanOrEqual(try x.abs().max().item, bound)
      XCTAssertGreaterThan(try x.abs().max().item, 0.99 * bound)
    }
  }

  /// `W Wᵀ = gain² · 1` for the smaller side. Tolerance: roundings of 64 products of size 1/64.
  func testOrthogonalRowsOrColumns() throws {
    for shape in [[5, 5], [3, 64], [64, 3], [4, 2, 3], [1, 1]] {
      var generator = RandomGenerator(seed: 2)
      let W = Initialiser.orthogonal(gain: 2)(Shape(shape), using: &generator)
      XCTAssertEqual(W.shape.dimensions, shape)
      let matrix = try W.reshaped([shape[0], -1])
      let isWide = matrix.shape[0] <= matrix.shape[1]
      let transposed = try matrix.transposed(0, 1)
      let product = try isWide ? matrix.matmul(transposed) : transposed.matmul(matrix)
      let expected = Tensor.eye(product.shape[0]) * 4
      XCTAssertNil(
        difference(
          product.array, expected.array, "\(shape)", Tolerance(absolute: 2e-6, relative: 2e-6)))
    }
  }
}
