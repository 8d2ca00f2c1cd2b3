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
  if reduction == .none {
    try logits.shape.checkRoom("binaryCrossEntropyWithLogits", logits.operandDescription)
  }
  let (x, t) = (logits.storage, targets.storage)
  let name = "binaryCrossEntropyWithLogits"
  func make(_ result: Storage, _ shape: Shape, scale: Float) -> Tensor {
    Tensor.make(name, result, shape, from: [logits]) { g in
      let gradient = Storage(count: x.count)
      rk_bce_with_logits_gradient(
        gradient.pointer, x.pointer, t.pointer, positiveWeight, g.pointer,
        reduction == .none ? 1 : 0,
        scale, x.count)
      return [.whole(gradient)]
    }
  }
  guard reduction != .none else {
    let losses = Storage(count: x.count)
    _ = rk_bce_with_logits(losses.pointer, x.pointer, t.pointer, positiveWeight, x.count)
    return make(losses, logits.shape, scale: 1)
  }
  let total = rk_bce_with_logits(nil, x.pointer, t.pointer, positiveWeight, x.count)
  let count = reduction == .mean ? Double(x.count) : 1
  return make(
    Storage([calculating { Float(total / count) }]), [], scale: calculating { Float(1 / count) })
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
///   - ignoreIndex: the rows with this label count nothing: their loss and gradient are 0, and the
///     mean is over the others. It need not be a class.
///   - reduction: the mean when left out; with weights divided by the labels' total weight.
/// - Returns: a scalar; without reduction one loss for each row.
/// - Throws: when the numbers of examples or classes differ, a label is not a class, the smoothing is
///   not a share, or all labels are ignored and there is nothing to average (PyTorch: NaN).
public func crossEntropy(
  _ logits: Tensor, labels: [Int32], classWeights: [Float]? = nil, smoothing: Float = 0,
  ignoreIndex: Int32? = nil, reduction: LossReduction = .mean
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
  if let bad = labels.first(where: { ($0 < 0 || $0 >= classes) && $0 != ignoreIndex }) {
    throw TensorError("crossEntropy", "the label \(bad) is not one of the \(classes) classes")
  }
  try Shape([classes]).checkRoom("crossEntropy", logits.operandDescription)
  let weights = classWeights ?? Array(repeating: 1, count: classes)
  guard weights.count == classes else {
    throw TensorError(
      "crossEntropy", "there are \(weights.count) class weights for \(classes) classes")
  }
  guard (0...1).contains(smoothing) else {
    throw TensorError("crossEntropy", "the smoothing \(smoothing) is not between 0 and 1")
  }
  // no class: counts nothing
  let counted = ignoreIndex.map { ignored in labels.map { $0 == ignored ? -1 : $0 } } ?? labels
  guard reduction != .mean || counted.contains(where: { $0 >= 0 }) else {
    throw TensorError(
      "crossEntropy",
      "all \(labels.count) labels are \(labels[0]), which is ignored: there is nothing to average",
      remedy: "Leave such batches out, or take the sum")
  }
  try Shape([labels.count]).checkRoom("crossEntropy", logits.operandDescription)
  let targets = ClassTargets(labels: counted, weights: weights, smoothing: smoothing)
  let losses = logits.crossEntropies(targets)
  switch reduction {
  case .mean: return losses.sum() / Float(targets.totalWeight)
  case .sum: return losses.sum()
  case .none: return losses
  }
}

/// What the logits of a cross-entropy are compared with.
private struct ClassTargets {
  let labels: [Int32]
  let weights: [Float]
  let smoothing: Float

  /// Calls `body` with the form that kernels take.
  func withShape<Result>(
    _ logits: Storage, _ body: (rk_cross_entropy_shape) -> Result
  ) -> Result {
    labels.withUnsafeBufferPointer { labels in
      weights.withUnsafeBufferPointer { weights in
        body(
          rk_cross_entropy_shape(
            x: logits.pointer, labels: labels.baseAddress, weights: weights.baseAddress,
            rows: labels.count, classes: weights.count, smoothing: smoothing))
      }
    }
  }

  /// Of the labels that count, summed in double precision: a million single ones lose digits.
  var totalWeight: Double {
    labels.reduce(0) { $1 < 0 ? $0 : $0 + Double(weights[Int($1)]) }
  }
}

extension Tensor {
  /// `−Σ_k q_k · log softmax(x)_k` for each row. Gradient: `g · (softmax(x) · Σ_k q_k − q)`.
  fileprivate func crossEntropies(_ targets: ClassTargets) -> Tensor {
    let x = storage
    let rows = targets.labels.count
    let (result, peaks, logarithms) = (
      Storage(count: rows, for: "crossEntropy"), Storage(count: rows, for: "crossEntropy"),
      Storage(count: rows, for: "crossEntropy")
    )
    targets.withShape(x) {
      rk_cross_entropy($0, result.pointer, peaks.pointer, logarithms.pointer)
    }
    return Self.make(
      "crossEntropy", result, Shape(shape.dimensions.dropLast()), from: [self]
    ) { g in
      let gradient = Storage(count: x.count, for: "crossEntropy")
      targets.withShape(x) {
        rk_cross_entropy_gradient(
          $0, gradient.pointer, peaks.pointer, logarithms.pointer, g.pointer)
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
  try x.shape.checkRoom(
    "meanSquaredError", "\(x.operandDescription) and \(targets.operandDescription)")
  return try (x - targets).squared().reduced(reduction)
}
