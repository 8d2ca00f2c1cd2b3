import Judge
import TensorCore

/// What a recurrent layer gives, as tensors that a gradient can be asked for.
struct LayerResults {
  let outputs, H, C: Tensor
}

/// The small network on a recurrent layer's results as students write it: which of the results it
/// reads, and its two fully connected layers.
struct HeadVariant: Mistakable {
  enum Reading {
    case finalHidden, finalCell, both, mean, maximum, first, sum, lastButOne, detached
  }
  enum Activation { case relu, none, tanh, sigmoid }
  enum Ending { case logits, sigmoid, relu, tanh, softmax }

  var reading = Reading.finalHidden
  var appliesReLUToState = false
  var appliesFirstLayerTwice = false
  var activation = Activation.relu
  var ending = Ending.logits

  /// The logits for a layer's results, with weight and bias of the two fully connected layers.
  func logits(_ layer: LayerResults, _ weights: [Tensor]) throws -> Tensor {
    let steps = layer.outputs.shape[1]
    var state =
      switch reading {
      case .finalHidden: layer.H
      case .finalCell: layer.C
      case .both: try layer.H + layer.C
      case .mean: try layer.outputs.mean(axis: 1)
      case .maximum: try layer.outputs.max(axis: 1)
      case .first: try layer.outputs.select(axis: 1, index: 0)
      case .sum: try layer.outputs.sum(axis: 1)
      case .lastButOne: try layer.outputs.select(axis: 1, index: steps - 2)
      case .detached: layer.H.detached()
      }
    if appliesReLUToState { state = relu(state) }
    if appliesFirstLayerTwice { state = activated(try state.linear(weights[0], weights[1])) }
    state = activated(try state.linear(weights[0], weights[1]))
    let logits = try state.linear(weights[2], weights[3])
    switch ending {
    case .logits: return logits
    case .sigmoid: return sigmoid(logits)
    case .relu: return relu(logits)
    case .tanh: return tanh(logits)
    case .softmax: return try logits.softmax()
    }
  }

  private func activated(_ X: Tensor) -> Tensor {
    switch activation {
    case .relu: relu(X)
    case .none: X
    case .tanh: tanh(X)
    case .sigmoid: sigmoid(X)
    }
  }

  /// What students write instead.
  static let mistakes: [Mistake<Self>] =
    [
      ("cell-state", "the cell state C", Reading.finalCell), ("both-states", "H + C", .both),
    ].map { id, name, reading in
      .init(id, "the network reads \(name); the task has the hidden state H") {
        $0.reading = reading
      }
    }
    + [
      ("mean-of-outputs", "the mean of all outputs", Reading.mean),
      ("maximum-of-outputs", "the maximum of all outputs", .maximum),
      ("first-output", "the first output", .first),
      ("sum-of-outputs", "the sum of all outputs", .sum),
      ("last-but-one", "the last output but one", .lastButOne),
    ].map { id, name, reading in
      .init(id, "the network reads \(name); the task has the final hidden state H") {
        $0.reading = reading
      }
    }
    + [
      .init("no-relu", "the ReLU between the two linear layers is missing") {
        $0.activation = .none
      },
      .init("tanh", "tanh stands between the two linear layers; the task has ReLU") {
        $0.activation = .tanh
      },
      .init("sigmoid", "σ stands between the two linear layers; the task has ReLU") {
        $0.activation = .sigmoid
      },
      .init("relu-on-state", "ReLU is applied to the final hidden state before the linear layers") {
        $0.appliesReLUToState = true
      },
      .init("layer-twice", "the first linear layer is applied twice") {
        $0.appliesFirstLayerTwice = true
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
        "detached",
        "no gradient reaches the LSTM: its final state is "
          + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.reading = .detached },
    ]
}
