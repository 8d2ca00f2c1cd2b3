import CKernels

extension Tensor {
  /// Layer normalisation: each row of the last axis shifted and scaled to mean 0 and variance 1,
  /// then `y = x̂ · weight + bias`, with `x̂ = (x − mean) / √(variance + ε)`.
  ///
  /// Gradients: with `d = g · weight`, `(d − mean(d) − x̂ · mean(d · x̂)) / √(variance + ε)` for x,
  /// `Σ g · x̂` for the weight and `Σ g` for the bias. A row whose variance floats cannot hold
  /// (beyond 3.4e38) becomes NaN. Source: Ba et al. 2016; PyTorch's `layer_norm`.
  ///
  /// - Parameters:
  ///   - weight: `[F]`, the last axis' size.
  ///   - bias: `[F]`.
  ///   - epsilon: keeps the division finite where a row is constant.
  /// - Throws: when the sizes do not fit.
  public func layerNorm(
    weight: Tensor, bias: Tensor, epsilon: Float = 1e-5
  ) throws(TensorError) -> Tensor {
    guard rank >= 1, weight.shape == [shape[-1]], bias.shape == weight.shape else {
      throw TensorError(
        "layerNorm",
        "\(operandDescription) with weight \(weight.shape) and bias \(bias.shape): both must have "
          + "the last axis' size")
    }
    let width = shape[-1]
    let rows = count / Swift.max(width, 1)
    try shape.checkRoom("layerNorm", operandDescription)
    try checkRoom(
      inBetween: NormalisedGroups.numbers(rows), "layerNorm", operandDescription)
    let (x, w) = (storage, weight.storage)
    let result = Storage(count: count)
    let groups = NormalisedGroups(count: rows, for: "layerNorm")
    rk_layer_norm(
      result.pointer, groups.pointer, x.pointer, w.pointer, bias.storage.pointer, rows, width,
      epsilon)
    let wanted = [requiresGrad, weight.requiresGrad, bias.requiresGrad]
    return Self.make("layerNorm", result, shape, from: [self, weight, bias]) { g in
      let gradients = zip(wanted, [x.count, width, width]).map { $0 ? Storage(count: $1) : nil }
      rk_layer_norm_gradient(
        gradients[0]?.pointer, gradients[1]?.pointer, gradients[2]?.pointer, x.pointer,
        groups.pointer, w.pointer, g.pointer, rows, width)
      return gradients.map { $0.map(Gradient.whole) ?? .none }
    }
  }

  /// Batch normalisation: each channel shifted and scaled to mean 0 and variance 1 over the samples
  /// (and steps, or rows and columns), then `y = x̂ · weight + bias`, with
  /// `x̂ = (x − mean) / √(variance + ε)`.
  ///
  /// Gradients: as those of `layerNorm`, the means over the samples; with given statistics, which
  /// do not depend on x, `g · weight / √(variance + ε)`. A channel whose variance floats cannot
  /// hold (beyond 3.4e38) becomes NaN, where PyTorch gives 0.
  /// Source: Ioffe and Szegedy 2015; PyTorch's `batch_norm`.
  ///
  /// - Parameters:
  ///   - weight: `[C]`.
  ///   - bias: `[C]`.
  ///   - statistics: the mean and variance `[C]` to use (evaluation); the batch's when left out.
  ///   - epsilon: keeps the division finite where a channel is constant.
  /// - Returns: the result, and the batch's mean and variance (`Σ (x − mean)² / n`).
  /// - Throws: when the sizes do not fit, or the batch has just one value for each channel.
  public func batchNorm(
    weight: Tensor, bias: Tensor, statistics: (mean: Tensor, variance: Tensor)? = nil,
    epsilon: Float = 1e-5
  ) throws(TensorError) -> (result: Tensor, mean: Tensor, variance: Tensor) {
    guard (2...4).contains(rank), weight.shape == [shape[1]], bias.shape == weight.shape,
      statistics.map({ $0.mean.shape == weight.shape && $0.variance.shape == weight.shape }) ?? true
    else {
      throw TensorError(
        "batchNorm",
        "\(operandDescription) with weight \(weight.shape) and bias \(bias.shape): expected [N, C], "
          + "[N, C, L] or [N, C, rows, columns], and [C]")
    }
    let (samples, channels) = (shape[0], shape[1])
    let inner = shape.dimensions[2...].reduce(1, *)
    guard statistics != nil || samples * inner > 1 else {
      throw TensorError(
        "batchNorm", "\(operandDescription): one value for each channel has no variance",
        remedy: "Train with larger batches, or call eval()")
    }
    try shape.checkRoom("batchNorm", operandDescription)
    try checkRoom(
      inBetween: Swift.max(
        NormalisedGroups.numbers(channels), rk_batch_norm_scratch(samples, channels, inner)),
      "batchNorm", operandDescription)
    let (x, w) = (storage, weight.storage)
    let result = Storage(count: count)
    let groups = NormalisedGroups(count: channels, for: "batchNorm")
    let isGiven = statistics != nil
    if let statistics {
      rk_normalisation_given(
        groups.pointer, statistics.mean.storage.pointer, statistics.variance.storage.pointer,
        channels, epsilon)
    }
    rk_batch_norm(
      result.pointer, groups.pointer, isGiven, x.pointer, w.pointer, bias.storage.pointer, samples,
      channels, inner, epsilon)
    let wanted = [requiresGrad, weight.requiresGrad, bias.requiresGrad]
    let made = Self.make("batchNorm", result, shape, from: [self, weight, bias]) { g in
      let gradients = zip(wanted, [x.count, channels, channels]).map {
        $0 ? Storage(count: $1) : nil
      }
      rk_batch_norm_gradient(
        gradients[0]?.pointer, gradients[1]?.pointer, gradients[2]?.pointer, x.pointer,
        groups.pointer, isGiven, w.pointer, g.pointer, samples, channels, inner)
      return gradients.map { $0.map(Gradient.whole) ?? .none }
    }
    return (
      made, statistics?.mean ?? groups.tensor(\.mean, channels),
      statistics?.variance ?? groups.tensor(\.variance, channels)
    )
  }
}

/// What the groups of a normalisation are shifted and scaled by: rows for layers, channels for
/// batches.
private typealias NormalisedGroups = KernelRecords<rk_normalisation_group>

extension KernelRecords<rk_normalisation_group> {
  /// One of the statistics of the first `count` groups.
  fileprivate func tensor(_ part: KeyPath<rk_normalisation_group, Float>, _ count: Int) -> Tensor {
    Tensor(Storage((0..<count).map { pointer[$0][keyPath: part] }), [count])
  }
}
