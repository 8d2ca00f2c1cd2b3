import Judge
import TensorCore

/// The MLP as students write it.
struct MLPVariant: Variant {
  enum Bias { case hidden, output }
  var activation = Activation.gelu
  var activatesOutput = false
  var activatesInput = false
  var missingBias: Bias?
  var addsInput = false
  var normalises = false
  var detachesHidden = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    [("outputs", try apply(numbers.input, PartNumbers(numbers: numbers)))]
  }

  func apply(_ X: Tensor, _ numbers: PartNumbers) throws -> Tensor {
    func layer(_ X: Tensor, _ name: String, _ bias: Bias) throws -> Tensor {
      missingBias == bias
        ? try X.matmul(numbers(name + ".weight")) : try numbers.linear(X, name)
    }
    var hidden = try activation(
      layer(activatesInput ? X.gelu() : X, "hidden", .hidden))
    if detachesHidden { hidden = hidden.detached() }
    var Y = try layer(hidden, "output", .output)
    if activatesOutput { Y = Y.gelu() }
    return addsInput ? try X + Y : Y
  }

  static let mistakes: [Mistake<Self>] =
    Activation.others.map { id, name, activation in
      .init(id, "\(name) stands in GELU's place") { $0.activation = activation }
    }
    + [
      .init("no-gelu", "GELU between the two layers is missing") { $0.activation = .none },
      .init("gelu-after-output", "GELU is applied after the second layer too") {
        $0.activatesOutput = true
      },
      .init("gelu-last", "GELU comes after the second layer; it stands between the two") {
        $0.activation = .none
        $0.activatesOutput = true
      },
      .init("gelu-first", "GELU is applied to the input too; it stands between the two layers") {
        $0.activatesInput = true
      },
      .init("no-hidden-bias", "the bias of the hidden layer is not added") {
        $0.missingBias = .hidden
      },
      .init("no-output-bias", "the bias of the output layer is not added") {
        $0.missingBias = .output
      },
      .init("input-added", "the input is added to the result: that is the encoder layer's to do") {
        $0.addsInput = true
      },
      .init(
        "hidden-detached",
        "no gradient flows back through the hidden layer: its results are "
          + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detachesHidden = true },
    ]
}

/// The encoder layer as students write it.
struct LayerVariant: Variant {
  enum Norm { case before, after }
  /// What is added to a half's result.
  enum Added { case input, normalised, nothing, layerInput }
  enum Which { case own, first, second, none }
  enum Order { case attentionFirst, mlpFirst, parallel, attentionOnly, mlpOnly }
  enum Axis { case channels, tokens, unbiased }

