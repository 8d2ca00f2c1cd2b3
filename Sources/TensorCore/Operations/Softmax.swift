import CKernels

extension Tensor {
  /// `softmax(x)_k = e^{x_k} / Σ_j e^{x_j}` along an axis. Gradient: `y · (g − Σ_j g_j y_j)`.
  ///
  /// - Throws: when the axis does not exist.
  public func softmax(axis: Int = -1) throws(TensorError) -> Tensor {
    try softmax("softmax", axis: axis, logarithm: false)
  }

  /// The logarithm of the softmax, without its overflow. Gradient: `g − softmax(x) · Σ_j g_j`.
  ///
  /// - Throws: when the axis does not exist.
  public func logSoftmax(axis: Int = -1) throws(TensorError) -> Tensor {
    try softmax("logSoftmax", axis: axis, logarithm: true)
  }

  private func softmax(
    _ name: String, axis: Int, logarithm: Bool
  ) throws(TensorError) -> Tensor {
    let parts = shape.split(at: try shape.axis(axis, name))
    let result = Storage(count: count)
    rk_softmax(result.pointer, storage.pointer, parts.outer, parts.size, parts.inner, logarithm)
    return Self.make(name, result, shape, from: [self]) { g in
      let gradient = Storage(count: g.count)
      rk_softmax_gradient(
        gradient.pointer, result.pointer, g.pointer, parts.outer, parts.size, parts.inner,
        logarithm)
      return [.whole(gradient)]
    }
  }
}
