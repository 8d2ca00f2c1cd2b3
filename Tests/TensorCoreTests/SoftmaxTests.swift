import Foundation
import TensorCore
import TestSupport
import XCTest

/// Softmax in all layouts, with masks, and the cross-entropies made of it, against sums in double
/// precision written out here.
final class SoftmaxTests: XCTestCase {
  private var generator = RandomGenerator(seed: 31)

  /// The error that a share may have: of the exponential and the sum, and of x − peak, whose rounding
  /// is that of the exponent.
  private func bound(_ share: Double, below distance: Float) -> Double {
    (4e-7 + 6e-8 * Double(distance)) * share + 1e-45
  }

  /// The softmax of the elements that take part, one row.
  private func exact(_ x: [Float], _ mask: [Bool]) -> [Double] {
    let peak = zip(x, mask).filter { $0.1 }.map { $0.0 }.max() ?? 0
    let terms = zip(x, mask).map { $1 ? exp(Double($0) - Double(peak)) : 0 }
    let total = terms.reduce(0, +)
    return terms.map { total > 0 ? $0 / total : 0 }
  }

  /// Compares value and gradient along the middle axis; the layouts have different kernels.
  func testLayouts() throws {
    for (outer, classes, inner) in [
      (3, 187, 1), (5, 16, 1), (70, 4, 1), (1, 5000, 1), (2, 33, 8), (2, 7, 16), (2, 5, 100),
      (3, 1, 1), (64, 31, 1), (65, 32, 1),
    ] {
      let name = "\(outer)x\(classes)x\(inner)"
      let x = (.randn([outer, classes, inner], using: &generator) * 3).requiringGrad()
      let g = Tensor.randn(x.shape, using: &generator)
      let (y, logarithms, sums) = (
        try x.softmax(axis: 1), try x.logSoftmax(axis: 1), try x.logSumExp(axis: 1)
      )
      try y.backward(gradient: g)
      let gradient = try XCTUnwrap(x.grad).array
      x.zeroGrad()
      try logarithms.backward(gradient: g)
      let ofLogarithms = try XCTUnwrap(x.grad).array
      let (xs, gs) = (x.array, g.array)
      for row in 0..<outer * inner {
        let at = (0..<classes).map { (row / inner * classes + $0) * inner + row % inner }
        let expected = exact(at.map { xs[$0] }, at.map { _ in true })
        let weighted = zip(at, expected).reduce(0) { $0 + Double(gs[$1.0]) * $1.1 }
        let all = at.reduce(0) { $0 + Double(gs[$1]) }
        let (ys, peak) = (y.array, at.map { xs[$0] }.max() ?? 0)
        for (i, p) in zip(at, expected) {
          XCTAssertEqual(Double(ys[i]), p, accuracy: bound(p, below: peak - xs[i]), name)
          XCTAssertEqual(Double(logarithms.array[i]), log(p), accuracy: 3e-6, name)
          XCTAssertEqual(Double(gradient[i]), p * (Double(gs[i]) - weighted), accuracy: 1e-6, name)
          XCTAssertEqual(Double(ofLogarithms[i]), Double(gs[i]) - p * all, accuracy: 3e-5, name)
        }
        let sum = log(at.reduce(0) { $0 + exp(Double(xs[$1])) })
        XCTAssertEqual(Double(sums.array[row]), sum, accuracy: 2e-6, name)
      }
    }
  }

