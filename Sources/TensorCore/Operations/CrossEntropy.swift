import CKernels

/// The mean binary cross-entropy of logits:
/// `−mean(t · log σ(x) + (1 − t) · log(1 − σ(x)))`, computed without overflow.
///
/// Gradient for the logits: `g · (σ(x) − t) / count`. Source: PyTorch's
/// `binary_cross_entropy_with_logits`.
///
/// - Parameters:
///   - logits: any shape; no final sigmoid, this function applies it.
///   - targets: 0 or 1 (or between), one for each logit, of the same shape.
/// - Returns: a scalar.
/// - Throws: when the shapes differ or there is nothing to average.
public func binaryCrossEntropyWithLogits(
  _ logits: Tensor, targets: Tensor
) throws(TensorError) -> Tensor {
  guard logits.shape == targets.shape else {
    throw TensorError(
      "binaryCrossEntropyWithLogits",
      "the logits have shape \(logits.shape), the targets \(targets.shape)",
      remedy: "Reshape one of them: broadcasting here would average over wrong pairs")
  }
  guard logits.count > 0 else {
    throw TensorError("binaryCrossEntropyWithLogits", "there are no examples to average over")
  }
  let (x, t) = (logits.storage, targets.storage)
  let result = Storage([rk_bce_with_logits(x.pointer, t.pointer, x.count)])
  return Tensor.make("binaryCrossEntropyWithLogits", result, [], from: [logits]) { g in
    let gradient = Storage(count: x.count)
    rk_bce_with_logits_gradient(
      gradient.pointer, x.pointer, t.pointer, g.pointer[0] / Float(x.count), x.count)
    return [.whole(gradient)]
  }
}

/// The mean cross-entropy of logits with class numbers: `−mean(log softmax(x)_label)`.
///
/// Gradient for the logits: `g · (softmax(x) − onehot(label)) / N`. Source: PyTorch's
/// `cross_entropy`.
///
/// - Parameters:
///   - logits: `[N, K]`; no final softmax, this function applies it.
///   - labels: N class numbers, each in `0 ..< K`.
/// - Returns: a scalar.
/// - Throws: when the numbers of examples differ or a label is not a class.
public func crossEntropy(_ logits: Tensor, labels: [Int32]) throws(TensorError) -> Tensor {
  guard logits.rank == 2, logits.shape[0] == labels.count, !labels.isEmpty else {
    throw TensorError(
      "crossEntropy",
      "the logits have shape \(logits.shape) and there are \(labels.count) labels: expected [N, K] "
        + "and N")
  }
  let classes = logits.shape[1]
  if let bad = labels.first(where: { $0 < 0 || $0 >= classes }) {
    throw TensorError("crossEntropy", "the label \(bad) is not one of the \(classes) classes")
  }
  let logarithms = try logits.logSoftmax(axis: 1)
  let result = Storage(count: 1)
  let values = logarithms.storage
  var total: Double = 0
  for (row, label) in labels.enumerated() {
    total -= Double(values.pointer[row * classes + Int(label)])
  }
  result.pointer[0] = Float(total / Double(labels.count))
  return Tensor.make("crossEntropy", result, [], from: [logarithms]) { g in
    let gradient = Storage(count: values.count, filledWith: 0)
    let share = -g.pointer[0] / Float(labels.count)
    for (row, label) in labels.enumerated() { gradient.pointer[row * classes + Int(label)] = share }
    return [.whole(gradient)]
  }
}
