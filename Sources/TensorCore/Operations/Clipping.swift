import CKernels

extension Tensor {
  /// `min(max(x, minimum), maximum)`. Gradient: `g` where x is between the bounds, else 0.
  ///
  /// Source: PyTorch's `clamp`.
  ///
  /// - Parameters:
  ///   - minimum: the lower bound; none when left out.
  ///   - maximum: the upper bound; none when left out.
  /// - Throws: when the lower bound is above the upper one.
  public func clip(
    minimum: Float = -.infinity, maximum: Float = .infinity
  ) throws(TensorError) -> Tensor {
    guard minimum <= maximum else {
      throw TensorError("clip", "the lower bound \(minimum) is above the upper bound \(maximum)")
    }
    try shape.checkRoom("clip", operandDescription)
    return applying("clip", RK_CLIP, minimum, maximum)
  }

  /// The larger of two, element by element; NaN where one is. Gradient: `g` to the larger, half to
  /// each when equal, and `g` to both where one is NaN.
  ///
  /// Source: PyTorch's `maximum`.
  ///
  /// - Throws: when the shapes do not broadcast.
  public static func maximum(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try pointwise(
      "maximum", a, b, { $0.isNaN || $0 > $1 ? $0 : $1 },
      forA: { $0 < $1 ? 0 : ($0 == $1 ? 0.5 : 1) }, forB: { $1 < $0 ? 0 : ($0 == $1 ? 0.5 : 1) })
  }

  /// The smaller of two, element by element; NaN where one is. Gradient: `g` to the smaller, half to
  /// each when equal, and `g` to both where one is NaN.
  ///
  /// Source: PyTorch's `minimum`.
  ///
  /// - Throws: when the shapes do not broadcast.
  public static func minimum(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try pointwise(
      "minimum", a, b, { $0.isNaN || $0 < $1 ? $0 : $1 },
      forA: { $0 > $1 ? 0 : ($0 == $1 ? 0.5 : 1) }, forB: { $1 > $0 ? 0 : ($0 == $1 ? 0.5 : 1) })
  }
}
