import CKernels

extension Tensor {
  /// The variance along some axes: `Σ (x − mean)² / (n − correction)`.
  ///
  /// Source: PyTorch's `var`, whose default is the correction 1 as well.
  ///
  /// - Parameters:
  ///   - axes: negative ones count from the last.
  ///   - correction: 1 for the estimate from a sample, 0 for the mean of squares.
  ///   - keepDims: keeps the axes with size 1.
  /// - Throws: when an axis does not exist or is named twice.
  public func variance(
    axes: [Int], correction: Float = 1, keepDims: Bool = false
  ) throws(TensorError) -> Tensor {
    // the check under this operation's name
    for axis in axes { _ = try shape.axis(axis, "variance") }
    let deviations = try self - mean(axes: axes, keepDims: true)
    let squares = try deviations.squared().sum(axes: axes, keepDims: keepDims)
    let size = Float(count) / Float(Swift.max(squares.count, 1))
    return squares * (1 / Swift.max(size - correction, 0))
  }

  /// The variance along one axis.
  public func variance(
    axis: Int, correction: Float = 1, keepDims: Bool = false
  ) throws(TensorError) -> Tensor {
    try variance(axes: [axis], correction: correction, keepDims: keepDims)
  }

  /// The square root of the variance along an axis. Gradient: that of the root, but 0 where all
  /// elements are equal.
  ///
  /// Source: PyTorch's `std`.
  ///
  /// - Throws: when the axis does not exist.
  public func standardDeviation(
    axis: Int, correction: Float = 1, keepDims: Bool = false
  ) throws(TensorError) -> Tensor {
    try variance(axis: axis, correction: correction, keepDims: keepDims)
      .applying("standardDeviation", RK_DEVIATION)
  }
}
