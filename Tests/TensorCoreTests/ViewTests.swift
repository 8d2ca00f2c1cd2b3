import TensorCore
import TestSupport
import XCTest

/// Exchanged axes, slices and heads move no element, and products read them where they lie: values and
/// gradients are those of elements that were put into the usual order first.
final class ViewTests: XCTestCase {
  private var generator = RandomGenerator(seed: 31)

  private func leaf(_ shape: Shape) -> Tensor {
    Tensor.randn(shape, using: &generator).requiringGrad()
  }

  /// Sums of up to some hundred terms, whose roundings are as large as the largest of them.
  private func assertEqual(
    _ got: [Float], _ expected: [Float], _ name: String, line: UInt = #line
  ) {
    let size = expected.reduce(1) { max($0, abs($1)) }
    XCTAssertNil(
      difference(got, expected, name, Tolerance(absolute: 4e-6 * size, relative: 0)),
      line: line)
  }

  /// `A · B` for each of a batch, term by term in double precision.
  private func product(_ a: Tensor, _ b: Tensor) -> [Float] {
    let (n, k, m) = (a.shape[-2], a.shape[-1], b.shape[-1])
    let (x, y) = (a.array, b.array)
    return (0..<(a.count / max(n * k, 1))).flatMap { i in
      (0..<(n * m)).map { element in
        let (row, column) = (i * n * k + element / m * k, i * k * m + element % m)
        return Float(
          (0..<k).reduce(0.0) { $0 + Double(x[row + $1]) * Double(y[column + $1 * m]) })
      }
    }
  }

  func testProductsReadOperandsWhereTheyLie() throws {
    // below, at and above the tiles' columns (16, 32, 64), rows (6, 12) and blocks of steps (256)
    for (n, k, m) in [
      (1, 1, 1), (18, 8, 18), (7, 3, 16), (13, 24, 33), (6, 257, 5), (12, 600, 64), (1, 5, 70),
      (65, 2, 1), (3, 1, 17),
    ] {
      let makers: [(String, Shape, (Tensor) throws -> Tensor, Shape, (Tensor) throws -> Tensor)] = [
        ("as they are", [2, 3, n, k], { $0 }, [2, 3, k, m], { $0 }),
        (
          "both transposed", [2, 3, k, n], { try $0.transposed(-1, -2) }, [2, 3, m, k],
          { try $0.transposed(2, 3) }
        ),
        (
          "heads", [2, n, 3 * k], { try $0.reshaped([2, n, 3, k]).transposed(1, 2) },
          [2, m, 3 * k], { try $0.reshaped([2, m, 3, k]).permuted([0, 2, 3, 1]) }
        ),
        (
          "thirds of one product", [2, n, 9 * k],
          { try $0.split(axis: -1, parts: 3)[1].reshaped([2, n, 3, k]).transposed(1, 2) },
          [2, m, 9 * k],
          { try $0.split(axis: 2, parts: 3)[2].reshaped([2, m, 3, k]).permuted([0, 2, 3, 1]) }
        ),
        (
          "parts of a batch", [5, 3, n, k], { try $0.slice(axis: 0, 1..<3) }, [3, 4, k, m],
          { try $0.slice(axis: 1, 1..<3).transposed(0, 1) }
        ),
      ]
      for (name, shapeA, formA, shapeB, formB) in makers {
        let name = "\(name), \(n) × \(k) × \(m)"
        let (a, b) = (leaf(shapeA), leaf(shapeB))
        let y = try formA(a).matmul(formB(b))
        XCTAssertEqual(y.shape, [2, 3, n, m], name)
        assertEqual(y.array, product(try formA(a), try formB(b)), name)
        let g = Tensor.randn(y.shape, using: &generator)
        try y.backward(gradient: g)
        // dA = g Bᵀ and dB = Aᵀ g, brought to the leaves by way of moved elements
        let (u, v) = (a.detached().requiringGrad(), b.detached().requiringGrad())
        let (movedA, movedB) = (try formA(u).moved, try formB(v).moved)
        let expectedA = product(g, try movedB.detached().transposed(-1, -2))
        let expectedB = product(try movedA.detached().transposed(-1, -2), g)
        try movedA.backward(gradient: Tensor(expectedA, shape: movedA.shape))
        try movedB.backward(gradient: Tensor(expectedB, shape: movedB.shape))
        assertEqual(try XCTUnwrap(a.grad).array, try XCTUnwrap(u.grad).array, name + ": dA")
        assertEqual(try XCTUnwrap(b.grad).array, try XCTUnwrap(v.grad).array, name + ": dB")
      }
    }
  }

