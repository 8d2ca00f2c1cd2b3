extension Tensor {
  /// Layer normalisation: each row of the last axis shifted and scaled to mean 0 and variance 1,
  /// then `y = x̂ · weight + bias`, with `x̂ = (x − mean) / √(variance + ε)`.
  ///
  /// Gradients: with `d = g · weight`, `(d − mean(d) − x̂ · mean(d · x̂)) / √(variance + ε)` for x,
  /// `Σ g · x̂` for the weight and `Σ g` for the bias. Source: Ba et al. 2016; PyTorch's `layer_norm`.
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
    let groups = NormalisedGroups(outer: 1, groups: count / Swift.max(width, 1), inner: width)
    let scales = (weight.storage, bias.storage)
    return Self.normalised(
      "layerNorm", self, weight, bias, groups, epsilon: epsilon, given: nil,
      channel: { $0 % width }, channels: width, scales
    ).result
  }

  /// Batch normalisation: each channel shifted and scaled to mean 0 and variance 1 over the samples
  /// (and steps), then `y = x̂ · weight + bias`, with `x̂ = (x − mean) / √(variance + ε)`.
  ///
  /// Gradients: as those of `layerNorm`, the means over the samples; with given statistics, which
  /// do not depend on x, `g · weight / √(variance + ε)`.
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
    guard rank == 2 || rank == 3, weight.shape == [shape[1]], bias.shape == weight.shape,
      statistics.map({ $0.mean.shape == weight.shape && $0.variance.shape == weight.shape }) ?? true
    else {
      throw TensorError(
        "batchNorm",
        "\(operandDescription) with weight \(weight.shape) and bias \(bias.shape): expected [N, C] "
          + "or [N, C, L], and [C]")
    }
    let inner = rank == 3 ? shape[2] : 1
    let channels = shape[1]
    guard statistics != nil || shape[0] * inner > 1 else {
      throw TensorError(
        "batchNorm", "\(operandDescription): one value for each channel has no variance",
        remedy: "Train with larger batches, or call eval()")
    }
    let groups = NormalisedGroups(outer: shape[0], groups: channels, inner: inner)
    return Self.normalised(
      "batchNorm", self, weight, bias, groups, epsilon: epsilon,
      given: statistics.map { ($0.mean.storage, $0.variance.storage) },
      channel: { $0 / inner % channels }, channels: channels, (weight.storage, bias.storage))
  }

  /// Normalisation of groups of elements, each with a weight and a bias by its channel.
  @inline(__always)
  private static func normalised(
    _ name: String, _ tensor: Tensor, _ weight: Tensor, _ bias: Tensor, _ groups: NormalisedGroups,
    epsilon: Float, given: (mean: Storage, variance: Storage)?,
    channel: @escaping (Int) -> Int, channels: Int, _ scales: (weight: Storage, bias: Storage)
  ) -> (result: Tensor, mean: Tensor, variance: Tensor) {
    let (x, result) = (tensor.storage, Storage(count: tensor.count))
    let normalised = Storage(count: tensor.count)
    let (mean, variance) = given ?? groups.statistics(of: x)
    let total = groups.groups
    inParts(total, cost: 4 * groups.size) { range in
      for group in range {
        let scale = 1 / (variance.pointer[group] + epsilon).squareRoot()
        groups.forEach(in: group) { i in
          let value = (x.pointer[i] - mean.pointer[group]) * scale
          normalised.pointer[i] = value
          let c = channel(i)
          result.pointer[i] = value * scales.weight.pointer[c] + scales.bias.pointer[c]
        }
      }
    }
    let isGiven = given != nil
    let made = make(name, result, tensor.shape, from: [tensor, weight, bias]) { g in
      let gradX = Storage(count: x.count)
      inParts(total, cost: 8 * groups.size) { range in
        for group in range {
          let scale = 1 / (variance.pointer[group] + epsilon).squareRoot()
          var (sum, product): (Float, Float) = (0, 0)
          if !isGiven {
            groups.forEach(in: group) { i in
              let d = g.pointer[i] * scales.weight.pointer[channel(i)]
              sum += d
              product += d * normalised.pointer[i]
            }
            sum /= Float(groups.size)
            product /= Float(groups.size)
          }
          groups.forEach(in: group) { i in
            let d = g.pointer[i] * scales.weight.pointer[channel(i)]
            gradX.pointer[i] = scale * (d - sum - normalised.pointer[i] * product)
          }
        }
      }
      let gradWeight = Storage(count: channels, filledWith: 0)
      let gradBias = Storage(count: channels, filledWith: 0)
      for i in 0..<g.count {
        let c = channel(i)
        gradWeight.pointer[c] += g.pointer[i] * normalised.pointer[i]
        gradBias.pointer[c] += g.pointer[i]
      }
      return [.whole(gradX), .whole(gradWeight), .whole(gradBias)]
    }
    return (made, Tensor(mean, [total]), Tensor(variance, [total]))
  }
}

/// The elements that are normalised together: those of rows for layers, of channels for batches.
/// As `[outer, groups, inner]`, a group takes `inner` elements of each outer row.
private struct NormalisedGroups {
  let outer: Int
  let groups: Int
  let inner: Int

  var size: Int { outer * inner }

  @inline(__always)
  func forEach(in group: Int, _ body: (Int) -> Void) {
    for row in 0..<outer {
      let start = (row * groups + group) * inner
      for i in start..<(start + inner) { body(i) }
    }
  }

  /// The mean and the variance of each group, in two passes: one alone loses the digits of a
  /// small variance around a large mean.
  func statistics(of x: Storage) -> (mean: Storage, variance: Storage) {
    let (mean, variance) = (Storage(count: groups), Storage(count: groups))
    inParts(groups, cost: 4 * size) { range in
      for group in range {
        var sum: Float = 0
        forEach(in: group) { sum += x.pointer[$0] }
        let average = sum / Float(size)
        var squares: Float = 0
        forEach(in: group) { i in
          let d = x.pointer[i] - average
          squares += d * d
        }
        mean.pointer[group] = average
        variance.pointer[group] = squares / Float(size)
      }
    }
    return (mean, variance)
  }
}
