import RecurrentLayers
import TensorCore
import TestSupport
import XCTest

/// Broadcasting and reductions where sizes are 0 and 1, which the grid has little of. Expected
/// shapes and numbers by NumPy's rule, worked out by hand.
final class BroadcastTests: XCTestCase {
  func testAnAxisOfOneTakesTheOthersSizeEvenZero() throws {
    let cases: [(Shape, Shape, Shape)] = [
      ([0], [1], [0]), ([1], [0], [0]), ([0], [], [0]), ([], [0], [0]), ([0, 3], [3], [0, 3]),
      ([2, 0], [2, 1], [2, 0]), ([2, 1], [1, 0], [2, 0]), ([0], [0], [0]),
      ([1, 1, 1], [1], [1, 1, 1]),
      ([1], [1, 1], [1, 1]), ([2, 1, 3], [4, 1], [2, 4, 3]), ([1, 4, 1], [2, 1, 3], [2, 4, 3]),
    ]
    for (a, b, expected) in cases {
      for operation in [(+), (-), (*), (/)] as [(Tensor, Tensor) throws -> Tensor] {
        let (x, y) = (Tensor.ones(a).requiringGrad(), Tensor.ones(b).requiringGrad())
        let result = try operation(x, y)
        XCTAssertEqual(result.shape, expected, "\(a) and \(b)")
        try result.sum().backward()
        // each element of an operand is used as often as the result is larger
        XCTAssertEqual(x.grad?.shape, a, "\(a) and \(b)")
        XCTAssertEqual(y.grad?.shape, b, "\(a) and \(b)")
        let share = Float(expected.count) / Float(max(a.count, 1))
        XCTAssertEqual(x.grad?.array, Array(repeating: share, count: a.count), "\(a) and \(b)")
      }
    }
  }

  func testValuesAreRepeatedAlongTheRightAxes() throws {
    let column = try Tensor([10, 20], shape: [2, 1])
    XCTAssertEqual(try (column + Tensor([1, 2, 3])).array, [11, 12, 13, 21, 22, 23])
    XCTAssertEqual(try (Tensor([1, 2, 3]) - column).array, [-9, -8, -7, -19, -18, -17])
    let middle = try Tensor([1, 2, 3, 4], shape: [2, 1, 2])
    XCTAssertEqual(
      try (middle * Tensor([1, 10], shape: [2, 1])).array, [1, 2, 10, 20, 3, 4, 30, 40])
  }

  func testSumsOverNothing() throws {
    let empty = Tensor.zeros([0, 3]).requiringGrad()
    XCTAssertEqual(empty.sum().array, [0])
    XCTAssertEqual(try empty.sum(axis: 0).array, [0, 0, 0])
    XCTAssertEqual(try empty.sum(axis: 1).shape, [0])
    XCTAssertTrue(try empty.mean().item.isNaN)
    XCTAssertEqual(try Tensor.zeros([2, 0]).sum(axis: 1, keepDims: true).array, [0, 0])
    try empty.sum().backward()
    XCTAssertEqual(empty.grad?.shape, [0, 3])
  }

  func testOperationsOnNothing() throws {
    XCTAssertEqual(try Tensor.ones([2, 0]).matmul(Tensor.ones([0, 3])).array, [0, 0, 0, 0, 0, 0])
    XCTAssertEqual(try Tensor.ones([0, 2]).matmul(Tensor.ones([2, 3])).shape, [0, 3])
    XCTAssertEqual(
      try Tensor.ones([2, 3, 0]).matmul(Tensor.ones([2, 0, 1])).array, [0, 0, 0, 0, 0, 0])
    XCTAssertEqual(
      try Tensor.ones([2, 0]).linear(Tensor.ones([0, 2]), Tensor([3, 4])).array, [3, 4, 3, 4])
    XCTAssertEqual(try Tensor.ones([0, 2, 5]).conv1d(Tensor.ones([3, 2, 2])).shape, [0, 3, 4])
    XCTAssertEqual(exp(Tensor.ones([0])).count, 0)
    XCTAssertEqual(try Tensor.ones([0, 3]).permuted([1, 0]).shape, [3, 0])
    XCTAssertEqual(try Tensor.ones([2, 0]).softmax().shape, [2, 0])
    XCTAssertEqual(try Tensor.ones([3, 2]).slice(axis: 0, 1..<1).shape, [0, 2])
    XCTAssertEqual(
      try Tensor.concatenate([Tensor.ones([0, 2]), Tensor.ones([1, 2])]).array, [1, 1])
  }

  func testConvolutionAndLSTMWithoutInputChannels() throws {
    // nothing to multiply: what remains is the bias
    let image = try Tensor.ones([2, 0, 4]).conv1d(Tensor.ones([2, 0, 3]), bias: Tensor([1, 2]))
    XCTAssertEqual(image.array, [1, 1, 2, 2, 1, 1, 2, 2])
    let result = try Tensor.ones([1, 2, 0]).lstm(
      W_x: Tensor.ones([0, 4]), W_h: Tensor.zeros([1, 4]), b: Tensor.zeros([4]))
    XCTAssertEqual(result.outputs.array, [0, 0])
    let none = try Tensor.ones([1, 2, 3]).lstm(
      W_x: Tensor.ones([3, 0]), W_h: Tensor.ones([0, 0]), b: Tensor.ones([0]))
    XCTAssertEqual(none.outputs.shape, [1, 2, 0])
  }

  func testManyAxes() throws {
    var sizes = Array(repeating: 1, count: 24)
    (sizes[3], sizes[20]) = (2, 3)
    let x = try Tensor([1, 2, 3, 4, 5, 6], shape: Shape(sizes))
    XCTAssertEqual(try x.transposed(3, 20).array, [1, 4, 2, 5, 3, 6])
    var column = Array(repeating: 1, count: 24)
    column[3] = 2
    XCTAssertEqual(
      try (x + Tensor([10, 20], shape: Shape(column))).array, [11, 12, 13, 24, 25, 26])
  }
}