  /// A number that all products are multiplied with or divided by is theirs, as when they are computed first;
  /// in the products' gradients it comes last, which rounds differently.
  func testScaledProducts() throws {
    for (name, scale) in [
      ("times", { $0 * 0.3 }), ("divided", { $0 / 1.7 }), ("twice", { $0 * 0.3 / 7 }),
      ("none", { $0 * 1 }), ("shifted", { $0 * 0.3 + 1 }),
    ] as [(String, (Tensor) -> Tensor)] {
      let (a, b) = (leaf([2, 3, 20, 8]), leaf([1, 3, 33, 8]))
      let (u, v) = (a.detached().requiringGrad(), b.detached().requiringGrad())
      let S = try a.matmul(b.transposed(2, 3))
      let y = scale(S)
      let expected = scale(try u.matmul(v.transposed(2, 3)).moved)
      XCTAssertEqual(y.array, expected.array, name)
      XCTAssertEqual(S.array, try u.matmul(v.transposed(2, 3)).array, "\(name): read later")
      let g = Tensor.randn(y.shape, using: &generator)
      // what was scaled, and what was not
      try (y * g + S).sum().backward()
      try (expected * g + u.matmul(v.transposed(2, 3))).sum().backward()
      assertEqual(try XCTUnwrap(a.grad).array, try XCTUnwrap(u.grad).array, "\(name): A")
      assertEqual(try XCTUnwrap(b.grad).array, try XCTUnwrap(v.grad).array, "\(name): B")
    }
    let (a, b) = (leaf([2, 5, 4]), leaf([2, 4, 3]))
    let constant = try noGrad { try a.matmul(b) }
    XCTAssertFalse((constant * 2).requiresGrad, "noted inside noGrad")
    let later = try a.matmul(b)
    let kept = a.detached()
    a.withMutableElements { $0[0] = 100 }
    XCTAssertEqual((later * 2).array, try kept.matmul(b).moved.array.map { 2 * $0 })
  }

  func testOneMatrixServesManyOthers() throws {
    for (shapeA, shapeB) in [
      ([1, 5, 4], [6, 4, 3]), ([6, 5, 4], [1, 4, 3]), ([5, 4], [6, 4, 3]),
      ([2, 1, 5, 4], [1, 3, 4, 3]), ([2, 3, 5, 4], [3, 4, 3]), ([1, 5, 4], [0, 4, 3]),
    ] as [(Shape, Shape)] {
      let (a, b) = (leaf(shapeA), leaf(shapeB))
      let y = try a.matmul(b)
      let g = Tensor.randn(y.shape, using: &generator)
      try y.backward(gradient: g)
      let (u, v) = (a.detached().requiringGrad(), b.detached().requiringGrad())
      let batch = Array(y.shape.dimensions.dropLast(2))
      let (wholeA, wholeB) = (
        try u.expanded(to: Shape(batch + [5, 4])), try v.expanded(to: Shape(batch + [4, 3]))
      )
      let expected = try wholeA.matmul(wholeB)
      try expected.backward(gradient: g)
      let name = "\(shapeA) × \(shapeB)"
      XCTAssertEqual(y.shape, expected.shape, name)
      assertEqual(y.array, product(wholeA, wholeB), name)
      assertEqual(try XCTUnwrap(a.grad).array, try XCTUnwrap(u.grad).array, name + ": dA")
      assertEqual(try XCTUnwrap(b.grad).array, try XCTUnwrap(v.grad).array, name + ": dB")
    }
  }

