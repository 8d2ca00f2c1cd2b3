import CKernels

extension Tensor {
  /// `log Σ_j e^{x_j}` along an axis, computed without overflow. Gradient: `g · softmax(x)`.
  ///
  /// Source: PyTorch's `logsumexp`. Of nothing, and of −∞ alone, it is −∞.
  ///
  /// - Throws: when the axis does not exist.
  public func logSumExp(axis: Int = -1, keepDims: Bool = false) throws(TensorError) -> Tensor {
    let index = try shape.axis(axis, "logSumExp")
    let target =
      keepDims ? shape.replacing(axis: index, with: 1) : shape.removing(axis: index)
    try target.checkRoom("logSumExp", operandDescription)
    let parts = shape.split(at: index)
    if parts.inner > 1 { try checkRoom(inBetween: 5 * parts.size, "logSumExp", operandDescription) }
    let x = storage
    let result = Storage(count: parts.outer * parts.inner)
    rk_softmax(
      RK_LOG_SUM_EXP, result.pointer, x.pointer, parts.outer, parts.size, parts.inner, nil)
    return Self.make("logSumExp", result, target, from: [self]) { g in
      let gradient = Storage(count: x.count)
      rk_softmax_gradient(
        RK_LOG_SUM_EXP, gradient.pointer, x.pointer, g.pointer, parts.outer, parts.size,
        parts.inner)
      return [.whole(gradient)]
    }
  }
}