  func testMasks() throws {
    let (N, H, T) = (2, 3, 37)
    let x = Tensor.randn([N, H, T, T], using: &generator).requiringGrad()
    let lengths = try Tensor.lengthMask([T, 20], steps: T).reshaped([N, 1, 1, T])
    for (name, mask) in [
      ("lengths", lengths), ("causal", try Tensor.ones([T, T]).tril()),
      ("one column", try Tensor.lengthMask([9], steps: T).reshaped([T, 1])),
    ] {
      let whole = try mask.expanded(to: x.shape).array
      let y = try x.softmax(axis: -1, mask: mask)
      let g = Tensor.randn(x.shape, using: &generator)
      x.zeroGrad()
      try y.backward(gradient: g)
      let (xs, ys, gs, ds) = (x.array, y.array, g.array, try XCTUnwrap(x.grad).array)
      for row in 0..<N * H * T {
        let at = row * T..<(row + 1) * T
        let expected = exact(at.map { xs[$0] }, at.map { whole[$0] != 0 })
        let weighted = zip(at, expected).reduce(0) { $0 + Double(gs[$1.0]) * $1.1 }
        let peak = at.filter { whole[$0] != 0 }.map { xs[$0] }.max() ?? 0
        for (i, p) in zip(at, expected) {
          XCTAssertEqual(
            Double(ys[i]), p, accuracy: bound(p, below: Swift.max(peak - xs[i], 0)), name)
          XCTAssertEqual(Double(ds[i]), p * (Double(gs[i]) - weighted), accuracy: 1e-6, name)
        }
      }
    }
    // along another axis, and what is masked out may be NaN
    let z = try Tensor([1, .nan, 2, 3, .nan, 4], shape: [3, 2])
    let y = try z.softmax(axis: 0, mask: Tensor([1, 0, 1, 1, 0, 0], shape: [3, 2])).array
    let e = exact([1, 2], [true, true])
    for (got, expected) in zip(y, [e[0], 0, e[1], 1, 0, 0]) {
      XCTAssertEqual(Double(got), expected, accuracy: 1e-7)
    }
  }

  func testRowsOfWhichNothingTakesPartAreZero() throws {
    let x = try Tensor([1, 2, 3, 4], shape: [2, 2]).requiringGrad()
    let y = try x.softmax(mask: Tensor([0, 0, 1, 0], shape: [2, 2]))
    XCTAssertEqual(y.array, [0, 0, 1, 0])
    try y.backward(gradient: Tensor([5, 6, 7, 8], shape: [2, 2]))
    XCTAssertEqual(x.grad?.array, [0, 0, 0, 0])
    XCTAssertEqual(
      errorText { try x.softmax(mask: Tensor.ones([3])) },
      "softmax: the mask [3] does not broadcast to [2, 2]")
  }

  /// The weights 1/3 of a million labels: their sum in single precision is off by 0.5 %.
  func testClassWeightsAreSummedExactly() throws {
    let rows = 1_000_000
    let x = Tensor.zeros([rows, 2])
    let loss = try crossEntropy(
      x, labels: (0..<rows).map { Int32($0 % 2) }, classWeights: [0.1, 0.7])
    XCTAssertEqual(Double(try loss.item), log(2), accuracy: 2e-7)
  }

  func testIgnoredLabelsCountNothing() throws {
    let values: [Float] = [1, -2, 0.5, 3, 0, 1, -1, 2, 2]
    func loss(
      _ rows: [Int], _ labels: [Int32], _ reduction: LossReduction
    ) throws -> (Tensor, Tensor) {
      let x = try Tensor(rows.flatMap { values[3 * $0..<3 * $0 + 3] }, shape: [rows.count, 3])
        .requiringGrad()
      let loss = try crossEntropy(
        x, labels: labels, classWeights: [1, 2, 0.5], smoothing: 0.1, ignoreIndex: -100,
        reduction: reduction)
      try loss.sum().backward()
      return (loss, try XCTUnwrap(x.grad))
    }
    for reduction in [LossReduction.mean, .sum] {
      let (with, gradient) = try loss([0, 1, 2], [2, -100, 1], reduction)
      let (without, expected) = try loss([0, 2], [2, 1], reduction)
      XCTAssertEqual(try with.item, try without.item, accuracy: 1e-6)
      XCTAssertEqual(
        gradient.array, Array(expected.array[..<3]) + [0, 0, 0] + Array(expected.array[3...]))
    }
    XCTAssertEqual(try loss([0, 1], [-100, 1], .none).0.array[0], 0)
    XCTAssertEqual(
      errorText { try loss([0, 1], [-100, -100], .mean) },
      "crossEntropy: all 2 labels are -100, which is ignored: there is nothing to average. "
        + "Leave such batches out, or take the sum")
  }
  /// Wherever in a row the largest stands, it is subtracted: e^200 is infinite.
  func testTheLargestIsFoundAtEveryPlace() throws {
    for width in Array(1...100) + [127, 128, 129, 187, 200] {
      let rows = 200 * Tensor.eye(width)
      XCTAssertEqual(try rows.softmax().array, Tensor.eye(width).array, "\(width)")
      XCTAssertEqual(
        try rows.logSumExp(axis: 1).array, [Float](repeating: 200, count: width), "\(width)")
    }
  }
}