  func testNothingIsCopiedForAProduct() throws {
    let X = Tensor.randn([2, 5, 24], using: &generator)
    let buffers = TensorMemory.liveBuffers
    let parts = try X.split(axis: -1, parts: 3).map {
      try $0.reshaped([2, 5, 2, 4]).transposed(1, 2)
    }
    let first = try X.select(axis: 0, index: 1)
    XCTAssertEqual(TensorMemory.liveBuffers, buffers)
    let S = try parts[0].matmul(parts[1].transposed(-1, -2)).moved
    XCTAssertEqual(TensorMemory.liveBuffers, buffers + 1, "the result alone")
    XCTAssertEqual(S.shape, [2, 2, 5, 5])
    XCTAssertEqual(first.array, Array(X.array[120...]))
    XCTAssertEqual(TensorMemory.liveBuffers, buffers + 1, "a run of elements is read where it is")
  }

  /// Shapes whose axes join or split where they lie, and others.
  func testViewsInOtherShapes() throws {
    let x = Tensor.arange(2 * 3 * 4 * 6)
    let X = try x.reshaped([2, 3, 4, 6])
    for (order, target) in [
      ([0, 1, 3, 2], [6, 6, 4]), ([0, 1, 3, 2], [2, 3, 2, 3, 2, 2]), ([1, 0, 2, 3], [3, 2, 24]),
      ([0, 2, 1, 3], [2, 4, 18]), ([3, 2, 1, 0], [144]), ([2, 3, 0, 1], [24, 6]),
      ([2, 3, 0, 1], [1, 24, 1, 3, 2]), ([2, 3, 0, 1], [12, 2, 6]),
    ] as [([Int], Shape)] {
      let view = try X.permuted(order)
      let moved = try X.permuted(order).moved.reshaped(target)
      XCTAssertEqual(try view.reshaped(target).shape, target)
      XCTAssertEqual(try view.reshaped(target).array, moved.array, "\(order) as \(target)")
      let cut = try view.slice(axis: 1, 1..<view.shape[1])
      XCTAssertEqual(
        try cut.reshaped([-1, 2]).array, try cut.moved.reshaped([-1, 2]).array, "\(order), cut")
    }
  }

  /// Element by element, from the definition: below, at and above the squares (16) and the parts
  /// (8192 elements) that copies are made in.
  func testViewsAreCopiedInTheirOrder() throws {
    for (shape, order) in [
      ([3, 4], [1, 0]), ([16, 16], [1, 0]), ([17, 33], [1, 0]), ([700, 40], [1, 0]),
      ([2, 9000], [1, 0]), ([9000, 2], [1, 0]), ([5, 37, 4, 8], [0, 2, 1, 3]),
      ([5, 37, 3, 17], [0, 2, 3, 1]), ([40, 17, 65], [2, 1, 0]), ([40, 17, 65], [1, 2, 0]),
      ([18, 3, 20, 16], [3, 0, 2, 1]), ([1, 19, 1, 21], [3, 2, 1, 0]),
      ([2, 3, 5, 4, 3], [4, 2, 0, 3, 1]),
    ] as [([Int], [Int])] {
      let X = try Tensor.arange(shape.reduce(1, *)).reshaped(Shape(shape))
      let whole = try X.permuted(order)
      // what is cut leaves room between the elements
      for (view, start) in [
        (whole, 0), (try whole.slice(axis: -1, 1..<whole.shape[-1]), 1),
      ] where view.count > 0 {
        let strides = order.map { shape[($0 + 1)...].reduce(1, *) }
        let sizes = view.shape.dimensions
        let expected = (0..<view.count).map { element in
          var (rest, place) = (element, start * strides[strides.count - 1])
          for axis in sizes.indices.reversed() {
            place += rest % sizes[axis] * strides[axis]
            rest /= sizes[axis]
          }
          return Float(place)
        }
        XCTAssertTrue(view.array == expected, "\(shape), \(order), from \(start)")
      }
    }
  }

