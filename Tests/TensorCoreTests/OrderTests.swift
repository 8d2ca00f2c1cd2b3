import TensorCore
import TestSupport
import XCTest

/// Order along an axis, positions, products and circles: what a grid of small cases does not show.
final class OrderTests: XCTestCase {
  /// Against a stable sort written in Swift, at lengths on either side of those at which the kernel sorts
  /// otherwise, with many equal elements.
  func testLongLinesAreSortedAsByAStableSort() throws {
    var generator = RandomGenerator(seed: 4)
    for (rows, size, inner) in [
      (3, 64, 1), (3, 65, 1), (2, 511, 1), (2, 513, 1), (1, 5000, 1), (2, 700, 3),
    ] {
      let x = Tensor.randn([rows, size, inner], using: &generator)
      let values = x.array.map { ($0 * 20).rounded() / 20 }
      let rounded = try Tensor(values, shape: x.shape)
      for descending in [false, true] {
        let expected = (0..<rows * inner).map { line in
          let (row, column) = (line / inner, line % inner)
          return (0..<size).sorted { a, b in
            let (p, q) = (
              values[(row * size + a) * inner + column], values[(row * size + b) * inner + column]
            )
            return p == q ? a < b : (p < q) != descending
          }
        }
        let order = try rounded.argsort(axis: 1, descending: descending)
        let columns = try order.transposed(1, 2).array.map { Int($0) }
        XCTAssertEqual(columns, expected.flatMap(\.self), "\(x.shape)")
        for k in [1, 7, 64] {
          let first = try rounded.topK(k, axis: 1, largest: descending).indices
          XCTAssertEqual(
            try first.transposed(1, 2).array.map { Int($0) }, expected.flatMap { $0.prefix(k) },
            "the first \(k) of \(x.shape)")
        }
      }
    }
  }

  /// A NaN is larger than all and equal to every other, whatever its sign and its other bits are: such as
  /// 0 / 0 gives on x86-64 has a sign. As PyTorch's `sort(stable=True)` has it (2.15: positions 1 6 0 5 3 2 4 7
  /// in ascending order for the first eight).
  func testEveryNaNIsTheLargest() throws {
    let parts: [Float] = [
      2, -.infinity, Float(bitPattern: 0xFFC0_0000), .infinity, Float(bitPattern: 0x7FC0_0001), 3,
      -1, Float(bitPattern: 0xFF80_0001),
    ]
    // at lengths on either side of those at which the kernel sorts otherwise
    for count in [8, 72, 800] {
      let values = (0..<count).map { parts[$0 % 8] }
      let x = Tensor(values)
      let expected = (0..<count).sorted { a, b in
        let (p, q) = (values[a], values[b])
        if p.isNaN || q.isNaN { return p.isNaN == q.isNaN ? a < b : q.isNaN }
        return p == q ? a < b : p < q
      }.map(Float.init)
      XCTAssertEqual(try x.argsort().array, expected, "\(count)")
      XCTAssertEqual(try x.sorted().indices.array, expected, "\(count)")
      XCTAssertEqual(
        try x.topK(3).indices.array, [2, 4, 7], "of \(count), in the order of their positions")
      XCTAssertEqual(try x.topK(3, largest: false).indices.array, Array(expected.prefix(3)))
      XCTAssertEqual(try x.argsort(descending: true).array.prefix(3), [2, 4, 7])
    }
  }

  /// The order of elements that is worst for what is left out early: each is better than all before.
  func testTheFirstOfLinesThatRise() throws {
    let x = Tensor.arange(20_000)
    let (values, indices) = try x.topK(3)
    XCTAssertEqual(values.array, [19_999, 19_998, 19_997])
    XCTAssertEqual(indices.array, values.array)
    XCTAssertEqual(try x.topK(300, largest: false).values.array, (0..<300).map(Float.init))
  }

