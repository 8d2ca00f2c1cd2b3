import Judge
import TensorCore

/// The embedding as students write it.
struct EmbeddingVariant: Variant {
  enum Token { case first, last, through, normalised, zeros, ones, scaled }
  enum Order { case normThenActivation, activationThenNorm }

  var activation = Activation.gelu
  var normalises = true
  var order = Order.normThenActivation
  var token = Token.first
  var addsToken = false
  var withoutBias = false
  var detachesToken = false
  var detachesTokens = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    [("tokens", try apply(numbers.input, PartNumbers(numbers: numbers)))]
  }

  func apply(_ X: Tensor, _ numbers: PartNumbers) throws -> Tensor {
    func norm(_ Z: Tensor) throws -> Tensor { normalises ? try numbers.norm(Z, "norm") : Z }
    func layers(_ Z: Tensor) throws -> Tensor {
      order == .normThenActivation ? try activation(norm(Z)) : try norm(activation(Z))
    }
    var Z = try layers(
      withoutBias ? X.matmul(numbers("linear.weight")) : numbers.linear(X, "linear"))
    if detachesTokens { Z = Z.detached() }
    var row = try numbers("classToken")
    if detachesToken { row = row.detached() }
    switch token {
    case .first, .last: break
    case .through: row = try layers(row)
    case .normalised: row = try norm(row)
    case .zeros: row = row * 0
    case .ones: row = row * 0 + 1
    case .scaled: row = row * Float(row.shape[1]).squareRoot()
    }
    let first = try row.expanded(to: [X.shape[0], 1, row.shape[1]])
    if addsToken { Z = try Z + row }
    return try .concatenate(token == .last ? [Z, first] : [first, Z], axis: 1)
  }

  static let mistakes: [Mistake<Self>] =
    [
      .init("no-norm", "the normalisation is missing") { $0.normalises = false },
      .init("no-gelu", "GELU is missing") { $0.activation = .none },
      .init("linear-only", "normalisation and GELU are missing") {
        $0.normalises = false
        $0.activation = .none
      },
      .init("gelu-before-norm", "GELU comes before the normalisation; it comes after it") {
        $0.order = .activationThenNorm
      },
      .init("token-last", "the class token stands behind the others; it is the first") {
        $0.token = .last
      },
      .init(
        "token-through",
        "the class token goes through normalisation and GELU as the others; it is put in front as it is"
      ) { $0.token = .through },
      .init(
        "token-normalised", "the class token is normalised; it is put in front as it is"
      ) { $0.token = .normalised },
      .init("token-of-zeros", "a token of zeros stands in front; it is the parameter classToken") {
        $0.token = .zeros
      },
      .init("token-of-ones", "a token of ones stands in front; it is the parameter classToken") {
        $0.token = .ones
      },
      .init(
        "token-scaled", "the class token is multiplied with √E; it is put in front as it is"
      ) { $0.token = .scaled },
      .init("token-added", "the class token is added to all others too") { $0.addsToken = true },
      .init("no-bias", "the bias of the linear layer is not added") { $0.withoutBias = true },
      .init(
        "token-detached",
        "no gradient reaches the class token: it is " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detachesToken = true },
      .init(
        "tokens-detached",
        "no gradient flows back through the tokens: they are " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detachesTokens = true },
    ]
    + Activation.others.map { id, name, activation in
      .init(id, "\(name) stands in GELU's place") { $0.activation = activation }
    }
}

/// The classifier as students write it.
struct ClassifierVariant: Variant {
  enum Reading {
    case mean, classToken, lastToken, maximum, sum, withoutToken
  }
  enum Ending { case logits, softmax, logSoftmax, sigmoid, relu, tanh }

