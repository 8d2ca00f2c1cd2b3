import CKernels

extension Tensor {
  /// One-dimensional convolution (a cross-correlation, as everywhere in deep learning):
  /// `y[n, o, l] = b[o] + Σ_{c, k} W[o, c, k] · x[n, c, l · stride + k · dilation − padding]`.
  ///
  /// Source: PyTorch's `conv1d`.
  ///
  /// - Parameters:
  ///   - weight: `[out, C, kernel]`.
  ///   - bias: `[out]`, or none.
  ///   - stride: the distance between the windows.
  ///   - padding: zeros added at both ends.
  ///   - dilation: the distance between the taps of the kernel.
  /// - Returns: `[N, out, L_out]` for `[N, C, L]`, with
  ///   `L_out = (L + 2 · padding − dilation · (kernel − 1) − 1) / stride + 1`.
  /// - Throws: when the channels differ, the input is shorter than the kernel, or a setting is
  ///   not positive.
  public func conv1d(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1
  ) throws(TensorError) -> Tensor {
    let operands = "\(operandDescription) ∗ \(weight.operandDescription)"
    guard rank == 3, weight.rank == 3 else {
      throw TensorError(
        "conv1d", "\(operands): expected an input [N, C, L] and a weight [out, C, kernel]",
        remedy: rank == 2 ? "Is the channel axis missing?" : nil)
    }
    guard shape[1] == weight.shape[1] else {
      throw TensorError(
        "conv1d", "\(operands): the channels differ, \(shape[1]) and \(weight.shape[1])",
        remedy: shape[2] == weight.shape[1]
          ? "The last axis has \(shape[2]): transpose axes 1 and 2 first" : nil)
    }
    guard stride > 0, padding >= 0, dilation > 0, weight.shape[2] > 0 else {
      throw TensorError("conv1d", "stride, dilation and kernel must be positive, padding not < 0")
    }
    let (outChannels, kernel) = (weight.shape[0], weight.shape[2])
    let span = dilation * (kernel - 1) + 1
    guard shape[2] + 2 * padding >= span else {
      throw TensorError(
        "conv1d",
        "\(operands): the input has length \(shape[2]) with padding \(padding), the kernel spans "
          + "\(span)")
    }
    if let bias, bias.shape != [outChannels] {
      throw TensorError("conv1d", "the bias has shape \(bias.shape), not [\(outChannels)]")
    }
    let sizes = rk_conv1d_shape(
      batch: shape[0], inChannels: shape[1], inLength: shape[2], outChannels: outChannels,
      outLength: (shape[2] + 2 * padding - span) / stride + 1, kernel: kernel, stride: stride,
      padding: padding, dilation: dilation)
    let resultShape: Shape = [shape[0], outChannels, sizes.outLength]
    if rk_conv1d_channels_last_serves(sizes, requiresGrad) {
      return convolvedChannelsLast(weight, bias, sizes, resultShape)
    }
    let result = Storage(count: resultShape.count)
    rk_conv1d(sizes, result.pointer, storage.pointer, weight.storage.pointer, bias?.storage.pointer)
    return Self.make(
      "conv1d", result, resultShape, from: [self, weight] + (bias.map { [$0] } ?? []),
      gradients: Self.gradients(
        sizes, rk_conv1d_gradient, x: storage, weight.storage, wantsX: requiresGrad,
        hasBias: bias != nil))
  }

  private func convolvedChannelsLast(
    _ weight: Tensor, _ bias: Tensor?, _ sizes: rk_conv1d_shape, _ resultShape: Shape
  ) -> Tensor {
    let (input, x) = inChannelsLastOrder()
    let result = Storage(count: resultShape.count)
    rk_conv1d_channels_last(
      sizes, result.pointer, x.pointer, weight.storage.pointer, bias?.storage.pointer)
    return Self.make(
      "conv1d", channelsLast: result, resultShape,
      from: [input, weight] + (bias.map { [$0] } ?? []),
      gradients: Self.gradients(
        sizes, rk_conv1d_channels_last_gradient, x: x, weight.storage, wantsX: requiresGrad,
        hasBias: bias != nil))
  }

  private typealias GradientKernel = (
    rk_conv1d_shape, UnsafeMutablePointer<Float>?, UnsafeMutablePointer<Float>?,
    UnsafeMutablePointer<Float>?, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>
  ) -> Void

  private static func gradients(
    _ sizes: rk_conv1d_shape, _ kernel: @escaping GradientKernel, x: Storage, _ w: Storage,
    wantsX: Bool, hasBias: Bool
  ) -> Node.Gradients {
    { g in
      let gradX = wantsX ? Storage(count: x.count) : nil
      let gradW = Storage(count: w.count)
      let gradB = hasBias ? Storage(count: sizes.outChannels) : nil
      kernel(sizes, gradX?.pointer, gradW.pointer, gradB?.pointer, x.pointer, w.pointer, g.pointer)
      return [gradX.map(Gradient.whole) ?? .none, .whole(gradW)]
        + (gradB.map { [Gradient.whole($0)] } ?? [])
    }
  }
}
