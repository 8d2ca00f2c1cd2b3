// Pooling over windows of an image, one axis after the other: the mean of means and the largest of
// the largest are those of the whole window.

extension Tensor {
  /// The mean of square windows: `[N, C, rows, columns]` with both last axes pooled.
  /// What is left over at the end is dropped.
  ///
  /// Source: PyTorch's `avg_pool2d`.
  ///
  /// - Parameter stride: the distance between the windows; the kernel's size when left out.
  /// - Throws: when the input is smaller than a window, or not `[N, C, rows, columns]`.
  public func averagePool2d(kernelSize: Int, stride: Int? = nil) throws(TensorError) -> Tensor {
    try pooledAlongBothAxes("averagePool2d") { x throws(TensorError) in
      try x.averagePool1d(kernelSize: kernelSize, stride: stride)
    }
  }

  /// The maximum of square windows. Gradient: `g` to the first largest of the window.
  ///
  /// Source: PyTorch's `max_pool2d`.
  ///
  /// - Parameter stride: the distance between the windows; the kernel's size when left out.
  /// - Throws: when the input is smaller than a window, or not `[N, C, rows, columns]`.
  public func maxPool2d(kernelSize: Int, stride: Int? = nil) throws(TensorError) -> Tensor {
    try pooledAlongBothAxes("maxPool2d") { x throws(TensorError) in
      try x.maxPool1d(kernelSize: kernelSize, stride: stride)
    }
  }

  /// The mean of `rows × columns` windows that together cover the image.
  ///
  /// Source: PyTorch's `adaptive_avg_pool2d`.
  ///
  /// - Throws: when the input is not `[N, C, rows, columns]` or empty, or a size is not positive.
  public func adaptiveAveragePool2d(rows: Int, columns: Int) throws(TensorError) -> Tensor {
    var lengths = [columns, rows]
    return try pooledAlongBothAxes("adaptiveAveragePool2d") { x throws(TensorError) in
      try x.adaptiveAveragePool1d(outputLength: lengths.removeFirst())
    }
  }

  /// The mean of each channel over all axes after the second: `[N, C, …] → [N, C]`.
  ///
  /// - Throws: when there are fewer than three axes.
  public func globalAveragePool() throws(TensorError) -> Tensor {
    guard rank >= 3 else {
      throw TensorError("globalAveragePool", "\(operandDescription): expected [N, C, …]")
    }
    return try mean(axes: Array(2..<rank))
  }

  /// The largest of each channel over all axes after the second: `[N, C, …] → [N, C]`.
  ///
  /// - Throws: when there are fewer than three axes, or one of them is empty.
  public func globalMaxPool() throws(TensorError) -> Tensor {
    guard rank >= 3 else {
      throw TensorError("globalMaxPool", "\(operandDescription): expected [N, C, …]")
    }
    return try flattened(from: 2).max(axis: 2)
  }

  /// The columns first, then the rows, each as the last axis of `[N · C, …, …]`.
  private func pooledAlongBothAxes(
    _ name: String, _ pool: (Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    guard rank == 4 else {
      throw TensorError(name, "\(operandDescription): expected [N, C, rows, columns], rank 4")
    }
    let images = try reshaped([shape[0] * shape[1], shape[2], shape[3]])
    let narrow = try pool(images)
    let pooled = try pool(narrow.transposed(1, 2)).transposed(1, 2)
    return try pooled.reshaped([shape[0], shape[1], pooled.shape[1], pooled.shape[2]])
  }
}
