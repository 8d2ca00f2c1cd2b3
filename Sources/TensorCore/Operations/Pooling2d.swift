import CKernels

extension Tensor {
  /// The mean of square windows: `[N, C, rows, columns]` with both last axes pooled.
  /// What is left over at the end is dropped. Gradient: `g`, divided as the mean was, to each of the
  /// window.
  ///
  /// Source: PyTorch's `avg_pool2d`.
  ///
  /// - Parameters:
  ///   - stride: the distance between the windows; the kernel's size when left out.
  ///   - padding: zeros on all four sides, at most half a window.
  ///   - ceilMode: as in `averagePool1d`, along both axes.
  ///   - countIncludePad: whether a mean divides by the zeros of `padding` in its window too.
  /// - Throws: when the input is smaller than a window, or not `[N, C, rows, columns]`, or the
  ///   padding is longer than half a window.
  public func averagePool2d(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false,
    countIncludePad: Bool = true
  ) throws(TensorError) -> Tensor {
    let windows = try poolWindows("averagePool2d", kernelSize, stride, padding, ceilMode)
    try Shape([shape[0], shape[1], windows.rows.outputs, windows.columns.outputs])
      .checkRoom("averagePool2d", operandDescription)
    return averagePooled(
      "averagePool2d", windows, countIncludePad,
      [shape[0], shape[1], windows.rows.outputs, windows.columns.outputs])
  }

  /// The maximum of square windows; NaN where one is in the window. Gradient: `g` to the first largest
  /// of the window, row by row, or its last NaN.
  ///
  /// Source: PyTorch's `max_pool2d`.
  ///
  /// - Parameters:
  ///   - stride: the distance between the windows; the kernel's size when left out.
  ///   - padding: elements on all four sides that are never the largest, at most half a window.
  ///   - ceilMode: as in `averagePool1d`, along both axes.
  /// - Throws: when the input is smaller than a window, or not `[N, C, rows, columns]`, or the
  ///   padding is longer than half a window.
  public func maxPool2d(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false
  ) throws(TensorError) -> Tensor {
    let windows = try poolWindows("maxPool2d", kernelSize, stride, padding, ceilMode)
    try Shape([shape[0], shape[1], windows.rows.outputs, windows.columns.outputs])
      .checkRoom("maxPool2d", operandDescription)
    return maxPooled(
      "maxPool2d", windows, [shape[0], shape[1], windows.rows.outputs, windows.columns.outputs])
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
    try Shape([shape[0], shape[1], rows, columns]).checkRoom(
      "adaptiveAveragePool2d", operandDescription)
    let windows = rk_pooling(
      planes: shape[0] * shape[1], rows: .adaptive(inputs: shape[2], outputs: rows),
      columns: .adaptive(inputs: shape[3], outputs: columns))
    return averagePooled(
      "adaptiveAveragePool2d", windows, false, [shape[0], shape[1], rows, columns])
  }

  /// The mean of each channel over all axes after the second: `[N, C, …] → [N, C]`.
  ///
  /// - Throws: when there are fewer than three axes.
  public func globalAveragePool() throws(TensorError) -> Tensor {
    guard rank >= 3 else {
      throw TensorError("globalAveragePool", "\(operandDescription): expected [N, C, …]")
    }
    return try reduced("globalAveragePool", axes: Array(2..<rank), keepDims: false, averages: true)
  }

  /// The largest of each channel over all axes after the second: `[N, C, …] → [N, C]`.
  ///
  /// - Throws: when there are fewer than three axes, or one of them is empty.
  public func globalMaxPool() throws(TensorError) -> Tensor {
    guard rank >= 3, shape.dimensions[2...].allSatisfy({ $0 > 0 }) else {
      throw TensorError("globalMaxPool", "\(operandDescription): expected [N, C, …], not empty")
    }
    return try flattened(from: 2).largest("globalMaxPool", axis: 2)
  }

  private func poolWindows(
    _ name: String, _ kernel: Int, _ stride: Int?, _ padding: Int, _ ceilMode: Bool
  ) throws(TensorError) -> rk_pooling {
    guard rank == 4 else {
      throw TensorError(name, "\(operandDescription): expected [N, C, rows, columns], rank 4")
    }
    try Self.checkPooling(name, kernel, stride ?? kernel, padding)
    try WindowSizes.check(
      padding: padding, at: Swift.max(shape[2], shape[3]), name, operandDescription)
    let shortest = Swift.min(shape[2], shape[3])
    guard shortest > 0, shortest + 2 * padding >= kernel else {
      throw TensorError(
        name,
        "\(operandDescription): the image, \(shape[2]) × \(shape[3])"
          + "\(padding == 0 ? "" : " with padding \(padding)"), is smaller than the window, \(kernel) × "
          + "\(kernel)")
    }
    return rk_pooling(
      planes: shape[0] * shape[1],
      rows: rk_pool_axis(shape[2], kernel, stride ?? kernel, padding, ceilMode),
      columns: rk_pool_axis(shape[3], kernel, stride ?? kernel, padding, ceilMode))
  }
}