  func testGradientsAgreeWithDifferenceQuotients() throws {
    var generator = RandomGenerator(seed: 5)
    let x = Tensor.randn([5, 7], using: &generator).requiringGrad().named("x")
    let weight = Tensor.randn([5, 7], using: &generator)
    // so far apart that a difference quotient changes no order
    let apart = try Tensor((0..<35).map { Float($0 * 17 % 35) * 0.3 - 5 }, shape: [5, 7])
      .requiringGrad()
    let zeros = try Tensor([[1, 0, 2, -1], [0, 3, 0, 1], [2, -1, 0.5, 3]]).requiringGrad()
    let places = try Tensor([[0, 2, 2, 2], [1, 0, 0, 3]])
    try GradientCheck.check([apart], samples: 35) {
      try apart.topK(3, axis: 0).values.squared().sum()
    }
    try GradientCheck.check([apart], samples: 35) {
      try (apart.sorted(axis: 1).values * weight).sum()
    }
    try GradientCheck.check([x], samples: 35) { try x.product(axis: 1).sum() }
    try GradientCheck.check([zeros], samples: 12) { try zeros.product(axis: 1).sum() }
    try GradientCheck.check([zeros], samples: 12) { try zeros.product(axis: 0).sum() }
    try GradientCheck.check([x], samples: 35) {
      try x.gather(axis: 1, indices: places).squared().sum()
    }
    try GradientCheck.check([x], samples: 35) {
      try (x.rolled(by: [2, -1], axes: [0, 1]) * weight).sum()
    }
    try GradientCheck.check([x], samples: 35) {
      try (x.rolled(byRow: [0, 1, -1, 9, 3], axis: 1) * weight).sum()
    }
  }

  func testPositionsHaveNoGraph() throws {
    let x = Tensor([2, 1]).requiringGrad()
    for positions in [try x.topK(1).indices, try x.sorted().indices, try x.argsort()] {
      XCTAssertFalse(positions.requiresGrad)
    }
  }

  /// 72,000 gradients of 0.1 to one place: added one by one in single precision they are 6.5e-4 off.
  func testTheGradientOfAPlaceThatIsReadOften() throws {
    for (shape, places, axis) in [([2] as Shape, [72_000] as Shape, 0), ([2, 3], [72_000, 3], 0)] {
      let x = Tensor.zeros(shape).requiringGrad()
      let y = try x.gather(axis: axis, indices: .zeros(places))
      try y.backward(gradient: Tensor.full(places, 0.1))
      let grad = try XCTUnwrap(x.grad).array
      XCTAssertEqual(
        Array(grad.prefix(shape.count / 2)), [Float](repeating: 7200, count: shape.count / 2))
    }
  }

  /// What single precision has not on the way (1e60) and double has.
  func testProductsKeepWhatSinglePrecisionLoses() throws {
    let x = Tensor([1e30, 1e30, 1e-30, 2]).requiringGrad()
    let y = try x.product()
    XCTAssertEqual(try y.item, 2e30, accuracy: 1e24)
    try y.backward()
    XCTAssertEqual(try XCTUnwrap(x.grad).array[0], 2, accuracy: 1e-6)
    // beyond double precision the product of the others still is one
    let many = try Tensor([Float](repeating: 1e30, count: 11) + [0], shape: [12]).requiringGrad()
    try many.product(axis: 0).backward()
    XCTAssertEqual(many.grad?.array, [Float](repeating: 0, count: 11) + [.infinity])
  }

  /// Where the length of a difference is 0 the root has no slope; PyTorch's gradient there is 0 as well.
  func testEqualVectorsHaveADistanceWithoutSlope() throws {
    let (a, b) = (Tensor([1, 2, -3]).requiringGrad(), Tensor([1, 2, -3]).requiringGrad())
    let distance = try Tensor.pairwiseDistance(a, b, epsilon: 0)
    XCTAssertEqual(distance.array, [0])
    try distance.backward()
    XCTAssertEqual(a.grad?.array.map { $0 + 0 }, [0, 0, 0])
    XCTAssertEqual(b.grad?.array.map { $0 + 0 }, [0, 0, 0])
  }
  /// Beyond 2²⁴ a float is not every number: the last position of an axis of 2²⁴ + 1 exists, the next float
  /// after it does not.
  func testPositionsBeyondWhatFloatsCount() throws {
    let size = (1 << 24) + 1
    let x = Tensor.zeros([size])
    XCTAssertEqual(try x.gather(axis: 0, indices: Tensor([16_777_216])).array, [0])
    XCTAssertThrowsError(try x.gather(axis: 0, indices: Tensor([16_777_218])))
  }
}
