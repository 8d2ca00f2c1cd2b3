import Judge
import TensorCore

/// How a distance is taken, rightly and wrongly.
enum Distance {
  case squared, plain, mean, absolute, cosine

  /// Of rows, along an axis.
  func callAsFunction(_ a: Tensor, _ b: Tensor, axis: Int) throws -> Tensor {
    let difference = try a - b
    switch self {
    case .squared: return try difference.squared().sum(axis: axis)
    // a little above 0, where a root has no gradient
    case .plain: return try (difference.squared().sum(axis: axis) + 1e-12).sqrt()
    case .mean: return try difference.squared().mean(axis: axis)
    case .absolute: return try difference.abs().sum(axis: axis)
    case .cosine: return 1 - (try Tensor.cosineSimilarity(a, b, axis: axis))
    }
  }

  static let others: [(id: String, sentence: String, distance: Distance)] = [
    (
      "plain-distances",
      "the distances are plain ones: the task has their squares, without the root", .plain
    ),
    (
      "mean-over-features",
      "a distance is the mean over the D differences: it is their sum", .mean
    ),
    (
      "absolute-differences",
      "a distance is the sum of the differences' sizes: it is that of their squares",
      .absolute
    ),
    (
      "cosine-distances", "the distance is 1 minus the cosine, which forgets how long rows are",
      .cosine
    ),
  ]
}

/// All distances as students write them.
struct DistanceVariant: Variant {
  enum Detached { case nothing, A, B }
  var distance = Distance.squared
  var sign: Float = 1
  var detached = Detached.nothing

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    var (A, B) = try (numbers("A"), numbers("B"))
    let (N, M, D) = (A.shape[0], B.shape[0], A.shape[1])
    if detached == .A { A = A.detached() }
    if detached == .B { B = B.detached() }
    let a = try A.reshaped([N, 1, D])
    let b = try (sign < 0 ? -1 * B : B).reshaped([1, M, D])
    let shape: Shape = [N, M, D]
    return [
      ("distances", try distance(a.expanded(to: shape), b.expanded(to: shape), axis: 2))
    ]
  }

  static let mistakes: [Mistake<Self>] =
    Distance.others.map { other in
      .init(other.id, other.sentence) { $0.distance = other.distance }
    } + [
      .init("sums", "the rows are added: a distance is of their difference") { $0.sign = -1 },
      .init(
        "first-detached", "no gradient reaches A: it is " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .A },
      .init(
        "second-detached", "no gradient reaches B: it is " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .B },
    ]
}

/// The triplet loss as students write it.
struct TripletVariant: Variant {
  enum Reduction { case mean, sum, ofActive, ofAllNumbers, largestOfMean, last }
  enum Bound { case zero, none, marginOutside, absolute, softplus }
  enum Pair { case task, exchanged, betweenTexts, positiveAlone }
  enum Detached { case nothing, anchor, negative }
  var distance = Distance.squared
  var reduction = Reduction.mean
  var bound = Bound.zero
  var pair = Pair.task
  var marginSign: Float = 1
  var detached = Detached.nothing

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    var (a, p, n) = try (numbers("anchor"), numbers("positive"), numbers("negative"))
    if detached == .anchor { a = a.detached() }
    if detached == .negative { n = n.detached() }
    if pair == .exchanged { (p, n) = (n, p) }
    let margin = marginSign * Float(numbers.sizes["marginInEighths"] ?? 0) / 8
    let near = try distance(a, p, axis: 1)
    let far = try pair == .betweenTexts ? distance(p, n, axis: 1) : distance(a, n, axis: 1)
    let gap = pair == .positiveAlone ? near : try near - far
    let terms =
      switch bound {
      case .zero: (gap + margin).relu()
      case .none: gap + margin
      case .marginOutside: gap.relu() + margin
      case .absolute: (gap + margin).abs()
      case .softplus: (gap + margin).softplus()
      }
    let loss =
      switch reduction {
      case .mean: terms.mean()
      case .sum: terms.sum()
      case .ofAllNumbers: terms.sum() / Float(a.count)
      case .largestOfMean: (gap.mean() + margin).relu()
      case .last: try terms.select(axis: 0, index: -1)
      case .ofActive: terms.sum() / Float(max(terms.array.count { $0 > 0 }, 1))
      }
    return [("loss", loss)]
  }

  static let mistakes: [Mistake<Self>] =
    Distance.others.map { other in
      .init(other.id, other.sentence) { $0.distance = other.distance }
    } + [
      .init(
        "exchanged",
        "positive and negative are exchanged: the distance from the negative has the minus"
      ) { $0.pair = .exchanged },
      .init(
        "between-texts",
        "the negative's distance is from the positive: both distances are from the anchor"
      ) { $0.pair = .betweenTexts },
      .init("without-negative", "the distance from the negative is left out") {
        $0.pair = .positiveAlone
      },
      .init("margin-subtracted", "the margin is subtracted: it is added") { $0.marginSign = -1 },
      .init("without-margin", "the margin is left out") { $0.marginSign = 0 },
      .init(
        "margin-outside",
        "the margin is added behind the maximum: a triplet that has it would never be done"
      ) { $0.bound = .marginOutside },
      .init(
        "without-maximum",
        "the maximum at 0 is missing: triplets that have the margin already take from the loss"
      ) { $0.bound = .none },
      .init("absolute", "the size is taken in place of the maximum with 0") {
        $0.bound = .absolute
      },
      .init("softplus", "softplus stands in place of the maximum with 0") { $0.bound = .softplus },
      .init("sum", "the triplets are added up: it is their mean") { $0.reduction = .sum },
      .init(
        "mean-of-active",
        "the mean goes over the triplets that add something: it goes over all N"
      ) { $0.reduction = .ofActive },
      .init(
        "maximum-of-mean",
        "the maximum is taken of the mean: each triplet has a maximum of its own"
      ) { $0.reduction = .largestOfMean },
      .init("mean-over-all-numbers", "it is divided by N D: it is the mean over N triplets") {
        $0.reduction = .ofAllNumbers
      },
      .init("last-triplet", "only the last triplet counts: it is the mean of all") {
        $0.reduction = .last
      },
      .init(
        "anchor-detached", "no gradient reaches the anchor: it is " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .anchor },
      .init(
        "negative-detached", "no gradient reaches the negative: it is " + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.detached = .negative },
    ]
}
