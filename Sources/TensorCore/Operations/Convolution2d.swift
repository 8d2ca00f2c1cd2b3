import CKernels

extension Tensor {
  /// Two-dimensional convolution (a cross-correlation, as everywhere in deep learning):
  /// `y[n, o, i, j] = b[o] + Σ_{c, k, l} W[o, c, k, l] · x[n, c, i · stride + k · dilation − padding,
  /// j · stride + l · dilation − padding]`.
  ///
  /// Padding is left out of the sums: an infinite weight beyond the edges does not make NaN. Gradients:
  /// those of the sum, exact for `x`, `W` and `b`.
  ///
  /// Source: PyTorch's `conv2d`.
  ///
  /// - Parameters:
  ///   - weight: `[out, C / groups, kernel rows, kernel columns]`.
  ///   - bias: `[out]`, or none.
  ///   - stride: the distance between the windows, along both axes.
  ///   - padding: how many elements are added on all four sides.
  ///   - paddingMode: what they are; zeros by default.
  ///   - dilation: the distance between the taps of the kernel.
  ///   - groups: the parts that channels are cut into, each convolved on its own.
  /// - Returns: `[N, out, rows, columns]` for `[N, C, rows, columns]`.
  /// - Throws: when the channels differ, the input is smaller than the kernel or than its padding, or
  ///   a setting is not positive.
  public func conv2d(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0,
    paddingMode: PaddingMode = .zeros, dilation: Int = 1, groups: Int = 1
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
    let (outChannels, kernelRows, kernelColumns) = (
      weight.shape[0], weight.shape[2], weight.shape[3]
    )
    let spanRows = try WindowSizes.span(
      kernel: kernelRows, dilation: dilation, "conv2d", operands)
    let spanColumns = try WindowSizes.span(
      kernel: kernelColumns, dilation: dilation, "conv2d", operands)
    try WindowSizes.check(
      padding: padding, at: Swift.max(shape[2], shape[3]), "conv2d", operands)
    guard shape[2] + 2 * padding >= spanRows, shape[3] + 2 * padding >= spanColumns else {
      throw TensorError(
        "conv2d",
        "\(operands): the input is \(shape[2]) × \(shape[3]) with padding \(padding), the kernel "
          + "spans \(spanRows) × \(spanColumns)")
    }
    if paddingMode != .zeros, padding > 0 {
      return try continued("conv2d", axis: 2, before: padding, after: padding, paddingMode)
        .continued("conv2d", axis: 3, before: padding, after: padding, paddingMode)
        .conv2d(weight, bias: bias, stride: stride, dilation: dilation, groups: groups)
    }
    func axis(_ inputs: Int, _ kernel: Int, _ span: Int) -> rk_convolution_axis {
      rk_convolution_axis(
        inputs: inputs, outputs: (inputs + 2 * padding - span) / stride + 1, kernel: kernel,
        stride: stride, padding: padding, dilation: dilation)
    }
    let rows = axis(shape[2], kernelRows, spanRows)
    let columns = axis(shape[3], kernelColumns, spanColumns)
    let sizes = rk_convolution_shape(
      batch: shape[0], inChannels: shape[1], outChannels: outChannels, groups: groups, rows: rows,
      columns: columns, axes: 2)
    let resultShape: Shape = [shape[0], outChannels, rows.outputs, columns.outputs]
    try resultShape.checkRoom("conv2d", operands)
    return try convolved("conv2d", weight, bias, sizes, resultShape)
  }
}