  var norms = Norm.before
  var firstAdded = Added.input
  var secondAdded = Added.input
  var firstNorm = Which.own
  var secondNorm = Which.own
  var order = Order.attentionFirst
  var axis = Axis.channels
  var detachesInput = false
  var detachesAttended = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let (Y, A) = try apply(
      numbers.input, PartNumbers(numbers: numbers), heads: numbers.sizes["headCount"] ?? 1)
    return [("outputs", Y), ("weights", A)]
  }

  private func normalised(_ X: Tensor, _ numbers: PartNumbers, _ name: String) throws -> Tensor {
    switch axis {
    case .channels: return try numbers.norm(X, name)
    case .tokens:
      let (weight, bias) = try (numbers(name + ".weight"), numbers(name + ".bias"))
      let middle = try X - X.mean(axis: 1, keepDims: true)
      let variance = try middle.squared().mean(axis: 1, keepDims: true)
      return try middle / sqrt(variance + 1e-5) * weight + bias
    case .unbiased:
      let (weight, bias) = try (numbers(name + ".weight"), numbers(name + ".bias"))
      let middle = try X - X.mean(axis: -1, keepDims: true)
      let variance = try middle.squared().sum(axis: -1, keepDims: true) / Float(X.shape[-1] - 1)
      return try middle / sqrt(variance + 1e-5) * weight + bias
    }
  }

  func apply(
    _ input: Tensor, _ numbers: PartNumbers, heads: Int
  ) throws -> (outputs: Tensor, weights: Tensor) {
    let X = detachesInput ? input.detached() : input
    func norm(_ X: Tensor, _ which: Which, own: String) throws -> Tensor {
      switch which {
      case .own: try normalised(X, numbers, own)
      case .first: try normalised(X, numbers, "norm1")
      case .second: try normalised(X, numbers, "norm2")
      case .none: X
      }
    }
    func attended(_ X: Tensor) throws -> (outputs: Tensor, weights: Tensor) {
      let (O, A) = try HeadsVariant().attend(X, numbers.part("attention"), heads: heads)
      return (detachesAttended ? O.detached() : O, A)
    }
    func mlp(_ X: Tensor) throws -> Tensor { try MLPVariant().apply(X, numbers.part("mlp")) }
    func sum(
      _ Y: Tensor, _ added: Added, input: Tensor, normalised: Tensor
    ) throws -> Tensor {
      switch added {
      case .input: try input + Y
      case .normalised: try normalised + Y
      case .layerInput: try X + Y
      case .nothing: Y
      }
    }
    if norms == .after {
      let (O, A) = try attended(X)
      let Y = try norm(X + O, firstNorm, own: "norm1")
      return (try norm(Y + mlp(Y), secondNorm, own: "norm2"), A)
    }
    let first = try norm(X, firstNorm, own: "norm1")
    switch order {
    case .attentionFirst:
      let (O, A) = try attended(first)
      let Y = try sum(O, firstAdded, input: X, normalised: first)
      let second = try norm(Y, secondNorm, own: "norm2")
      return (try sum(mlp(second), secondAdded, input: Y, normalised: second), A)
    case .mlpFirst:
      let second = try norm(X, secondNorm, own: "norm2")
      let Y = try sum(mlp(second), secondAdded, input: X, normalised: second)
      let then = try norm(Y, firstNorm, own: "norm1")
      let (O, A) = try attended(then)
      return (try sum(O, firstAdded, input: Y, normalised: then), A)
    case .parallel:
      let (O, A) = try attended(first)
      return (try X + O + mlp(norm(X, secondNorm, own: "norm2")), A)
    case .attentionOnly:
      let (O, A) = try attended(first)
      return (try sum(O, firstAdded, input: X, normalised: first), A)
    case .mlpOnly:
      let (_, A) = try attended(first)
      let second = try norm(X, secondNorm, own: "norm2")
      return (try sum(mlp(second), secondAdded, input: X, normalised: second), A)
    }
  }

  static let mistakes: [Mistake<Self>] = [
    .init(
      "norm-after-sum",
      "each sum is normalised, as in the transformer of 2017; here what goes into attention and MLP is, and the "
        + "sums are left as they are"
    ) { $0.norms = .after },
    .init("no-residual", "X is not added to the results, neither of attention nor of the MLP") {
      $0.firstAdded = .nothing
      $0.secondAdded = .nothing
    },
    .init("no-first-residual", "X is not added to what attention gives") {
      $0.firstAdded = .nothing
    },
    .init("no-second-residual", "X is not added to what the MLP gives") {
      $0.secondAdded = .nothing
    },
    .init(
      "residual-from-norm",
      "the normalised X is added to what attention and MLP give; it is X as it came in"
    ) {
      $0.firstAdded = .normalised
      $0.secondAdded = .normalised
    },
    .init(
      "first-residual-from-norm",
      "the normalised X is added to what attention gives; it is X as it came in"
    ) { $0.firstAdded = .normalised },
    .init(
      "second-residual-from-norm",
      "the normalised X is added to what the MLP gives; it is X as it came in"
    ) { $0.secondAdded = .normalised },
    .init(
      "second-residual-from-input",
      "to what the MLP gives the layer's input is added; it is the X of the second line, with what attention "
        + "gave in it"
    ) { $0.secondAdded = .layerInput },
    .init(
      "parallel",
      "attention and MLP both read the layer's input; the MLP reads what the first line made of it"
    ) { $0.order = .parallel },
    .init("mlp-first", "the MLP comes before attention") { $0.order = .mlpFirst },
    .init("no-mlp", "the MLP's half is missing") { $0.order = .attentionOnly },
    .init("no-attention", "attention's half is missing") { $0.order = .mlpOnly },
    .init("one-norm", "norm1 normalises for the MLP too; that is norm2's to do") {
      $0.secondNorm = .first
    },
    .init("norms-exchanged", "norm1 and norm2 stand in each other's place") {
      $0.firstNorm = .second
      $0.secondNorm = .first
    },
    .init("second-norm-twice", "norm2 normalises for attention too; that is norm1's to do") {
      $0.firstNorm = .second
    },
    .init("no-norm", "nothing is normalised") {
      $0.firstNorm = .none
      $0.secondNorm = .none
    },
    .init("no-first-norm", "what goes into attention is not normalised") { $0.firstNorm = .none },
    .init("no-second-norm", "what goes into the MLP is not normalised") { $0.secondNorm = .none },
    .init(
      "norm-over-tokens",
      "the normalisation goes over the tokens; it goes over the channels of each token"
    ) { $0.axis = .tokens },
    .init(
      "unbiased-variance",
      "the variance is divided by E - 1; a LayerNorm divides by E: use the core's"
    ) { $0.axis = .unbiased },
    .init(
      "input-detached",
      "no gradient flows back through the input: it is " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detachesInput = true },
    .init(
      "attended-detached",
      "no gradient flows back through attention: its outputs are " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detachesAttended = true },
  ]
}
