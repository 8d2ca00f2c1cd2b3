import Foundation
import Judge
import TensorCore

/// The contrastive loss as students write it.
struct LossVariant: Variant {
  enum Halves { case both, rows, columns, sum }
  enum Scale { case task, divided, plain, unclamped, low, one, fixed }
  enum Targets { case diagonal, first, reversed }
  enum Similarity { case product, negated, distances }
  enum Detached { case nothing, Z, T, scale }
  var halves = Halves.both
  var scale = Scale.task
  var targets = Targets.diagonal
  var similarity = Similarity.product
  var normalisesAgain = false
  var hasSoftmax = false
  var isSum = false
  var isUnsafe = false
  var detached = Detached.nothing
  var letsGradientThrough = false

  private static let most = Float(log(100.0))

  private func factor(_ k: Tensor) throws -> Tensor {
    let k = detached == .scale ? k.detached() : k
    let clamped = try k.clip(maximum: Self.most)
    switch scale {
    case .task:
      guard letsGradientThrough else { return clamped.exp() }
      // the bound's value, and k's gradient
      return try (k + (clamped - k).detached()).exp()
    case .divided: return (-1 * clamped).exp()
    case .plain: return clamped
    case .unclamped: return k.exp()
    case .low: return try k.clip(minimum: Self.most).exp()
    case .one: return 0 * k + 1
    case .fixed: return 0 * k + 1 / 0.07
    }
  }

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    var (Z, T) = try (numbers("Z"), numbers("T"))
    if detached == .Z { Z = Z.detached() }
    if detached == .T { T = T.detached() }
    if normalisesAgain {
      (Z, T) = try (NormalisationVariant()(Z), NormalisationVariant()(T))
    }
    let N = Z.shape[0]
    let cosines =
      switch similarity {
      case .product: try Z.matmul(T.transposed(0, 1))
      case .negated: -1 * (try Z.matmul(T.transposed(0, 1)))
      case .distances:
        try Distance.squared(
          Z.reshaped([N, 1, Z.shape[1]]), T.reshaped([1, N, Z.shape[1]]), axis: 2)
      }
    let S = try factor(numbers("k")) * cosines
    let own: [Int32] = (0..<N).map { i in
      switch targets {
      case .diagonal: Int32(i)
      case .first: 0
      case .reversed: Int32(N - 1 - i)
      }
    }
    func half(_ S: Tensor) throws -> Tensor {
      let logits = hasSoftmax ? try S.softmax(axis: 1) : S
      if isUnsafe {
        // exponentials of something large
        let powers = logits.exp()
        let shares = try powers / powers.sum(axis: 1, keepDims: true)
        let chosen = try shares * Tensor.oneHot(own, classes: N)
        return -1 * (try chosen.sum(axis: 1).log().mean())
      }
      return try crossEntropy(logits, labels: own, reduction: isSum ? .sum : .mean)
    }
    let ofTexts = try half(S)
    let ofECGs = try half(S.transposed(0, 1))
    let loss =
      switch halves {
      case .both: try 0.5 * (ofTexts + ofECGs)
      case .rows: ofTexts
      case .columns: ofECGs
      case .sum: try ofTexts + ofECGs
      }
    return [("loss", loss)]
  }

  static let mistakes: [Mistake<Self>] = [
    .init(
      "rows-only",
      "only the rows' half is there, or twice: the other one goes along the columns, the rows of Sᵀ"
    ) { $0.halves = .rows },
    .init("columns-only", "only the columns' half is there: the other one goes along the rows") {
      $0.halves = .columns
    },
    .init("sum-of-halves", "the halves are added up: it is their mean") { $0.halves = .sum },
    .init(
      "divided-by-scale", "the cosines are divided by e^k: they are multiplied with it"
    ) { $0.scale = .divided },
    .init("without-exponential", "the cosines are multiplied with k: it is e^k") {
      $0.scale = .plain
    },
    .init(
      "without-bound",
      "k has no upper bound, or 100 for one, which it never reaches: it is bounded by ln 100"
    ) { $0.scale = .unclamped },
    .init("lower-bound", "k is bounded by ln 100 from below: it is from above") { $0.scale = .low },
    .init("without-scale", "the cosines are not multiplied with anything: it is e^k") {
      $0.scale = .one
    },
    .init(
      "fixed-scale", "the cosines are divided by 0.07 whatever k is: they are multiplied with e^k"
    ) {
      $0.scale = .fixed
    },
    .init(
      "softmax-first", "a softmax is applied before `crossEntropy`, which makes one itself"
    ) { $0.hasSoftmax = true },
    .init("targets-0", "the right column is 0 in every row: it is i in row i") {
      $0.targets = .first
    },
    .init("targets-reversed", "the right columns go backwards: it is i in row i") {
      $0.targets = .reversed
    },
    .init(
      "normalised-again", "the rows are normalised once more: they are taken as they are"
    ) { $0.normalisesAgain = true },
    .init("negated", "the cosines have the other sign: the largest must be the own text's") {
      $0.similarity = .negated
    },
    .init(
      "distances",
      "S is made of distances, of which the own text's is the smallest: it is made of products"
    ) { $0.similarity = .distances },
    .init("sum-over-batch", "the records are added up: it is their mean") { $0.isSum = true },
    .init(
      "overflows",
      "the exponentials overflow: the largest number of a row is taken off before, as `crossEntropy` and `logSoftmax` do"
    ) { $0.isUnsafe = true },
    .init(
      "scale-detached",
      "k never learns: its gradient does not arrive, since it is a plain number or "
        + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detached = .scale },
    .init(
      "texts-detached", "no gradient reaches the texts: they are " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detached = .T },
    .init(
      "embeddings-detached",
      "no gradient reaches the embeddings: they are " + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detached = .Z },
    .init(
      "gradient-through-bound",
      "where k is above ln 100 its gradient goes on: it is 0 there, as of `clip`",
      showsOnlyInGradients: true
    ) { $0.letsGradientThrough = true },
  ]
}
