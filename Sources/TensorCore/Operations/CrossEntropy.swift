import CKernels

/// What becomes of the losses of the examples.
public enum LossReduction: Hashable, Sendable {
  /// Their mean, a scalar; with class weights the weighted mean.
  case mean
  /// Their sum, a scalar.
  case sum
  /// Nothing: one loss for each example.
  case none
}

/// The binary cross-entropy of logits:
/// `−(w · t · log σ(x) + (1 − t) · log(1 − σ(x)))`, computed without overflow.
///
/// Gradient for the logits of the mean: `g · (σ(x) − t) / count`. Source: PyTorch's
/// `binary_cross_entropy_with_logits`.
///
/// - Parameters:
///   - logits: any shape; no final sigmoid, this function applies it.
///   - targets: 0 or 1 (or between), one for each logit, of the same shape.
///   - positiveWeight: how much a positive example counts, w: negatives over positives balances
///     the classes.
///   - reduction: the mean when left out.
/// - Returns: a scalar; without reduction one loss for each logit.
/// - Throws: when the shapes differ or there is nothing to average.
public func binaryCrossEntropyWithLogits(
  _ logits: Tensor, targets: Tensor, positiveWeight: Float = 1, reduction: LossReduction = .mean
) throws(TensorError) -> Tensor {
  guard logits.shape == targets.shape else {
    throw TensorError(
      "binaryCrossEntropyWithLogits",
      "the logits have shape \(logits.shape), the targets \(targets.shape)",
      remedy: "Reshape one of them: broadcasting here would average over wrong pairs")
  }
  guard logits.count > 0 || reduction != .mean else {
    throw TensorError("binaryCrossEntropyWithLogits", "there are no examples to average over")
  }
  guard reduction == .mean, positiveWeight == 1 else {
    // log σ(x) = −softplus(−x)
    let t = targets.detached()
    let weights = 1 + (positiveWeight - 1) * t
    let losses = try (1 - t) * logits + weights * (-logits).softplus()
    return losses.reduced(reduction)
  }
  let (x, t) = (logits.storage, targets.storage)
  let result = Storage([calculating { rk_bce_with_logits(x.pointer, t.pointer, x.count) }])
  return Tensor.make("binaryCrossEntropyWithLogits", result, [], from: [logits]) { g in
    let gradient = Storage(count: x.count)
    rk_bce_with_logits_gradient(
      gradient.pointer, x.pointer, t.pointer, g.pointer[0] / Float(x.count), x.count)
    return [.whole(gradient)]
  }
}

/// The cross-entropy of logits with class numbers: `−Σ_k q_k · log softmax(x)_k` with
/// `q_k = w_k · ((1 − s) · [k = label] + s / K)`.
///
/// Gradient for the logits of the mean, without weights and smoothing:
/// `g · (softmax(x) − onehot(label)) / N`. Source: PyTorch's `cross_entropy`.
///
/// - Parameters:
///   - logits: `[…, K]`; no final softmax, this function applies it.
///   - labels: class numbers in `0 ..< K`, one for each row of logits.
///   - classWeights: how much each class counts, w; all 1 when left out.
///   - smoothing: the share s of the target that is spread over all classes, in `0 ... 1`.
///   - reduction: the mean when left out; with weights divided by the labels' total weight.
/// - Returns: a scalar; without reduction one loss for each row.
/// - Throws: when the numbers of examples or classes differ, a label is not a class, or the
///   smoothing is not a share.
public func crossEntropy(
  _ logits: Tensor, labels: [Int32], classWeights: [Float]? = nil, smoothing: Float = 0,
  reduction: LossReduction = .mean
) throws(TensorError) -> Tensor {
  let classes = logits.rank >= 2 ? logits.shape[-1] : 0
  guard logits.rank >= 2, logits.shape.dimensions.dropLast().reduce(1, *) == labels.count,
    !labels.isEmpty || reduction != .mean
  else {
    throw TensorError(
      "crossEntropy",
      "the logits have shape \(logits.shape) and there are \(labels.count) labels: expected [N, K] "
        + "and N")
  }
  if let bad = labels.first(where: { $0 < 0 || $0 >= classes }) {
    throw TensorError("crossEntropy", "the label \(bad) is not one of the \(classes) classes")
  }
  let weights = classWeights ?? Array(repeating: 1, count: classes)
  guard weights.count == classes else {
    throw TensorError(
      "crossEntropy", "there are \(weights.count) class weights for \(classes) classes")
  }
  guard (0...1).contains(smoothing) else {
    throw TensorError("crossEntropy", "the smoothing \(smoothing) is not between 0 and 1")
  }
  let logarithms = try logits.logSoftmax()
  let total = labels.reduce(0) { $0 + weights[Int($1)] }
  let losses = calculating { logarithms.crossEntropies(labels, weights, smoothing) }
  switch reduction {
  case .mean: return losses.sum() * (1 / total)
  case .sum: return losses.sum()
  case .none: return losses
  }
}

extension Tensor {
  /// `−Σ_k q_k x_k` for each row of logarithms. Gradient: `−g · q`.
  fileprivate func crossEntropies(
    _ labels: [Int32], _ weights: [Float], _ smoothing: Float
  ) -> Tensor {
    let (classes, x) = (weights.count, storage)
    let spread = smoothing / Float(Swift.max(classes, 1))
    let result = Storage(count: labels.count)
    for (row, label) in labels.enumerated() {
      let values = x.pointer + row * classes
      var loss = -(1 - smoothing) * weights[Int(label)] * values[Int(label)]
      if spread > 0 { for k in 0..<classes { loss -= spread * weights[k] * values[k] } }
      result.pointer[row] = loss
    }
    return Self.make(
      "crossEntropy", result, Shape(shape.dimensions.dropLast()), from: [self]
    ) { g in
      let gradient = Storage(count: labels.count * classes)
      for (row, label) in labels.enumerated() {
        for k in 0..<classes {
          let q = weights[k] * (spread + (k == Int(label) ? 1 - smoothing : 0))
          gradient.pointer[row * classes + k] = -g.pointer[row] * q
        }
      }
      return [.whole(gradient)]
    }
  }

  fileprivate func reduced(_ reduction: LossReduction) -> Tensor {
    switch reduction {
    case .mean: mean()
    case .sum: sum()
    case .none: self
    }
  }
}

/// The squared differences, `(x − t)²`, averaged. Source: PyTorch's `mse_loss`.
///
/// - Throws: when the shapes differ or there is nothing to average.
public func meanSquaredError(
  _ x: Tensor, targets: Tensor, reduction: LossReduction = .mean
) throws(TensorError) -> Tensor {
  guard x.shape == targets.shape, x.count > 0 || reduction != .mean else {
    throw TensorError(
      "meanSquaredError",
      "the values have shape \(x.shape), the targets \(targets.shape): expected the same, not empty",
      remedy: "Reshape one of them: broadcasting here would average over wrong pairs")
  }
  return try (x - targets).squared().reduced(reduction)
}
