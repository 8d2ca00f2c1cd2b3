import Judge
import TensorCore

/// The stacked linear model as students write it.
struct StackedVariant: Variant {
  enum Activation { case leaky, relu, tanh, steeper, none }
  var activation = Activation.leaky
  var first = true
  var hidden = true
  var isTwice = false
  var atEnd = false
  var softmax = false
  var skips = false
  var shares = false

  static let mistakes: [Mistake<Self>] = [
    .init(
      "two-activations",
      "two activations stand in a row before the last layer: a negative number is multiplied by 0.0001"
    ) { $0.isTwice = true },
    .init("relu", "the activation is ReLU: negative numbers keep a hundredth of their size") {
      $0.activation = .relu
    },
    .init("tanh", "the activation is tanh; the task has LeakyReLU") { $0.activation = .tanh },
    .init("slope", "the slope of LeakyReLU is 0.1 or 0.2; it is 0.01") { $0.activation = .steeper },
    .init("without-activations", "there is no activation: the layers are one linear function") {
      $0.activation = .none
    },
    .init("first-without-activation", "behind the first layer the activation is missing") {
      $0.first = false
    },
    .init("hidden-without-activation", "behind the hidden layers the activation is missing") {
      $0.hidden = false
    },
    .init("activation-at-end", "an activation stands behind the last layer: logits have none") {
      $0.atEnd = true
    },
    .init("softmax", "the results are probabilities: the network's results are logits") {
      $0.softmax = true
    },
    .init("residual", "each hidden layer adds its input to its result") { $0.skips = true },
    .init("first-hidden-again", "the first hidden layer is used for all hidden layers") {
      $0.shares = true
    },
  ]

  private func activated(_ x: Tensor) -> Tensor {
    switch activation {
    case .leaky: x.leakyReLU(slope: 0.01)
    case .relu: x.relu()
    case .tanh: TensorCore.tanh(x)
    case .steeper: x.leakyReLU(slope: 0.1)
    case .none: x
    }
  }

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let parameters = numbers.parameters.map(\.tensor)
    let layers = parameters.count / 2
    func linear(_ x: Tensor, _ layer: Int) throws -> Tensor {
      try x.matmul(parameters[2 * layer]) + parameters[2 * layer + 1]
    }
    var h = try linear(numbers("input"), 0)
    if first { h = activated(h) }
    for layer in 1..<(layers - 1) {
      var next = try linear(h, shares ? 1 : layer)
      if hidden { next = activated(next) }
      h = skips ? try h + next : next
    }
    if isTwice { h = activated(h) }
    var logits = try linear(h, layers - 1)
    if atEnd { logits = activated(logits) }
    if softmax { logits = try logits.softmax(axis: 1) }
    return [("logits", logits)]
  }
}
