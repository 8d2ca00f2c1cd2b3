import CKernels

/// What a convolution finds beyond the ends of its input: zeros.
public enum ConvolutionPadding: Hashable, Sendable, ExpressibleByIntegerLiteral,
  CustomStringConvertible
{
  /// The given number of zeros at both ends.
  case zeros(Int)
  /// As many as keep the length, with stride 1; an odd one goes to the end. PyTorch's `'same'`.
  case same
  /// All of them at the start: a result depends on no later step, and the length stays with stride 1.
  case causal

  /// The given number of zeros at both ends: `padding: 2`.
  public init(integerLiteral value: Int) { self = .zeros(value) }

  /// As in `2` or `same`.
  public var description: String {
    switch self {
    case .zeros(let count): "\(count)"
    case .same: "same"
    case .causal: "causal"
    }
  }
}

extension Tensor {
  /// One-dimensional convolution (a cross-correlation, as everywhere in deep learning):
  /// `y[n, o, l] = b[o] + Σ_{c, k} W[o, c, k] · x[n, c, l · stride + k · dilation − padding]`.
  ///
  /// Source: PyTorch's `conv1d`; `.causal` is the padding of WaveNet (van den Oord et al. 2016).
  ///
  /// - Parameters:
  ///   - weight: `[out, C / groups, kernel]`.
  ///   - bias: `[out]`, or none.
  ///   - stride: the distance between the windows.
  ///   - padding: zeros at the ends: a number for both, `.same` or `.causal`.
  ///   - dilation: the distance between the taps of the kernel.
  ///   - groups: the parts that channels are cut into, each convolved on its own.
  /// - Returns: `[N, out, L_out]` for `[N, C, L]`, with
  ///   `L_out = (L + 2 · padding − dilation · (kernel − 1) − 1) / stride + 1`.
  /// - Throws: when the channels differ, the input is shorter than the kernel, or a setting is
  ///   not positive.
  public func conv1d(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: ConvolutionPadding = 0,
    dilation: Int = 1, groups: Int = 1
  ) throws(TensorError) -> Tensor {
    let operands = "\(operandDescription) ∗ \(weight.operandDescription)"
    guard rank == 3, weight.rank == 3 else {
      throw TensorError(
        "conv1d", "\(operands): expected an input [N, C, L] and a weight [out, C, kernel]",
        remedy: rank == 2 ? "Is the channel axis missing?" : nil)
    }
    guard groups != 1 || shape[1] == weight.shape[1] else {
      throw TensorError(
        "conv1d", "\(operands): the channels differ, \(shape[1]) and \(weight.shape[1])",
        remedy: shape[2] == weight.shape[1]
          ? "The last axis has \(shape[2]): transpose axes 1 and 2 first" : nil)
    }
    try Self.checkGroups("conv1d", operands, groups, shape[1], weight.shape)
    let (outChannels, kernel) = (weight.shape[0], weight.shape[2])
    if let bias, bias.shape != [outChannels] {
      throw TensorError("conv1d", "the bias has shape \(bias.shape), not [\(outChannels)]")
    }
    guard stride > 0, dilation > 0, kernel > 0 else {
      throw TensorError("conv1d", "stride, dilation and kernel must be positive, padding not < 0")
    }
    if groups > 1 {
      return try convolvedInGroups(weight, bias, groups) { x, w, b throws(TensorError) in
        try x.conv1d(w, bias: b, stride: stride, padding: padding, dilation: dilation)
      }
    }
    let span = dilation * (kernel - 1) + 1
    let zeros: Int
    switch padding {
    case .zeros(let count):
      zeros = count
    case .same:
      guard stride == 1 else {
        throw TensorError(
          "conv1d", "padding .same keeps the length only with stride 1, not \(stride)")
      }
      // the same number at both ends needs no copy
      if span % 2 == 1 {
        zeros = (span - 1) / 2
      } else {
        return try padded(axis: 2, before: (span - 1) / 2, after: span / 2)
          .conv1d(weight, bias: bias, dilation: dilation)
      }
    case .causal:
      return try padded(axis: 2, before: span - 1, after: 0)
        .conv1d(weight, bias: bias, stride: stride, dilation: dilation)
    }
    guard zeros >= 0 else {
      throw TensorError("conv1d", "stride, dilation and kernel must be positive, padding not < 0")
    }
    guard shape[2] + 2 * zeros >= span else {
      throw TensorError(
        "conv1d",
        "\(operands): the input has length \(shape[2]) with padding \(zeros), the kernel spans "
          + "\(span)")
    }
    let sizes = rk_conv1d_shape(
      batch: shape[0], inChannels: shape[1], inLength: shape[2], outChannels: outChannels,
      outLength: (shape[2] + 2 * zeros - span) / stride + 1, kernel: kernel, stride: stride,
      padding: zeros, dilation: dilation)
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
    // the weight first: asking for its elements puts them into the usual order, and it may be the
    // input itself
    let w = weight.storage
    let (input, x) = inChannelsLastOrder()
    let result = Storage(count: resultShape.count)
    rk_conv1d_channels_last(sizes, result.pointer, x.pointer, w.pointer, bias?.storage.pointer)
    return Self.make(
      "conv1d", channelsLast: result, resultShape,
      from: [input, weight] + (bias.map { [$0] } ?? []),
      gradients: Self.gradients(
        sizes, rk_conv1d_channels_last_gradient, x: x, w, wantsX: requiresGrad,
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
