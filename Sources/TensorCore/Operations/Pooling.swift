import CKernels

extension Tensor {
  /// The mean of windows along the last axis: `[N, C, L] → [N, C, L_out]` with
  /// `L_out = (L + 2 · padding − kernel) / stride + 1`, rounded down: what is left over at the end is
  /// dropped. Gradient: `g`, divided as the mean was, to each of the window.
  ///
  /// Source: PyTorch's `avg_pool1d`.
  ///
  /// - Parameters:
  ///   - stride: the distance between the windows; the kernel's size when left out.
  ///   - padding: zeros at both ends, at most half a window.
  ///   - ceilMode: rounds `L_out` up where the last window still starts before the end's padding: what
  ///     is left over at the end gets a shorter window.
  ///   - countIncludePad: whether a mean divides by the zeros of `padding` in its window too.
  /// - Throws: when the input is shorter than a window, or not `[N, C, L]`, or the padding is longer
  ///   than half a window.
  public func averagePool1d(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false,
    countIncludePad: Bool = true
  ) throws(TensorError) -> Tensor {
    let window = try poolAxis("averagePool1d", kernelSize, stride, padding, ceilMode)
    try Shape([shape[0], shape[1], window.outputs]).checkRoom("averagePool1d", operandDescription)
    let covered = (Int(window.outputs) - 1) * Int(window.stride) + kernelSize
    if let channelsLast, padding == 0, covered <= shape[2] {
      return averagedChannelsLast(
        "averagePool1d", channelsLast, kernelSize, window.stride, window.outputs)
    }
    return averagePooled(
      "averagePool1d", .row(shape[0] * shape[1], window), countIncludePad,
      [shape[0], shape[1], window.outputs])
  }

  /// The maximum of windows along the last axis; NaN where one is in the window. Gradient: `g` to the
  /// first largest of the window, or its last NaN.
  ///
  /// Source: PyTorch's `max_pool1d`.
  ///
  /// - Parameters:
  ///   - stride: the distance between the windows; the kernel's size when left out.
  ///   - padding: elements at both ends that are never the largest, at most half a window.
  ///   - ceilMode: as in `averagePool1d`.
  /// - Throws: when the input is shorter than a window, or not `[N, C, L]`, or the padding is longer
  ///   than half a window.
  public func maxPool1d(
    kernelSize: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false
  ) throws(TensorError) -> Tensor {
    let window = try poolAxis("maxPool1d", kernelSize, stride, padding, ceilMode)
    try Shape([shape[0], shape[1], window.outputs]).checkRoom("maxPool1d", operandDescription)
    return maxPooled(
      "maxPool1d", .row(shape[0] * shape[1], window), [shape[0], shape[1], window.outputs])
  }

  /// The mean of `outputLength` windows that together cover the last axis: window `l` goes from
  /// `⌊l·L / out⌋` to `⌈(l+1)·L / out⌉`. With 1, the mean of each channel.
  ///
  /// Source: PyTorch's `adaptive_avg_pool1d`.
  ///
  /// - Throws: when the input is not `[N, C, L]` or empty, or `outputLength` is not positive.
  public func adaptiveAveragePool1d(outputLength: Int) throws(TensorError) -> Tensor {
    guard rank == 3, shape[2] > 0, outputLength > 0 else {
      throw TensorError(
        "adaptiveAveragePool1d",
        "\(operandDescription) to length \(outputLength): expected [N, C, L] and a positive length")
    }
    try Shape([shape[0], shape[1], outputLength]).checkRoom(
      "adaptiveAveragePool1d", operandDescription)
    if let channelsLast {
      return averagedChannelsLast("adaptiveAveragePool1d", channelsLast, 0, 0, outputLength)
    }
    return averagePooled(
      "adaptiveAveragePool1d",
      .row(shape[0] * shape[1], .adaptive(inputs: shape[2], outputs: outputLength)), false,
      [shape[0], shape[1], outputLength])
  }

  /// A kernel of 0 stands for adaptive windows.
  private func averagedChannelsLast(
    _ name: String, _ x: Storage, _ kernel: Int, _ stride: Int, _ outLength: Int
  ) -> Tensor {
    let sizes = rk_pool_shape(
      batch: shape[0], channels: shape[1], inLength: shape[2], outLength: outLength, kernel: kernel,
      stride: stride)
    let count = count
    let result = Storage(count: shape[0] * outLength * shape[1], for: name)
    rk_average_pool_channels_last(result.pointer, x.pointer, sizes)
    return Self.make(
      name, channelsLast: result, [shape[0], shape[1], outLength], from: [self]
    ) { g in
      let gradient = Storage(count: count, for: name)
      rk_average_pool_channels_last_gradient(gradient.pointer, g.pointer, sizes)
      return [.whole(gradient)]
    }
  }

  private func poolAxis(
    _ name: String, _ kernel: Int, _ stride: Int?, _ padding: Int, _ ceilMode: Bool
  ) throws(TensorError) -> rk_pool_axis {
    guard rank == 3 else {
      throw TensorError(name, "\(operandDescription): expected [N, C, L], rank 3")
    }
    try Self.checkPooling(name, kernel, stride ?? kernel, padding)
    try WindowSizes.check(padding: padding, at: shape[2], name, operandDescription)
    guard shape[2] > 0, shape[2] + 2 * padding >= kernel else {
      throw TensorError(
        name,
        "\(operandDescription): the length \(shape[2])\(padding == 0 ? "" : " with padding \(padding)")"
          + " is shorter than the window, \(kernel)")
    }
    return rk_pool_axis(shape[2], kernel, stride ?? kernel, padding, ceilMode)
  }
}
