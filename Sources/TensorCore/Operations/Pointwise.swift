// What the operations on single elements share: the loops and, for two operands, the broadcasting.
// An operation gives its formula and its derivative; the closures are inlined into the loops.

extension Tensor {
  /// `f(x)` for each element.
  ///
  /// - Parameter derivative: `f′(x)`.
  @inline(__always)
  func pointwise(
    _ name: String, _ f: @escaping (Float) -> Float,
    derivative: @escaping (Float) -> Float
  ) -> Tensor {
    let x = storage
    let result = Storage(count: count, for: name)
    inParts(count, cost: 8) { range in
      for i in range { result.pointer[i] = f(x.pointer[i]) }
    }
    return Self.make(name, result, shape, from: [self]) { g in
      let gradient = Storage(count: g.count, for: name)
      inParts(g.count, cost: 8) { range in
        for i in range { gradient.pointer[i] = derivative(x.pointer[i]) * g.pointer[i] }
      }
      return [.whole(gradient)]
    }
  }

  /// `f(a, b)` for each pair of elements, with broadcasting.
  ///
  /// - Parameters:
  ///   - forA: `∂f/∂a`.
  ///   - forB: `∂f/∂b`.
  /// - Throws: when the shapes do not fit.
  @inline(__always)
  static func pointwise(
    _ name: String, _ a: Tensor, _ b: Tensor, _ f: @escaping (Float, Float) -> Float,
    forA: @escaping (Float, Float) -> Float, forB: @escaping (Float, Float) -> Float
  ) throws(TensorError) -> Tensor {
    let (shapeA, shapeB) = (a.shape, b.shape)
    let shape = try broadcastShape(name, a, b)
    let x = expand(a.storage, shapeA, to: shape, for: name)
    let y = expand(b.storage, shapeB, to: shape, for: name)
    let result = Storage(count: shape.count, for: name)
    inParts(shape.count, cost: 8) { range in
      for i in range { result.pointer[i] = f(x.pointer[i], y.pointer[i]) }
    }
    let (wantsA, wantsB) = (a.requiresGrad, b.requiresGrad)
    return make(name, result, shape, from: [a, b]) { g in
      func gradient(_ slope: @escaping (Float, Float) -> Float, _ target: Shape) -> Gradient {
        let whole = Storage(count: g.count, for: name)
        inParts(g.count, cost: 8) { range in
          for i in range { whole.pointer[i] = slope(x.pointer[i], y.pointer[i]) * g.pointer[i] }
        }
        return .whole(sum(whole, shape, to: target, for: name))
      }
      return [wantsA ? gradient(forA, shapeA) : .none, wantsB ? gradient(forB, shapeB) : .none]
    }
  }

  /// `f(a, b)` for each pair of elements, with broadcasting, without a gradient.
  ///
  /// - Throws: when the shapes do not fit.
  @inline(__always)
  static func pointwise(
    _ name: String, _ a: Tensor, _ b: Tensor, withoutGradient f: @escaping (Float, Float) -> Float
  ) throws(TensorError) -> Tensor {
    try pointwise(name, a.detached(), b.detached(), f, forA: { _, _ in 0 }, forB: { _, _ in 0 })
  }
}
