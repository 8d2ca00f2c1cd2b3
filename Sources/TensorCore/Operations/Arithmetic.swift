import CKernels

// Elementwise arithmetic of two tensors. Shapes broadcast as in NumPy: aligned at the last axis,
// an axis of size 1 is repeated.

extension Tensor {
  /// `a + b`, elementwise with broadcasting. Gradients: `g` and `g`, summed over repeated axes.
  public static func + (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    if let (sum, shape) = ProductSum.joining(a, b) { return make("+", sum, shape) }
    let (storage, shape) = try binary("+", RK_ADD, a, b)
    let (shapeA, shapeB) = (a.shape, b.shape)
    return make("+", storage, shape, from: [a, b]) { g in
      [.whole(sum(g, shape, to: shapeA, for: "+")), .whole(sum(g, shape, to: shapeB, for: "+"))]
    }
  }

  /// `a − b`, elementwise with broadcasting. Gradients: `g` and `−g`.
  public static func - (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    let (storage, shape) = try binary("-", RK_SUBTRACT, a, b)
    let (shapeA, shapeB) = (a.shape, b.shape)
    return make("-", storage, shape, from: [a, b]) { g in
      let forB = sum(g, shape, to: shapeB, for: "-")
      let negative = Storage(count: forB.count, for: "-")
      rk_unary(RK_NEGATE, negative.pointer, forB.pointer, forB.count)
      return [.whole(sum(g, shape, to: shapeA, for: "-")), .whole(negative)]
    }
  }

  /// `a · b`, elementwise with broadcasting. Gradients: `g · b` and `g · a`.
  public static func * (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    let (storage, shape) = try binary("*", RK_MULTIPLY, a, b)
    let (shapeA, shapeB) = (a.shape, b.shape)
    let (valuesA, valuesB) = (a.storage, b.storage)
    let (wantsA, wantsB) = (a.requiresGrad, b.requiresGrad)
    return make("*", storage, shape, from: [a, b]) { g in
      [
        wantsA
          ? .whole(
            sum(
              apply("*", RK_MULTIPLY, g, shape, valuesB, shapeB, shape), shape, to: shapeA, for: "*"
            ))
          : .none,
        wantsB
          ? .whole(
            sum(
              apply("*", RK_MULTIPLY, g, shape, valuesA, shapeA, shape), shape, to: shapeB, for: "*"
            ))
          : .none,
      ]
    }
  }

  /// `a / b`, elementwise with broadcasting. Gradients: `g / b` and `−g · a / b²`.
  public static func / (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    let (storage, shape) = try binary("/", RK_DIVIDE, a, b)
    let (shapeA, shapeB) = (a.shape, b.shape)
    let (valuesA, valuesB) = (a.storage, b.storage)
    let (wantsA, wantsB) = (a.requiresGrad, b.requiresGrad)
    return make("/", storage, shape, from: [a, b]) { g in
      var forB = Gradient.none
      if wantsB {
        let wholeA = expand(valuesA, shapeA, to: shape, for: "/")
        let wholeB = expand(valuesB, shapeB, to: shape, for: "/")
        let raw = Storage(count: shape.count, for: "/")
        rk_divide_gradient(raw.pointer, g.pointer, wholeA.pointer, wholeB.pointer, shape.count)
        forB = .whole(sum(raw, shape, to: shapeB, for: "/"))
      }
      return [
        wantsA
          ? .whole(
            sum(
              apply("/", RK_DIVIDE, g, shape, valuesB, shapeB, shape), shape, to: shapeA, for: "/"))
          : .none,
        forB,
      ]
    }
  }

  // MARK: - With numbers

  /// `a + b` for each element.
  public static func + (a: Tensor, b: Float) -> Tensor { a.scaled(by: 1, shiftedBy: b, "+") }
  /// `a + b` for each element.
  public static func + (a: Float, b: Tensor) -> Tensor { b.scaled(by: 1, shiftedBy: a, "+") }
  /// `a − b` for each element.
  public static func - (a: Tensor, b: Float) -> Tensor { a.scaled(by: 1, shiftedBy: -b, "-") }
  /// `a − b` for each element.
  public static func - (a: Float, b: Tensor) -> Tensor { b.scaled(by: -1, shiftedBy: a, "-") }
  /// `a · b` for each element.
  public static func * (a: Tensor, b: Float) -> Tensor { a.scaled(by: b, shiftedBy: -0.0, "*") }
  /// `a · b` for each element.
  public static func * (a: Float, b: Tensor) -> Tensor { b.scaled(by: a, shiftedBy: -0.0, "*") }
  /// `a / b` for each element: a division, as `1 / b` is 0 or infinite before `a / b` is.
  public static func / (a: Tensor, b: Float) -> Tensor {
    if let result = a.scalingProducts("/", .init(factor: b, divides: true)) { return result }
    return a.applying("/", RK_DIVIDE_BY, b)
  }
  /// `a / b` for each element.
  public static func / (a: Float, b: Tensor) throws(TensorError) -> Tensor { try Tensor(a) / b }