  var reading = Reading.mean
  var activation = Activation.none
  var activatesNorm = false
  var normalises = true
  var normalisesFirst = false
  var usesLinear = true
  var ending = Ending.logits
  var detachesMean = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    [("logits", try apply(numbers.input, PartNumbers(numbers: numbers)))]
  }

  func apply(_ Z: Tensor, _ numbers: PartNumbers) throws -> Tensor {
    let tokens = Z.shape[1]
    var z =
      switch reading {
      case .mean: try Z.mean(axis: 1)
      case .classToken: try Z.select(axis: 1, index: 0)
      case .lastToken: try Z.select(axis: 1, index: tokens - 1)
      case .maximum: try Z.max(axis: 1)
      case .sum: try Z.sum(axis: 1)
      case .withoutToken: try Z.slice(axis: 1, 1..<max(tokens, 1)).mean(axis: 1)
      }
    if detachesMean { z = z.detached() }
    if normalisesFirst { z = try numbers.norm(z, "norm") }
    if usesLinear { z = try numbers.linear(z, "linear") }
    if !activatesNorm { z = try activation(z) }
    if normalises, !normalisesFirst { z = try numbers.norm(z, "norm") }
    if activatesNorm { z = try activation(z) }
    let logits = try numbers.linear(z, "output")
    switch ending {
    case .logits: return logits
    case .softmax: return try logits.softmax()
    case .logSoftmax: return try logits.logSoftmax()
    case .sigmoid: return logits.sigmoid()
    case .relu: return logits.relu()
    case .tanh: return logits.tanh()
    }
  }

  static let mistakes: [Mistake<Self>] =
    [
      ("class-token-only", "the class token alone", Reading.classToken),
      ("last-token-only", "the last token alone", .lastToken),
      ("maximum", "the maximum over the tokens", .maximum),
      ("sum", "the sum of the tokens", .sum),
      ("without-class-token", "the mean without the class token", .withoutToken),
    ].map { id, name, reading in
      .init(id, "the classifier reads \(name); the task has the mean over all tokens") {
        $0.reading = reading
      }
    }
    + [
      .init("relu", "ReLU follows the first linear layer; the task has no activation") {
        $0.activation = .relu
      },
      .init("gelu", "GELU follows the first linear layer; the task has no activation") {
        $0.activation = .gelu
      },
      .init("relu-after-norm", "ReLU follows the normalisation; the task has no activation") {
        $0.activation = .relu
        $0.activatesNorm = true
      },
      .init("gelu-after-norm", "GELU follows the normalisation; the task has no activation") {
        $0.activation = .gelu
        $0.activatesNorm = true
      },
      .init("no-norm", "the normalisation is missing") { $0.normalises = false },
      .init(
        "norm-first", "the normalisation comes before the first linear layer; it comes after it"
      ) {
        $0.normalisesFirst = true
      },
      .init("no-linear", "the first linear layer is missing") { $0.usesLinear = false },
      .init("final-softmax", "there is a softmax at the end; the network should give logits") {
        $0.ending = .softmax
      },
      .init(
        "final-log-softmax",
        "there is a logarithm of the softmax at the end; the network should give logits"
      ) { $0.ending = .logSoftmax },
      .init("final-sigmoid", "there is a σ at the end; the network should give logits") {
        $0.ending = .sigmoid
      },
      .init("final-relu", "there is a ReLU at the end; a logit may be negative") {
        $0.ending = .relu
      },
      .init("final-tanh", "there is a tanh at the end; the network should give logits") {
        $0.ending = .tanh
      },
      .init(
        "mean-detached",
        "no gradient flows back to the tokens: their mean is "
          + UnreachedGradients.cause, showsOnlyInGradients: true
      ) { $0.detachesMean = true },
    ]
}

/// The whole network as students write it.
struct NetworkVariant: Variant {
  enum Positions {
    case each, none, once, afterLayers, eachAndAfter, notOnToken, multiplied, subtracted, last
  }
  enum Layers { case own, first, last, reversed, firstOnly, none, withoutLast }

