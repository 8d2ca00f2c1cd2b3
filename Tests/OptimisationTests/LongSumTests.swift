import NeuralNetworks
import Optimisation
import TensorCore
import XCTest

/// Sums over a million rows. The expected numbers are products in double: n equal floats sum to n
/// times one of them. Tolerance: two units of a float's last place, 2.4e-7, where adding one by one
/// loses 1e-2; PyTorch 2.15 loses 5.6e-7 in `torch.full((1000000, 16), 0.1).sum(0)`.
final class LongSumTests: XCTestCase {
  private let rows = 1_000_000
  private let value = Double(Float(0.1))

  private func check(_ found: Tensor?, _ expected: Double, _ what: String) {
    let errors = found?.array.map { abs(Double($0) / expected - 1) } ?? []
    XCTAssertFalse(errors.isEmpty, what)
    // not `error > tolerance`: a NaN is one too
    if let wrong = errors.firstIndex(where: { !($0 <= 2.4e-7) }) {
      XCTFail("\(what): element \(wrong) is off by \(errors[wrong])")
    }
  }

  func testReductions() throws {
    let n = Double(rows)
    let tall = Tensor.ones([rows, 3]) * 0.1
    let long = Tensor.ones([2, rows]) * 0.1
    check(try tall.sum(axis: 0), n * value, "the first axis")
    check(try long.sum(axis: 1), n * value, "the last axis")
    check(try tall.reshaped([1000, 1000, 3]).sum(axes: [0, 1]), n * value, "two axes as one")
    check(
      try tall.reshaped([1000, 3, 1000]).sum(axes: [0, 2]), n * value, "the axes around another")
    check(tall.sum(), 3 * n * value, "everything")
    check(tall.mean(), value, "the mean")
    check(try tall.mean(axis: 0), value, "the mean of an axis")
    check(try tall.cumsum(axis: 0).select(axis: 0, index: -1), n * value, "running down")
    check(try long.cumsum(axis: 1).select(axis: 1, index: -1), n * value, "running along")
    check(
      try long.reshaped([1, 2, rows]).adaptiveAveragePool1d(outputLength: 1), value, "the pool")
  }

  func testGradientsOfRepeatedRows() throws {
    let bias = Tensor.zeros([3]).requiringGrad()
    try (Tensor.zeros([rows, 3]) + bias).backward(gradient: Tensor.ones([rows, 3]) * 0.1)
    check(bias.grad, Double(rows) * value, "the bias")
  }

  func testLengthOfALongGradient() throws {
    final class Vector: Module {
      @Parameter var v: Tensor = .zeros([1_000_000])
    }
    let vector = Vector()
    try (vector.v * 0.1).sum().backward()
    let length = Double(rows).squareRoot() * value
    XCTAssertEqual(Double(vector.clipGradients(norm: 1)) / length, 1, accuracy: 2.4e-7)
    check(vector.v.grad, value / length, "the clipped gradient")
  }

  func testChannelsFarFromZero() throws {
    // 99 and 101 by turns: mean 100, variance 1
    let pair = try Tensor([99, 101], shape: [1, 2, 1])
    let x = try (pair + Tensor.zeros([500_000, 1, 3])).reshaped([rows, 3])
    let (one, zero) = (Tensor.ones([3]), Tensor.zeros([3]))
    let batch = try x.batchNorm(weight: one, bias: zero, epsilon: 0)
    check(batch.mean, 100, "the mean")
    check(batch.variance, 1, "the variance")
    check(try batch.result.squared().sum(axis: 0), Double(rows), "the result")
    let row = try x.reshaped([3, rows])
    let ones = Tensor.ones([rows])
    let layer = try row.layerNorm(weight: ones, bias: ones * 0, epsilon: 0)
    check(try layer.squared().sum(axis: 1), Double(rows), "rows of a layer")
  }

  func testVariancesAndDistances() throws {
    // 99 and 101 by turns; equal elements; deviations of 1e30 from 0
    let pair = try Tensor([99, 101], shape: [1, 2, 1])
    let x = try (pair + Tensor.zeros([500_000, 1, 3])).reshaped([rows, 3])
    check(try x.variance(axis: 0, correction: 0), 1, "columns")
    check(try x.reshaped([3, rows]).standardDeviation(axis: 1, correction: 0), 1, "rows")
    check(try x.variance(axes: [0, 1], correction: 0), 1, "everything")
    for value: Float in [0.1, 1e30, -3e38] {
      let equal = (Tensor.zeros([rows, 3]) + value).requiringGrad()
      let deviation = try equal.standardDeviation(axis: 0)
      XCTAssertEqual(deviation.array, [0, 0, 0])
      try deviation.sum().backward()
      XCTAssertTrue(equal.grad?.array.allSatisfy { $0 == 0 } ?? false, "equal elements")
    }
    let far = (pair - 100) * 1e30
    check(try far.standardDeviation(axis: 1, correction: 0), Double(Float(1e30)), "far from 0")
    let (ones, tenths) = (Tensor.ones([2, rows]), Tensor.ones([rows]) * 0.1)
    check(
      try Tensor.pairwiseDistance(ones, tenths, epsilon: 0),
      Double(rows).squareRoot() * (1 - value), "the distance")
    check(try Tensor.cosineSimilarity(ones, tenths), 1, "the cosine")
    check(try Tensor.cosineSimilarity(ones * 1e30, tenths), 1, "the cosine of large numbers")
  }

  func testVarianceBeyondTheFloatsIsNotANumber() throws {
    let x = try Tensor([1e30, 0, 1e30, 0], shape: [2, 2])
    let (one, zero) = (Tensor.ones([2]), Tensor.zeros([2]))
    XCTAssertTrue(try x.layerNorm(weight: one, bias: zero).array.allSatisfy(\.isNaN))
    let flipped = try Tensor([1e30, 1, -1e30, 2], shape: [2, 2])
    let batch = try flipped.batchNorm(weight: one, bias: zero).result.array
    XCTAssertEqual(batch.map(\.isNaN), [true, false, true, false])
  }
}