  /// `x · scale + shift`. Gradient: `g · scale`. To shift by nothing is to shift by −0: −0 + 0 is 0.
  private func scaled(by scale: Float, shiftedBy shift: Float, _ operation: String) -> Tensor {
    if shift == 0, shift.sign == .minus,
      let result = scalingProducts(operation, .init(factor: scale))
    {
      return result
    }
    let (x, layout) = compact
    let result = Storage(count: count, for: operation)
    rk_scale_shift(result.pointer, x.pointer, scale, shift, count)
    return Self.make(operation, result, layout, shape, from: [self]) { g in
      if scale == 1 { return [.whole(g)] }
      let gradient = Storage(count: g.count, for: operation)
      rk_scale_shift(gradient.pointer, g.pointer, scale, -0.0, g.count)
      return [.whole(gradient)]
    }
  }

  // MARK: - Broadcasting

  /// The shape that two operands broadcast to.
  ///
  /// - Throws: when an axis has sizes that are neither equal nor 1.
  static func broadcastShape(
    _ symbol: String, _ a: Tensor, _ b: Tensor
  ) throws(TensorError) -> Shape {
    switch Shape.broadcast(a.shape, b.shape) {
    case .success(let shape):
      try shape.checkRoom(symbol, "\(a.operandDescription) \(symbol) \(b.operandDescription)")
      return shape
    case .failure(let clash):
      throw TensorError(
        symbol,
        "\(a.operandDescription) \(symbol) \(b.operandDescription): axis \(clash.axis) has the "
          + "sizes \(clash.first) and \(clash.second), which are neither equal nor 1",
        remedy: symbol == "*" && a.rank == 2 && b.rank == 2 && a.shape[1] == b.shape[0]
          ? "The matrix product is written matmul" : nil)
    }
  }

  private static func binary(
    _ symbol: String, _ operation: rk_binary_operation, _ a: Tensor, _ b: Tensor
  ) throws(TensorError) -> (Storage, Shape) {
    let shape = try broadcastShape(symbol, a, b)
    return (apply(symbol, operation, a.storage, a.shape, b.storage, b.shape, shape), shape)
  }

  private static func apply(
    _ symbol: String, _ operation: rk_binary_operation, _ a: Storage, _ shapeA: Shape, _ b: Storage,
    _ shapeB: Shape,
    _ shape: Shape
  ) -> Storage {
    let result = Storage(count: shape.count, for: symbol)
    if shapeA == shapeB || shape.rank == 0 {
      let one: Int64 = 1
      let count = Int64(shape.count)
      withUnsafePointer(to: one) { stride in
        withUnsafePointer(to: count) { size in
          rk_binary(operation, result.pointer, a.pointer, b.pointer, 1, size, stride, stride)
        }
      }
    } else {
      rk_binary(
        operation, result.pointer, a.pointer, b.pointer, Int32(shape.rank),
        shape.dimensions.map(Int64.init), shapeA.broadcastStrides(to: shape),
        shapeB.broadcastStrides(to: shape))
    }
    return result
  }

  /// The elements repeated to a larger shape, for an operation of this name.
  static func expand(
    _ x: Storage, _ shape: Shape, to target: Shape, for name: String
  ) -> Storage {
    if shape == target { return x }
    let result = Storage(count: target.count, for: name)
    if target.rank == 0 {
      result.pointer[0] = x.pointer[0]
    } else {
      rk_copy_strided(
        result.pointer, x.pointer, Int32(target.rank), target.dimensions.map(Int64.init),
        shape.broadcastStrides(to: target))
    }
    return result
  }

  /// The reverse of broadcasting: the sum, or the average, over the axes along which `target` was
  /// repeated, for an operation of this name. Neighbouring axes are summed in one pass.
  static func sum(
    _ x: Storage, _ shape: Shape, to target: Shape, averages: Bool = false, for name: String
  ) -> Storage {
    if shape == target { return x }
    let missing = shape.rank - target.rank
    var (storage, outer, axis) = (x, 1, 0)
    while axis < shape.rank {
      let isRepeated = { (axis: Int) in
        axis < missing || (target.dimensions[axis - missing] == 1 && shape.dimensions[axis] != 1)
      }
      guard isRepeated(axis) else {
        outer *= shape.dimensions[axis]
        axis += 1
        continue
      }
      var size = 1
      while axis < shape.rank, isRepeated(axis) || shape.dimensions[axis] == 1 {
        size *= shape.dimensions[axis]
        axis += 1
      }
      let inner = shape.dimensions[axis...].reduce(1, *)
      let reduced = Storage(count: outer * inner, for: name)
      (averages ? rk_mean_axis : rk_sum_axis)(
        reduced.pointer, storage.pointer, outer, size, inner)
      storage = reduced
    }
    return storage
  }
}
