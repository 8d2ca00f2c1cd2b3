import CKernels

extension Tensor {
  /// The product of the elements along an axis; 1 of none. Gradient: `g` times the product of the others,
  /// also where some of them are zero.
  ///
  /// It is multiplied in double precision and rounded once, so that a product that single precision has is
  /// found although single precision does not have those on the way, as long as double precision does:
  /// 1e30 · 1e30 · 1e-30 is 1e30, where PyTorch has infinity. For the same reason the gradient of an infinite element is the product of the
  /// others and not NaN.
  ///
  /// Source: PyTorch's `prod(dim)`.
  ///
  /// - Parameter keepDims: keeps the axis with size 1.
  /// - Throws: when the axis does not exist.
  public func product(axis: Int, keepDims: Bool = false) throws(TensorError) -> Tensor {
    let place = try shape.axis(axis, "product")
    let kept = shape.replacing(axis: place, with: 1)
    // the products of nothing may be many
    try kept.checkRoom("product", operandDescription)
    let (outer, size, inner) = shape.split(at: place)
    let x = storage
    let result = Storage(count: kept.count)
    rk_product_axis(result.pointer, x.pointer, outer, size, inner)
    return Self.make(
      "product", result, keepDims ? kept : shape.removing(axis: place), from: [self]
    ) { g in
      let gradient = Storage(count: x.count)
      rk_product_axis_gradient(gradient.pointer, x.pointer, g.pointer, outer, size, inner)
      return [.whole(gradient)]
    }
  }

  /// The product of all elements, a scalar; 1 of none. Gradient: as along an axis.
  ///
  /// - Throws: never, but along an axis it does.
  public func product() throws(TensorError) -> Tensor {
    try reshaped([count]).product(axis: 0)
  }
}
