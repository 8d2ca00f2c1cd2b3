import CKernels

/// How much a convolution finds beyond the ends of its input.
public enum ConvolutionPadding: Hashable, Sendable, ExpressibleByIntegerLiteral,
  CustomStringConvertible
{
  /// The given number of elements at both ends.
  case zeros(Int)
  /// As many as keep the length, with stride 1; an odd one goes to the end. PyTorch's `'same'`.
  case same
  /// All of them at the start: a result depends on no later step, and the length stays with stride 1.
  case causal

  /// The given number of elements at both ends: `padding: 2`.
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
  /// Padding is left out of the sums: an infinite weight beyond the ends does not make NaN. Gradients:
  /// those of the sum, exact for `x`, `W` and `b`.
  ///
  /// Source: PyTorch's `conv1d`; `.causal` is the padding of WaveNet (van den Oord et al. 2016).
  ///
  /// - Parameters:
  ///   - weight: `[out, C / groups, kernel]`.
  ///   - bias: `[out]`, or none.
  ///   - stride: the distance between the windows.
  ///   - padding: elements at the ends: a number for both, `.same` or `.causal`.
  ///   - paddingMode: what they are; zeros by default.
  ///   - dilation: the distance between the taps of the kernel.
  ///   - groups: the parts that channels are cut into, each convolved on its own.
  /// - Returns: `[N, out, L_out]` for `[N, C, L]`, with
  ///   `L_out = (L + 2 · padding − dilation · (kernel − 1) − 1) / stride + 1`.
  /// - Throws: when the channels differ, the input is shorter than the kernel or than its padding, or
  ///   a setting is not positive.
  public func conv1d(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: ConvolutionPadding = 0,
    paddingMode: PaddingMode = .zeros, dilation: Int = 1, groups: Int = 1
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
    let span = try WindowSizes.span(kernel: kernel, dilation: dilation, "conv1d", operands)
    if case .zeros(let count) = padding {
      try WindowSizes.check(padding: count, at: shape[2], "conv1d", operands)
    }
    // before the first element, and at both ends together
    let (before, zeros): (Int, Int)
    switch padding {
    case .zeros(let count): (before, zeros) = (count, 2 * count)
    case .same:
      guard stride == 1 else {
        throw TensorError(
          "conv1d", "padding .same keeps the length only with stride 1, not \(stride)")
      }
      (before, zeros) = ((span - 1) / 2, span - 1)
    case .causal: (before, zeros) = (span - 1, span - 1)
    }
    guard before >= 0 else {
      throw TensorError("conv1d", "stride, dilation and kernel must be positive, padding not < 0")
    }
    guard shape[2] + zeros >= span else {
      throw TensorError(
        "conv1d",
        "\(operands): the input has length \(shape[2]) with padding \(padding), the kernel spans "
          + "\(span)")
    }
    if paddingMode != .zeros, zeros > 0 {
      return try continued(
        "conv1d", axis: 2, before: before, after: zeros - before, paddingMode
      )
      .conv1d(weight, bias: bias, stride: stride, dilation: dilation, groups: groups)
    }
    let outLength = (shape[2] + zeros - span) / stride + 1
    let resultShape: Shape = [shape[0], outChannels, outLength]
    try resultShape.checkRoom("conv1d", operands)
    if channelsLast != nil, groups == 1, zeros == 0 {
      let sizes = rk_conv1d_shape(
        batch: shape[0], inChannels: shape[1], inLength: shape[2], outChannels: outChannels,
        outLength: outLength, kernel: kernel, stride: stride, padding: 0, dilation: dilation)
      if rk_conv1d_channels_last_serves(sizes, requiresGrad) {
        return convolvedChannelsLast(weight, bias, sizes, resultShape)
      }
    }
    let single = rk_convolution_axis(
      inputs: 1, outputs: 1, kernel: 1, stride: 1, padding: 0, dilation: 1)
    let sizes = rk_convolution_shape(
      batch: shape[0], inChannels: shape[1], outChannels: outChannels, groups: groups, rows: single,
      columns: rk_convolution_axis(
        inputs: shape[2], outputs: outLength, kernel: kernel, stride: stride, padding: before,
        dilation: dilation), axes: 1)
    return try convolved("conv1d", weight, bias, sizes, resultShape)
  }

  /// The convolution, checked, of any number of axes.
  func convolved(
    _ name: String, _ weight: Tensor, _ bias: Tensor?, _ sizes: rk_convolution_shape,
    _ resultShape: Shape
  ) throws(TensorError) -> Tensor {
    if resultShape.count > 0 {
      let scratch = rk_convolution_scratch(sizes, requiresGrad || weight.requiresGrad)
      try checkRoom(
        inBetween: Int(clamping: scratch), name,
        "\(operandDescription) ∗ \(weight.operandDescription)")
    }
    let (x, w) = (storage, weight.storage)
    let result = Storage(count: resultShape.count, for: name)
    rk_convolution(sizes, result.pointer, x.pointer, w.pointer, bias?.storage.pointer)
    let (wantsX, wantsW) = (requiresGrad, weight.requiresGrad)
    let biasCount = bias.map { $0.requiresGrad ? resultShape[1] : 0 }
    return Self.make(
      name, result, resultShape, from: [self, weight] + (bias.map { [$0] } ?? [])
    ) { g in
      let gradX = wantsX ? Storage(count: x.count, for: name) : nil
      let gradW = wantsW ? Storage(count: w.count, for: name) : nil
      let gradB = biasCount.flatMap { $0 > 0 ? Storage(count: $0, for: name) : nil }
      rk_convolution_gradient(
        sizes, gradX?.pointer, gradW?.pointer, gradB?.pointer, x.pointer, w.pointer, g.pointer)
      let gradients = [gradX, gradW].map { $0.map(Gradient.whole) ?? .none }
      return gradients + (biasCount == nil ? [] : [gradB.map(Gradient.whole) ?? .none])
    }
  }

  private func convolvedChannelsLast(
    _ weight: Tensor, _ bias: Tensor?, _ sizes: rk_conv1d_shape, _ resultShape: Shape
  ) -> Tensor {
    // the weight first: asking for its elements puts them into the usual order, and it may be the
    // input itself
    let w = weight.storage
    let (input, x) = inChannelsLastOrder()
    let result = Storage(count: resultShape.count, for: "conv1d")
    rk_conv1d_channels_last(sizes, result.pointer, x.pointer, w.pointer, bias?.storage.pointer)
    let (wantsX, hasBias) = (requiresGrad, bias != nil)
    return Self.make(
      "conv1d", channelsLast: result, resultShape,
      from: [input, weight] + (bias.map { [$0] } ?? [])
    ) { g in
      let gradX = wantsX ? Storage(count: x.count, for: "conv1d") : nil
      let gradW = Storage(count: w.count, for: "conv1d")
      let gradB = hasBias ? Storage(count: sizes.outChannels, for: "conv1d") : nil
      rk_conv1d_channels_last_gradient(
        sizes, gradX?.pointer, gradW.pointer, gradB?.pointer, x.pointer, w.pointer, g.pointer)
      return [gradX.map(Gradient.whole) ?? .none, .whole(gradW)]
        + (gradB.map { [Gradient.whole($0)] } ?? [])
    }
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