  /// The gradient of a view counts what comes from products, which read it as it lies, and from what
  /// reads it in the usual order; both at the view and at its source.
  func testTheGradientOfAViewThatIsReadInTwoWays() throws {
    let W = leaf([1, 3, 2])
    let T = try W.permuted([0, 2, 1]).reshaped([1, 2, 3])
    let B = try Tensor([1, 2, 3], shape: [1, 3, 1])
    let weights = try Tensor([10, 20, 30, 40, 50, 60], shape: [1, 2, 3])
    let loss = try T.matmul(B).sum() + (T * weights).sum()
    let kept = try loss.backward(through: [T])
    XCTAssertEqual(kept[0]?.shape, [1, 2, 3])
    XCTAssertEqual(kept[0]?.array, [11, 22, 33, 41, 52, 63])
    XCTAssertEqual(W.grad?.array, [11, 41, 22, 52, 33, 63])
  }

  /// Operations on single elements keep the order that these lie in, in values and gradients.
  func testOperationsOnSingleElementsMoveNothing() throws {
    for (name, operation) in [
      ("of the input", { $0.squared() }), ("of the output", { $0.sigmoid() }),
      ("with parameters", { $0.elu(alpha: 0.5) }), ("with a number", { $0 * 3 + 1 }),
    ] as [(String, (Tensor) -> Tensor)] {
      let turns: [(Shape, (Tensor) throws -> Tensor)] = [
        ([2, 5, 3, 4], { try $0.transposed(1, 2) }), ([6, 7], { try $0.transposed(0, 1) }),
        ([3, 4, 5], { try $0.slice(axis: 0, 1..<3).permuted([2, 0, 1]) }),
        // room between the elements: these move
        ([3, 4, 5], { try $0.slice(axis: 2, 1..<4).transposed(0, 1) }),
      ]
      for (shape, turn) in turns {
        let x = leaf(shape)
        let other = x.detached().requiringGrad()
        let (y, expected) = (operation(try turn(x)), operation(try turn(other).moved))
        let g = Tensor.randn(y.shape, using: &generator)
        XCTAssertEqual(y.shape, expected.shape, name)
        XCTAssertEqual(y.array, expected.array, "\(name), \(shape)")
        try y.backward(gradient: g)
        try expected.backward(gradient: g)
        XCTAssertEqual(
          try XCTUnwrap(x.grad).array, try XCTUnwrap(other.grad).array, "\(name), \(shape)")
      }
      let X = leaf([2, 5, 3, 4]).detached()
      let turned = try X.transposed(1, 2)
      let buffers = TensorMemory.liveBuffers
      let y = operation(turned)
      let back = try y.transposed(1, 2).reshaped([2, 5, 12])
      XCTAssertEqual(TensorMemory.liveBuffers, buffers + 1, "\(name): the result alone")
      XCTAssertEqual(back.array, operation(X).array, name)
    }
  }

  /// A part of a buffer is no buffer of its own: who changes one changes a copy.
  func testChangesDoNotReachOtherParts() throws {
    let X = Tensor.arange(6)
    let part = try X.slice(axis: 0, 2..<4)
    part.withMutableElements { $0[0] = 100 }
    XCTAssertEqual(part.array, [100, 3])
    XCTAssertEqual(X.array, [0, 1, 2, 3, 4, 5])
    let second = try X.slice(axis: 0, 2..<4)
    X.withMutableElements { $0[2] = -1 }
    XCTAssertEqual(second.array, [2, 3])
    XCTAssertEqual(X.array, [0, 1, -1, 3, 4, 5])
    let turned = try X.reshaped([2, 3]).transposed(0, 1)
    X.withMutableElements { $0[0] = 7 }
    XCTAssertEqual(turned.array, [0, 3, 1, 4, -1, 5])
  }

  /// A gradient that is a part of another is added to in a copy.
  func testGradientsOfPartsAddUp() throws {
    let X = leaf([4, 2])
    let parts = try X.split(axis: 0, parts: 2)
    let y = try Tensor.concatenate([parts[1], parts[0], parts[0]])
    try y.backward(gradient: Tensor((1...12).map(Float.init), shape: [6, 2]))
    // 5 + 9, 6 + 10, 7 + 11, 8 + 12, and the first part's
    XCTAssertEqual(X.grad?.array, [14, 16, 18, 20, 1, 2, 3, 4])
  }
}
