import CKernels

extension Tensor {
  /// The mean of windows along the last axis: `[N, C, L] → [N, C, (L − kernel) / stride + 1]`.
  /// What is left over at the end is dropped. Gradient: `g / kernel` to each of the window.
  ///
  /// Source: PyTorch's `avg_pool1d`.
  ///
  /// - Parameter stride: the distance between the windows; the kernel's size when left out.
  /// - Throws: when the input is shorter than a window, or not `[N, C, L]`.
  public func averagePool1d(
    kernelSize: Int, stride: Int? = nil
  ) throws(TensorError) -> Tensor {
    let window = try pooling("averagePool1d", kernelSize, stride ?? kernelSize)
    if let channelsLast {
      return averagedChannelsLast(
        "averagePool1d", channelsLast, kernelSize, window.stride, window.outLength)
    }
    let (rows, length) = (shape[0] * shape[1], shape[2])
    let result = Storage(count: rows * window.outLength)
    rk_average_pool(
      result.pointer, storage.pointer, rows, length, window.outLength, kernelSize, window.stride)
    return Self.make(
      "averagePool1d", result, [shape[0], shape[1], window.outLength], from: [self]
    ) { g in
      let gradient = Storage(count: rows * length)
      rk_average_pool_gradient(
        gradient.pointer, g.pointer, rows, length, window.outLength, kernelSize, window.stride)
      return [.whole(gradient)]
    }
  }

  /// The maximum of windows along the last axis. Gradient: `g` to the first largest of the window.
  ///
  /// Source: PyTorch's `max_pool1d`.
  ///
  /// - Parameter stride: the distance between the windows; the kernel's size when left out.
  /// - Throws: when the input is shorter than a window, or not `[N, C, L]`.
  public func maxPool1d(kernelSize: Int, stride: Int? = nil) throws(TensorError) -> Tensor {
    let window = try pooling("maxPool1d", kernelSize, stride ?? kernelSize)
    let (rows, length) = (shape[0] * shape[1], shape[2])
    let result = Storage(count: rows * window.outLength)
    var chosen = [Int32](repeating: 0, count: rows * window.outLength)
    rk_max_pool(
      result.pointer, &chosen, storage.pointer, rows, length, window.outLength, kernelSize,
      window.stride)
    return Self.make(
      "maxPool1d", result, [shape[0], shape[1], window.outLength], from: [self]
    ) { [chosen] g in
      let gradient = Storage(count: rows * length)
      rk_max_pool_gradient(gradient.pointer, chosen, g.pointer, rows, length, window.outLength)
      return [.whole(gradient)]
    }
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
    if let channelsLast {
      return averagedChannelsLast("adaptiveAveragePool1d", channelsLast, 0, 0, outputLength)
    }
    let (rows, length) = (shape[0] * shape[1], shape[2])
    let result = Storage(count: rows * outputLength)
    rk_adaptive_average_pool(result.pointer, storage.pointer, rows, length, outputLength)
    return Self.make(
      "adaptiveAveragePool1d", result, [shape[0], shape[1], outputLength], from: [self]
    ) { g in
      let gradient = Storage(count: rows * length)
      rk_adaptive_average_pool_gradient(gradient.pointer, g.pointer, rows, length, outputLength)
      return [.whole(gradient)]
    }
  }

  /// A kernel of 0 stands for adaptive windows.
  private func averagedChannelsLast(
    _ name: String, _ x: Storage, _ kernel: Int, _ stride: Int, _ outLength: Int
  ) -> Tensor {
    let sizes = rk_pool_shape(
      batch: shape[0], channels: shape[1], inLength: shape[2], outLength: outLength, kernel: kernel,
      stride: stride)
    let count = count
    let result = Storage(count: shape[0] * outLength * shape[1])
    rk_average_pool_channels_last(result.pointer, x.pointer, sizes)
    return Self.make(
      name, channelsLast: result, [shape[0], shape[1], outLength], from: [self]
    ) { g in
      let gradient = Storage(count: count)
      rk_average_pool_channels_last_gradient(gradient.pointer, g.pointer, sizes)
      return [.whole(gradient)]
    }
  }

  private func pooling(
    _ name: String, _ kernel: Int, _ stride: Int
  ) throws(TensorError) -> (outLength: Int, stride: Int) {
    guard rank == 3 else {
      throw TensorError(name, "\(operandDescription): expected [N, C, L], rank 3")
    }
    guard kernel > 0, stride > 0 else {
      throw TensorError(name, "the kernel (\(kernel)) and the stride (\(stride)) must be positive")
    }
    guard shape[2] >= kernel else {
      throw TensorError(
        name, "\(operandDescription): the length \(shape[2]) is shorter than the window, \(kernel)")
    }
    return ((shape[2] - kernel) / stride + 1, stride)
  }
}
