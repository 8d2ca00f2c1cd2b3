import CKernels

extension Tensor {
  /// `softmax(x)_k = e^{x_k} / Σ_j e^{x_j}` along an axis. Gradient: `y · (g − Σ_j g_j y_j)`.
  ///
  /// - Throws: when the axis does not exist.
  public func softmax(axis: Int = -1) throws(TensorError) -> Tensor {
    try softmax("softmax", axis: axis, RK_SOFTMAX)
  }

  /// The logarithm of the softmax, without its overflow. Gradient: `g − softmax(x) · Σ_j g_j`.
  ///
  /// - Throws: when the axis does not exist.
  public func logSoftmax(axis: Int = -1) throws(TensorError) -> Tensor {
    try softmax("logSoftmax", axis: axis, RK_LOG_SOFTMAX)
  }

  /// The softmax over the elements whose mask is not 0: `m_k e^{x_k} / Σ_j m_j e^{x_j}` along an
  /// axis. Gradient: `y · (g − Σ_j g_j y_j)`.
  ///
  /// Attention takes `[N, heads, T, T]` scores with a `[N, 1, 1, T]` mask of the steps that are there
  /// (`lengthMask`), or a `[T, T]` causal one (`Tensor.ones([T, T]).tril()`); nothing is copied to
  /// broadcast it. The elements that are masked out may be anything, NaN too. Where all elements are
  /// masked out the result and the gradient are 0, where PyTorch's softmax of −∞ alone is NaN.
  ///
  /// Source: PyTorch's `torch.masked.softmax`, JAX's `softmax(where:)`. The mask says what takes part;
  /// that of `maskedFill` says what does not.
  ///
  /// - Parameter mask: broadcasts to this tensor's shape; has no gradient.
  /// - Throws: when the axis does not exist or the mask does not broadcast.
  public func softmax(axis: Int = -1, mask: Tensor) throws(TensorError) -> Tensor {
    let index = try shape.axis(axis, "softmax")
    guard case .success(shape) = Shape.broadcast(mask.shape, shape) else {
      throw TensorError(
        "softmax",
        "the mask \(mask.operandDescription) does not broadcast to \(operandDescription)")
    }
    try shape.checkRoom("softmax", operandDescription)
    // rows are gathered in between, with their gradients
    try checkRoom(inBetween: 5 * shape[index], "softmax", operandDescription)
    // the axis of the classes last, as the kernel counts rows
    var sizes = shape.dimensions.map(Int64.init)
    var strides = mask.shape.broadcastStrides(to: shape)
    sizes.append(sizes.remove(at: index))
    strides.append(strides.remove(at: index))
    let parts = shape.split(at: index)
    let result = Storage(count: count)
    sizes.withUnsafeBufferPointer { sizes in
      strides.withUnsafeBufferPointer { strides in
        var layout = rk_softmax_mask(
          mask: mask.storage.pointer, rank: Int32(sizes.count), dimensions: sizes.baseAddress,
          strides: strides.baseAddress)
        rk_softmax(
          RK_SOFTMAX, result.pointer, storage.pointer, parts.outer, parts.size, parts.inner, &layout
        )
      }
    }
    return softmaxResult("softmax", result, RK_SOFTMAX, parts)
  }

  private func softmax(
    _ name: String, axis: Int, _ kind: rk_softmax_kind
  ) throws(TensorError) -> Tensor {
    let parts = shape.split(at: try shape.axis(axis, name))
    try shape.checkRoom(name, operandDescription)
    if parts.inner > 1 { try checkRoom(inBetween: 5 * parts.size, name, operandDescription) }
    if kind == RK_SOFTMAX, hasLongRows(parts), let products = takeProduct() {
      return softmaxResult(name, products.followed(by: .softmax).computed(), kind, parts)
    }
    let result = Storage(count: count, for: name)
    rk_softmax(kind, result.pointer, storage.pointer, parts.outer, parts.size, parts.inner, nil)
    return softmaxResult(name, result, kind, parts)
  }

  /// Whether the classes are the last axis, and so many that rows are handled one after the other: then they
  /// may be while a product's rows are in the cache.
  private func hasLongRows(_ parts: (outer: Int, size: Int, inner: Int)) -> Bool {
    parts.size == shape[-1] && parts.inner == 1 && parts.size >= RK_FEW_CLASSES
  }

  private func softmaxResult(
    _ name: String, _ result: Storage, _ kind: rk_softmax_kind,
    _ parts: (outer: Int, size: Int, inner: Int)
  ) -> Tensor {
    let output = Self.make(name, result, shape, from: [self]) { g in
      let gradient = Storage(count: g.count, for: name)
      rk_softmax_gradient(
        kind, gradient.pointer, result.pointer, g.pointer, parts.outer, parts.size, parts.inner)
      return [.whole(gradient)]
    }
    if kind == RK_SOFTMAX, hasLongRows(parts) {
      output.node?.gradientsOfBatch = { [.products($0.followed(by: .softmaxGradient(of: result)))] }
    }
    return output
  }
}