  var positions = Positions.each
  var layers = Layers.own
  var addsEmbedding = false
  var ending = ClassifierVariant.Ending.logits
  var detachesPositions = false
  var detachesEmbedding = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let whole = PartNumbers(numbers: numbers)
    let (heads, count) = (numbers.sizes["headCount"] ?? 1, numbers.sizes["layerCount"] ?? 1)
    var pos = try numbers("positions")
    if detachesPositions { pos = pos.detached() }
    var Z = try EmbeddingVariant().apply(numbers.input, whole.part("embedding"))
    if detachesEmbedding { Z = Z.detached() }
    let embedded = Z
    func placed(_ Z: Tensor, at layer: Int) throws -> Tensor {
      switch positions {
      case .each, .eachAndAfter: return try Z + pos
      case .none, .afterLayers: return Z
      case .once: return layer == 0 ? try Z + pos : Z
      case .last: return layer == count - 1 ? try Z + pos : Z
      case .multiplied: return try Z * pos
      case .subtracted: return try Z - pos
      case .notOnToken:
        let rows = pos.shape[0]
        let others = try pos.slice(axis: 0, 1..<rows)
        return try Z + .concatenate([Tensor.zeros([1, pos.shape[1]]), others], axis: 0)
      }
    }
    var indices = Array(0..<count)
    switch layers {
    case .own: break
    case .first: indices = indices.map { _ in 0 }
    case .last: indices = indices.map { _ in count - 1 }
    case .reversed: indices.reverse()
    case .firstOnly: indices = [0]
    case .withoutLast: indices.removeLast()
    case .none: indices = []
    }
    for (place, index) in indices.enumerated() {
      (Z, _) = try LayerVariant().apply(
        placed(Z, at: place), whole.part("encoder.\(index)"), heads: heads)
      if positions == .afterLayers || positions == .eachAndAfter { Z = try Z + pos }
    }
    if addsEmbedding { Z = try Z + embedded }
    var classifier = ClassifierVariant()
    classifier.ending = ending
    return [("logits", try classifier.apply(Z, whole.part("classifier")))]
  }

  static let mistakes: [Mistake<Self>] = [
    .init("no-positions", "the positions are not added") { $0.positions = .none },
    .init(
      "positions-once",
      "the positions are added before the first layer only; they are added before each"
    ) { $0.positions = .once },
    .init(
      "positions-after-layers", "the positions are added after each layer; they are added before it"
    ) { $0.positions = .afterLayers },
    .init(
      "positions-before-and-after",
      "the positions are added before and after each layer; they are added before it"
    ) { $0.positions = .eachAndAfter },
    .init(
      "no-position-of-class-token",
      "the positions are not added to the class token: it has a place too"
    ) { $0.positions = .notOnToken },
    .init("positions-multiplied", "the positions are multiplied with the tokens; they are added") {
      $0.positions = .multiplied
    },
    .init("positions-subtracted", "the positions are subtracted; they are added") {
      $0.positions = .subtracted
    },
    .init(
      "positions-before-last",
      "the positions are added before the last layer only; they are added before each"
    ) { $0.positions = .last },
    .init("first-layer-repeated", "the first layer is applied again and again; each is another one")
    {
      $0.layers = .first
    },
    .init("last-layer-repeated", "the last layer is applied again and again; each is another one") {
      $0.layers = .last
    },
    .init("layers-reversed", "the layers are applied from the last to the first") {
      $0.layers = .reversed
    },
    .init("one-layer", "only the first layer is applied") { $0.layers = .firstOnly },
    .init("last-layer-left-out", "the last layer is not applied") { $0.layers = .withoutLast },
    .init("no-encoder", "the layers of the encoder are not applied") { $0.layers = .none },
    .init("embedding-added", "the embedded tokens are added to what the encoder gives") {
      $0.addsEmbedding = true
    },
    .init("final-softmax", "there is a softmax at the end; the network should give logits") {
      $0.ending = .softmax
    },
    .init(
      "final-log-softmax",
      "there is a logarithm of the softmax at the end; the network should give logits"
    ) { $0.ending = .logSoftmax },
    .init(
      "positions-detached",
      "no gradient reaches the positions: they are " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detachesPositions = true },
    .init(
      "embedding-detached",
      "no gradient flows back through the embedding: its tokens are " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detachesEmbedding = true },
  ]
}
