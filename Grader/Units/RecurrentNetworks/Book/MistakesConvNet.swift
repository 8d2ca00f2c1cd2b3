import Judge
import TensorCore

/// The convolutional network as students write it.
struct ConvNetVariant: Variant {
  enum Pooling { case average, maximum, none }
  enum Activation { case relu, sigmoid, tanh, leakyReLU }
  enum Summary { case mean, maximum, sum, lastStep }
  enum Ending { case logits, sigmoid, relu, tanh, softmax }

  var reshapesInput = false
  var padding = 0
  var stride = 1
  var pooling = Pooling.average
  /// The convolutions that a pooling follows, from 0.
  var pooledLayers: Set<Int> = [0, 1]
  var poolingSize = 2
  var poolingStride: Int?
  var poolsFirst = false
  var activation = Activation.relu
  /// The convolutions that an activation follows.
  var activatedLayers: Set<Int> = [0, 1, 2]
  var activatesMean = false
  var summary = Summary.mean
  var ending = Ending.logits

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let weights = numbers.parameters.map(\.tensor)
    let input = numbers.input
    var X = try input.transposed(1, 2)
    if reshapesInput { X = try input.reshaped(X.shape) }
    for layer in 0..<3 {
      X = try X.conv1d(
        weights[2 * layer], bias: weights[2 * layer + 1], stride: layer < 2 ? stride : 1,
        padding: .zeros(padding))
      if poolsFirst { X = try pooled(X, layer) }
      if activatedLayers.contains(layer) { X = activated(X) }
      if !poolsFirst { X = try pooled(X, layer) }
    }
    var channels =
      switch summary {
      case .mean: try X.mean(axis: 2)
      case .maximum: try X.max(axis: 2)
      case .sum: try X.sum(axis: 2)
      case .lastStep: try X.select(axis: 2, index: X.shape[2] - 1)
      }
    if activatesMean { channels = relu(channels) }
    let logits = try channels.linear(weights[6], weights[7])
    switch ending {
    case .logits: return [("logits", logits)]
    case .sigmoid: return [("logits", sigmoid(logits))]
    case .relu: return [("logits", relu(logits))]
    case .tanh: return [("logits", tanh(logits))]
    case .softmax: return [("logits", try logits.softmax())]
    }
  }

  private func pooled(_ X: Tensor, _ layer: Int) throws -> Tensor {
    guard pooledLayers.contains(layer) else { return X }
    switch pooling {
    case .average: return try X.averagePool1d(kernelSize: poolingSize, stride: poolingStride)
    case .maximum: return try X.maxPool1d(kernelSize: poolingSize, stride: poolingStride)
    case .none: return X
    }
  }

  private func activated(_ X: Tensor) -> Tensor {
    switch activation {
    case .relu: relu(X)
    case .sigmoid: sigmoid(X)
    case .tanh: tanh(X)
    case .leakyReLU: X.leakyReLU()
    }
  }

  static let mistakes: [Mistake<Self>] = [
    .init("no-pooling", "there is no pooling: the two AveragePool1d layers are missing") {
      $0.pooling = .none
    },
    .init("maximum-pooling", "the pooling takes the maximum; the task has the average") {
      $0.pooling = .maximum
    },
    .init("third-pooling", "there is a third pooling, after the last convolution") {
      $0.pooledLayers = [0, 1, 2]
    },
    .init("no-first-pooling", "the first pooling is missing") { $0.pooledLayers = [1] },
    .init("no-second-pooling", "the second pooling is missing") { $0.pooledLayers = [0] },
    .init("pooling-size-three", "the pooling has size 3; the task has 2") { $0.poolingSize = 3 },
    .init("pooling-stride-one", "the pooling has stride 1; the task has 2") {
      $0.poolingStride = 1
    },
    .init("pooling-before-relu", "the pooling comes before ReLU; the task has ReLU first") {
      $0.poolsFirst = true
    },
    .init("no-relu", "the ReLU layers are missing") { $0.activatedLayers = [] },
    .init("no-first-relu", "the first ReLU is missing") { $0.activatedLayers = [1, 2] },
    .init("no-second-relu", "the second ReLU is missing") { $0.activatedLayers = [0, 2] },
    .init("no-last-relu", "the last ReLU is missing") { $0.activatedLayers = [0, 1] },
    .init("relu-after-mean", "the last ReLU comes after the mean; the task has it before") {
      $0.activatedLayers = [0, 1]
      $0.activatesMean = true
    },
    .init("tanh", "the network has tanh; the task has ReLU") { $0.activation = .tanh },
    .init("sigmoid", "the network has σ; the task has ReLU") { $0.activation = .sigmoid },
    .init("leaky-relu", "the network has a leaky ReLU; the task has ReLU") {
      $0.activation = .leakyReLU
    },
    .init("final-sigmoid", "there is a final sigmoid; the network should give logits") {
      $0.ending = .sigmoid
    },
    .init("final-relu", "there is a final ReLU; a logit may be negative") { $0.ending = .relu },
    .init("final-tanh", "there is a final tanh; the network should give logits") {
      $0.ending = .tanh
    },
    .init("final-softmax", "there is a final softmax; the network should give logits") {
      $0.ending = .softmax
    },
    .init(
      "reshaped-axes",
      "the input is reshaped, which mixes steps and bins: exchange the axes with transposed(1, 2)"
    ) { $0.reshapesInput = true },
    .init("padding", "the convolutions have padding 1; the task has none") { $0.padding = 1 },
    .init("stride-for-pooling", "the convolutions have stride 2; the task has pooling") {
      $0.stride = 2
      $0.pooling = .none
    },
    .init(
      "last-step", "the last step is taken of each channel; the task has the mean over all steps"
    ) {
      $0.summary = .lastStep
    },
    .init(
      "maximum-over-steps",
      "the maximum is taken of each channel; the task has the mean over all steps"
    ) {
      $0.summary = .maximum
    },
    .init(
      "sum-over-steps", "the sum is taken of each channel; the task has the mean over all steps"
    ) {
      $0.summary = .sum
    },
  ]
}
