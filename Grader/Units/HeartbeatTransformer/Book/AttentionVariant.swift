import Judge
import TensorCore

/// Attention, `softmax(Q Kᵀ / √d) V`, as students write it.
struct AttentionVariant: Variant {
  enum Scores { case product, exchanged, untransposed }
  /// What is divided by what: scores before the softmax, or the result of the softmax.
  enum Scaling {
    case rootOfHead, rootOfEmbedding, none, head, timesRoot
    case afterByRootOfHead, afterByRootOfEmbedding
  }
  enum Weighting: Equatable {
    case softmax(axis: Int)
    case softmaxOfAll, sigmoid, relu, linear, logSoftmax, twice
  }
  enum Values { case values, keys, queries }
  enum Returned { case weights, scores, scaledScores, transposed }
  enum Detached { case nothing, weights, values, returned }

  var scores = Scores.product
  var scaling = Scaling.rootOfHead
  var weighting = Weighting.softmax(axis: -1)
  var isCausal = false
  var seesItself = true
  var values = Values.values
  var returned = Returned.weights
  var detached = Detached.nothing

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let (Q, K, V) = try (numbers("Q"), numbers("K"), numbers("V"))
    let (O, A) = try attend(Q, K, V, embedSize: nil)
    return [("outputs", O), ("weights", A)]
  }

  /// - Parameter embedSize: the number of channels of all heads; nil where there are no heads.
  func attend(
    _ Q: Tensor, _ K: Tensor, _ V: Tensor, embedSize: Int?
  ) throws -> (outputs: Tensor, weights: Tensor) {
    let (d, E) = (Float(Q.shape[-1]), Float(embedSize ?? Q.shape[-1]))
    let product =
      switch scores {
      case .product: try Q.matmul(K.transposed(-2, -1))
      case .exchanged: try K.matmul(Q.transposed(-2, -1))
      case .untransposed: try Q.matmul(K)
      }
    var scaled =
      switch scaling {
      case .rootOfHead: product / d.squareRoot()
      case .rootOfEmbedding: product / E.squareRoot()
      case .head: product / d
      case .timesRoot: product * d.squareRoot()
      case .none, .afterByRootOfHead, .afterByRootOfEmbedding: product
      }
    if isCausal || !seesItself {
      let pairs = Shape([scaled.shape[-2], scaled.shape[-1]])
      let ones = Tensor.ones(pairs)
      let hidden = try isCausal ? ones.triu(diagonal: 1) : ones.triu() - ones.triu(diagonal: 1)
      scaled = try scaled.maskedFill(hidden, with: -1e9)
    }
    var A = try weighted(scaled)
    switch scaling {
    case .afterByRootOfHead: A = A / d.squareRoot()
    case .afterByRootOfEmbedding: A = A / E.squareRoot()
    default: break
    }
    let source =
      switch values {
      case .values: V
      case .keys: K
      case .queries: Q
      }
    let O = try (detached == .weights ? A.detached() : A).matmul(
      detached == .values ? source.detached() : source)
    switch returned {
    case .weights: return (O, detached == .returned ? A.detached() : A)
    case .scores: return (O, product)
    case .scaledScores: return (O, scaled)
    case .transposed: return (O, try A.transposed(-2, -1))
    }
  }

  private func weighted(_ S: Tensor) throws -> Tensor {
    switch weighting {
    case .softmax(let axis): return try S.softmax(axis: axis)
    case .softmaxOfAll:
      let dimensions = S.shape.dimensions
      return try S.reshaped(Shape(dimensions.dropLast(2) + [dimensions.suffix(2).reduce(1, *)]))
        .softmax().reshaped(S.shape)
    case .sigmoid: return S.sigmoid()
    case .relu: return S.relu()
    case .linear: return S
    case .logSoftmax: return try S.logSoftmax()
    case .twice: return try S.softmax().softmax()
    }
  }

  static let mistakes: [Mistake<Self>] =
    [
      .init(
        "scaled-after",
        "the result of the softmax is divided by √d; the scores are to be divided, before the softmax. "
          + "As it is, the weights of a query add up to 1/√d"
      ) { $0.scaling = .afterByRootOfHead },
      .init(
        "softmax-axis-1",
        "the softmax goes over axis 1, which are the heads where there are some, and else the queries; it "
          + "goes over the keys, the last axis"
      ) { $0.weighting = .softmax(axis: 1) },
    ] + shared

  /// What goes wrong with and without heads.
  static let shared: [Mistake<Self>] = [
    .init("no-scaling", "the scores are not divided by √d") { $0.scaling = .none },
    .init("divided-by-d", "the scores are divided by d; the equation has √d") {
      $0.scaling = .head
    },
    .init("times-root", "the scores are multiplied with √d; the equation divides") {
      $0.scaling = .timesRoot
    },
    .init(
      "softmax-over-queries",
      "the softmax goes over the queries: it goes over the keys, the last axis, so that each row adds up to 1"
    ) { $0.weighting = .softmax(axis: -2) },
    .init(
      "softmax-over-all",
      "the softmax goes over all scores at once: each query has a softmax of its own, over the keys"
    ) { $0.weighting = .softmaxOfAll },
    .init(
      "exchanged",
      "the scores are K Qᵀ, or Q Kᵀ transposed; the equation has Q Kᵀ, in which a row belongs to a query"
    ) { $0.scores = .exchanged },
    .init("untransposed", "the scores are Q K; the equation has Q Kᵀ") {
      $0.scores = .untransposed
    },
    .init(
      "causal-mask",
      "later tokens are masked, as where a text is written word by word: every query may see every key"
    ) { $0.isCausal = true },
    .init(
      "itself-masked", "a token does not see itself: every query may see every key"
    ) { $0.seesItself = false },
    .init("sigmoid", "σ stands in place of the softmax") { $0.weighting = .sigmoid },
    .init("relu", "ReLU stands in place of the softmax") { $0.weighting = .relu },
    .init("no-softmax", "the softmax is missing: the weights are the scores") {
      $0.weighting = .linear
    },
    .init("log-softmax", "the weights are the logarithm of the softmax") {
      $0.weighting = .logSoftmax
    },
    .init("softmax-twice", "the softmax is applied twice") { $0.weighting = .twice },
    .init("values-are-keys", "the keys are weighted; the equation has the values V") {
      $0.values = .keys
    },
    .init("values-are-queries", "the queries are weighted; the equation has the values V") {
      $0.values = .queries
    },
    .init(
      "scores-returned",
      "the returned weights are the products Q Kᵀ; they are what the softmax gives"
    ) { $0.returned = .scores },
    .init(
      "scaled-scores-returned",
      "the returned weights are the scores before the softmax; they are what the softmax gives"
    ) { $0.returned = .scaledScores },
    .init(
      "weights-transposed",
      "the returned weights are transposed: a row belongs to a query, a column to a key"
    ) { $0.returned = .transposed },
    .init(
      "weights-detached",
      "no gradient flows from the outputs through the weights: they are "
        + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detached = .weights },
    .init(
      "values-detached",
      "no gradient flows through the values: they are " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detached = .values },
    .init(
      "returned-weights-detached",
      "no gradient flows through the weights that are returned: they are "
        + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detached = .returned },
  ]
}
