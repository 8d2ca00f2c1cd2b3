import TensorCore
import TestSupport
import XCTest

/// Whether the check of gradients accepts right ones and says where wrong ones are.
final class GradientCheckTests: XCTestCase {
  private let W = Tensor.linspace(from: -1, to: 1, count: 6).requiringGrad().named("W")

  /// Half of it is missing: the second factor is taken for a constant.
  private func halfSquare(_ x: Tensor) throws -> Tensor { try (x * x.detached()).sum() }

  func testRightGradientsPass() throws {
    let b = Tensor([0.5, -2]).requiringGrad()
    let earlier = W.array
    try GradientCheck.check([W, b]) {
      try (tanh(self.W.reshaped([3, 2]) + b) * b).squared().mean()
    }
    XCTAssertEqual(W.array, earlier)
    XCTAssertNil(W.grad)
  }

  func testCollectedGradientsStay() throws {
    try (W * 3).sum().backward()
    try GradientCheck.check([W]) { self.W.squared().sum() }
    XCTAssertEqual(W.grad?.array, Array(repeating: 3, count: 6))
  }

  func testAWrongGradientIsNamed() throws {
    // at 0 half of the gradient is right
    let x = try Tensor([[0, 0], [3, 1]]).requiringGrad().named("x")
    let text = errorText { try GradientCheck.check([x]) { try self.halfSquare(x) } }
    let start = "GradientCheck: x[1, 0]: the gradient is 3.0, the difference quotient "
    XCTAssertTrue(text.hasPrefix(start), text)
    XCTAssertEqual(try XCTUnwrap(Double(text.dropFirst(start.count))), 6, accuracy: 1e-3)
    XCTAssertEqual(x.array, [0, 0, 3, 1])
  }

  func testEachTensorIsNamed() throws {
    let (x, y) = (Tensor([4]).requiringGrad(), Tensor([1, 2]).requiringGrad().named("y"))
    let text = errorText {
      try GradientCheck.check([x, y, W]) { try self.halfSquare(x) + y.squared().sum() }
    }
    XCTAssertTrue(text.hasPrefix("GradientCheck: tensor 0[0]: the gradient is 4.0, "), text)
    XCTAssertTrue(text.hasSuffix("; W: the loss does not depend on it"), text)
    XCTAssertFalse(text.contains("y["), text)
  }

  /// An error of one part in a hundred is the limit, and NaN is never right.
  func testTolerance() throws {
    let x = Tensor([2, 3]).requiringGrad()
    func loss(_ share: Float) throws -> Tensor {
      try (x * (1 - share)).sum() + (x.detached() * share).sum()
    }
    try GradientCheck.check([x]) { try loss(0.005) }
    XCTAssertThrowsError(try GradientCheck.check([x]) { try loss(0.02) })
    try GradientCheck.check([x], tolerance: 0.05) { try loss(0.02) }
    XCTAssertThrowsError(try GradientCheck.check([x]) { log(x - 2.5).sum() })
  }

  /// Twenty of many elements, spread evenly: number 0, 5, 10, …
  func testSamples() throws {
    let x = Tensor.ones([100]).requiringGrad()
    func wrong(at index: Int) -> String {
      errorText {
        try GradientCheck.check([x]) {
          try x.sum() + self.halfSquare(x.slice(axis: 0, index..<(index + 1)))
        }
      }
    }
    XCTAssertTrue(wrong(at: 95).hasPrefix("GradientCheck: tensor 0[95]: the gradient is 2.0, "))
    XCTAssertEqual(wrong(at: 96), "(nothing was thrown)")
  }

  func testMistakes() throws {
    let remedy = "Declare it with @Parameter or call requiringGrad()"
    XCTAssertEqual(
      errorText { try GradientCheck.check([W, Tensor.ones([2]).named("X")]) { self.W.sum() } },
      "GradientCheck: tensor 1 (from 0), X [2], is not a leaf that wants a gradient. \(remedy)")
    XCTAssertEqual(
      errorText { try GradientCheck.check([W * 2]) { self.W.sum() } },
      "GradientCheck: tensor 0 (from 0), [6], is not a leaf that wants a gradient. \(remedy)")
    XCTAssertEqual(
      errorText { try GradientCheck.check([W]) { self.W } },
      "item: W [6] has 6 elements, not one. Use .array, or .sum() or .mean() first")
  }
}
