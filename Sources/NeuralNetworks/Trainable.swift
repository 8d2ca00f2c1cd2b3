import Examples
import TensorCore

/// What a network says of a batch, by name: `logits`, and whatever else it gives. Each tensor has one row
/// for an example.
public typealias Predictions = NamedTensors

extension NamedTensors {
  /// Names what a network says.
  public init(_ predictions: [(name: String, tensor: Tensor)]) {
    self.init(predictions, kind: "prediction")
  }
}

/// A module that can be trained on batches: it says what it predicts, and how wrong that is.
///
/// A network of one input with logits adopts `Network` and needs neither; one of several inputs, or
/// with a loss of its own, writes them. Compare `training_step` of d2l and PyTorch Lightning.
public protocol Trainable: Module {
  /// What the module says of a batch.
  func predictions(_ batch: Batch) throws -> Predictions
  /// The loss of predictions, a scalar.
  ///
  /// - Parameter classWeights: how much each class counts; nil where all count the same.
  func loss(
    _ predictions: Predictions, _ batch: Batch, classWeights: [Float]?
  ) throws -> Tensor
}

extension Trainable {
  /// The loss of the `logits` by the targets.
  public func loss(
    _ predictions: Predictions, _ batch: Batch, classWeights: [Float]?
  ) throws -> Tensor {
    try lossFunction(predictions["logits"], batch.targets, classWeights: classWeights)
  }
}

/// The loss of logits by what is to be learned: for classes the cross-entropy, which is the binary one
/// for logits `[N, 1]`; for label sets the binary cross-entropy of each label; for numbers the mean
/// squared error.
///
/// - Throws: when the logits have another shape, or there are no targets.
public func lossFunction(
  _ logits: Tensor, _ targets: Targets, classWeights: [Float]? = nil
) throws(TensorError) -> Tensor {
  func require(_ count: Int, width: Int) throws(TensorError) {
    guard logits.shape == [count, width] else {
      throw TensorError(
        "loss", "the network's output has shape \(logits.shape), expected [\(count), \(width)]")
    }
  }
  switch targets {
  case .none:
    throw TensorError("loss", "the examples have no targets")
  case .classes(let labels, let count):
    guard count <= 2, logits.shape != [labels.count, 2] else {
      try require(labels.count, width: count)
      return try crossEntropy(logits, labels: labels, classWeights: classWeights)
    }
    try require(labels.count, width: 1)
    let targets = try Tensor(labels.map(Float.init), shape: logits.shape)
    guard let classWeights else {
      return try binaryCrossEntropyWithLogits(logits, targets: targets)
    }
    guard classWeights.count == 2 else {
      throw TensorError("loss", "there are \(classWeights.count) class weights for 2 classes")
    }
    let weights = labels.map { classWeights[$0 == 1 ? 1 : 0] }
    let losses = try binaryCrossEntropyWithLogits(logits, targets: targets, reduction: .none)
    return try (losses * Tensor(weights, shape: logits.shape)).sum() * (1 / weights.reduce(0, +))
  case .labelSets(let flags, let count):
    try require(count > 0 ? flags.count / count : 0, width: count)
    return try binaryCrossEntropyWithLogits(
      logits, targets: Tensor(flags.map(Float.init), shape: logits.shape))
  case .numbers(let values, let width):
    try require(width > 0 ? values.count / width : 0, width: width)
    return try meanSquaredError(logits, targets: Tensor(values, shape: logits.shape))
  }
}
