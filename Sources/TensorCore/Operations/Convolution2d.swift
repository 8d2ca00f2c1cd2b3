extension Tensor {
  /// Two-dimensional convolution (a cross-correlation, as everywhere in deep learning):
  /// `y[n, o, i, j] = b[o] + Σ_{c, k, l} W[o, c, k, l] · x[n, c, i · stride + k · dilation − padding,
  /// j · stride + l · dilation − padding]`.
  ///
  /// The windows are laid out as rows (`im2col`) and multiplied with the weight as one product.
  /// Source: PyTorch's `conv2d`.
  ///
  /// - Parameters:
  ///   - weight: `[out, C / groups, kernel rows, kernel columns]`.
  ///   - bias: `[out]`, or none.
  ///   - stride: the distance between the windows, along both axes.
  ///   - padding: zeros added on all four sides.
  ///   - dilation: the distance between the taps of the kernel.
  ///   - groups: the parts that channels are cut into, each convolved on its own.
  /// - Returns: `[N, out, rows, columns]` for `[N, C, rows, columns]`.
  /// - Throws: when the channels differ, the input is smaller than the kernel, or a setting is not
  ///   positive.
  public func conv2d(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1
  ) throws(TensorError) -> Tensor {
    let operands = "\(operandDescription) ∗ \(weight.operandDescription)"
    guard rank == 4, weight.rank == 4 else {
      throw TensorError(
        "conv2d",
        "\(operands): expected an input [N, C, rows, columns] and a weight "
          + "[out, C, kernel rows, kernel columns]",
        remedy: rank == 3 ? "Is the channel axis missing? unsqueezed(axis: 1) adds one" : nil)
    }
    guard stride > 0, padding >= 0, dilation > 0, weight.shape[2] > 0, weight.shape[3] > 0 else {
      throw TensorError("conv2d", "stride, dilation and kernel must be positive, padding not < 0")
    }
    try Self.checkGroups("conv2d", operands, groups, shape[1], weight.shape)
    if let bias, bias.shape != [weight.shape[0]] {
      throw TensorError("conv2d", "the bias has shape \(bias.shape), not [\(weight.shape[0])]")
    }
    if groups > 1 {
      return try convolvedInGroups(weight, bias, groups) { x, w, b throws(TensorError) in
        try x.conv2d(w, bias: b, stride: stride, padding: padding, dilation: dilation)
      }
    }
    let windows = Windows(
      channels: shape[1], rows: shape[2], columns: shape[3], kernelRows: weight.shape[2],
      kernelColumns: weight.shape[3], stride: stride, padding: padding, dilation: dilation)
    guard windows.outRows > 0, windows.outColumns > 0 else {
      throw TensorError(
        "conv2d",
        "\(operands): the input is \(shape[2]) × \(shape[3]) with padding \(padding), the kernel "
          + "spans \(windows.spanRows) × \(windows.spanColumns)")
    }
    let flat = try weight.reshaped([weight.shape[0], windows.width]).transposed(0, 1)
    let unfolded = self.unfolded(windows)
    let products =
      if let bias { try unfolded.linear(flat, bias) } else { try unfolded.matmul(flat) }
    return try products.transposed(1, 2)
      .reshaped([shape[0], weight.shape[0], windows.outRows, windows.outColumns])
  }

  /// The windows as rows, `[N, windows, C · kernel]`. Gradient: `g` added where each element came
  /// from.
  private func unfolded(_ windows: Windows) -> Tensor {
    let (x, samples) = (storage, shape[0])
    let (rowCount, width) = (windows.outRows * windows.outColumns, windows.width)
    let result = Storage(count: samples * rowCount * width)
    inParts(samples * rowCount, cost: width) { range in
      for row in range {
        let source = x.pointer + row / rowCount * windows.size
        let target = result.pointer + row * width
        windows.forEach(in: row % rowCount) { i, place in
          target[i] = place.map { source[$0] } ?? 0
        }
      }
    }
    return Self.make("unfolded", result, [samples, rowCount, width], from: [self]) { g in
      let gradient = Storage(count: x.count, filledWith: 0)
      inParts(samples, cost: rowCount * width) { range in
        for sample in range {
          let target = gradient.pointer + sample * windows.size
          for row in 0..<rowCount {
            let source = g.pointer + (sample * rowCount + row) * width
            windows.forEach(in: row) { i, place in
              if let place { target[place] += source[i] }
            }
          }
        }
      }
      return [.whole(gradient)]
    }
  }

  /// The channels in groups, each convolved with its part of the weight, and put together again.
  func convolvedInGroups(
    _ weight: Tensor, _ bias: Tensor?, _ groups: Int,
    _ convolve: (Tensor, Tensor, Tensor?) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    let inputs = try split(axis: 1, parts: groups)
    let weights = try weight.split(axis: 0, parts: groups)
    let biases = try bias?.split(axis: 0, parts: groups)
    var results: [Tensor] = []
    for group in 0..<groups {
      results.append(try convolve(inputs[group], weights[group], biases?[group]))
    }
    return try Self.concatenate(results, axis: 1)
  }

  /// Refuses channels that do not fit a convolution's weight and groups.
  static func checkGroups(
    _ operation: String, _ operands: String, _ groups: Int, _ channels: Int, _ weight: Shape
  ) throws(TensorError) {
    guard groups > 0, channels % groups == 0, weight[0] % groups == 0 else {
      throw TensorError(
        operation,
        "\(operands): \(groups) groups do not divide the \(channels) channels and the \(weight[0]) "
          + "filters")
    }
    guard channels / groups == weight[1] else {
      throw TensorError(
        operation,
        groups == 1
          ? "\(operands): the channels differ, \(channels) and \(weight[1])"
          : "\(operands): each of \(groups) groups has \(channels / groups) channels, the weight "
            + "\(weight[1])")
    }
  }
}

/// Where the elements of a convolution's windows stand in one sample `[C, rows, columns]`.
private struct Windows {
  let channels, rows, columns, kernelRows, kernelColumns, stride, padding, dilation: Int

  var spanRows: Int { dilation * (kernelRows - 1) + 1 }
  var spanColumns: Int { dilation * (kernelColumns - 1) + 1 }
  /// Not positive when the kernel does not fit.
  var outRows: Int { fit(rows, spanRows) }
  var outColumns: Int { fit(columns, spanColumns) }
  /// The elements of a window.
  var width: Int { channels * kernelRows * kernelColumns }
  var size: Int { channels * rows * columns }

  private func fit(_ length: Int, _ span: Int) -> Int {
    length + 2 * padding < span ? 0 : (length + 2 * padding - span) / stride + 1
  }

  /// The elements of a window in the order of the weight; `nil` for a place in the padding.
  @inline(__always)
  func forEach(in window: Int, _ body: (_ index: Int, _ place: Int?) -> Void) {
    let top = window / outColumns * stride - padding
    let left = window % outColumns * stride - padding
    var index = 0
    for channel in 0..<channels {
      for k in 0..<kernelRows {
        let row = top + k * dilation
        for l in 0..<kernelColumns {
          let column = left + l * dilation
          let isInside = row >= 0 && row < rows && column >= 0 && column < columns
          body(index, isInside ? (channel * rows + row) * columns + column : nil)
          index += 1
        }
      }
    }
  }
}
