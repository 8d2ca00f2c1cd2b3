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
    try checkWindow("averagePool2d", kernelSize, stride ?? kernelSize)
    return try pooledAlongBothAxes { x throws(TensorError) in
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
    try checkWindow("maxPool2d", kernelSize, stride ?? kernelSize)
    return try pooledAlongBothAxes { x throws(TensorError) in
      try x.maxPool1d(kernelSize: kernelSize, stride: stride)
    }
  }

  /// The mean of `rows × columns` windows that together cover the image.
  ///
  /// Source: PyTorch's `adaptive_avg_pool2d`.
  ///
  /// - Throws: when the input is not `[N, C, rows, columns]` or empty, or a size is not positive.
  public func adaptiveAveragePool2d(rows: Int, columns: Int) throws(TensorError) -> Tensor {
    guard rank == 4, shape[2] > 0, shape[3] > 0, rows > 0, columns > 0 else {
      throw TensorError(
        "adaptiveAveragePool2d",
        "\(operandDescription) to \(rows) × \(columns): expected [N, C, rows, columns] and positive "
          + "sizes")
    }
    var lengths = [columns, rows]
    return try pooledAlongBothAxes { x throws(TensorError) in
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
    guard rank >= 3, shape.dimensions[2...].allSatisfy({ $0 > 0 }) else {
      throw TensorError("globalMaxPool", "\(operandDescription): expected [N, C, …], not empty")
    }
    return try flattened(from: 2).max(axis: 2)
  }

  private func checkWindow(
    _ name: String, _ kernel: Int, _ stride: Int
  ) throws(TensorError) {
    guard rank == 4 else {
      throw TensorError(name, "\(operandDescription): expected [N, C, rows, columns], rank 4")
    }
    guard kernel > 0, stride > 0 else {
      throw TensorError(name, "the kernel (\(kernel)) and the stride (\(stride)) must be positive")
    }
    guard shape[2] >= kernel, shape[3] >= kernel else {
      throw TensorError(
        name,
        "\(operandDescription): the image, \(shape[2]) × \(shape[3]), is smaller than the window, "
          + "\(kernel) × \(kernel)")
    }
  }

  /// The columns first, then the rows, each as the last axis of `[N · C, …, …]`.
  private func pooledAlongBothAxes(
    _ pool: (Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    let images = try reshaped([shape[0] * shape[1], shape[2], shape[3]])
    let narrow = try pool(images)
    let pooled = try pool(narrow.transposed(1, 2)).transposed(1, 2)
    return try pooled.reshaped([shape[0], shape[1], pooled.shape[1], pooled.shape[2]])
  }
}
