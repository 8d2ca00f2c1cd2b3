import Foundation
import Judge
import TensorCore

/// Centres and widths of a Parzen estimator as students write them.
struct WidthsVariant: Variant {
  enum Kind {
    case right, smaller, mean, left, upper, boundsOut, noClip, clipOne, clipHundred, sortedOrder
    case noPrior, oneWidth, priorHalf, priorAtBound, sortedCentres
  }
  var kind = Kind.right

  static let mistakes: [Mistake<Self>] = [
    .init("smaller-neighbour", "the width is the distance to the nearer neighbour: the larger one")
    {
      $0.kind = .smaller
    },
    .init("mean-of-neighbours", "the width is the mean of both distances: the larger one") {
      $0.kind = .mean
    },
    .init("left-neighbour", "the width is the distance to the neighbour below: the larger of both")
    {
      $0.kind = .left
    },
    .init("right-neighbour", "the width is the distance to the neighbour above: the larger of both")
    {
      $0.kind = .upper
    },
    .init(
      "bounds-forgotten",
      "the outermost values have one neighbour: the bounds a and b count as neighbours"
    ) { $0.kind = .boundsOut },
    .init("no-clip", "the widths are not clipped from below") { $0.kind = .noClip },
    .init("clip-by-one-more", "the least width is (b − a) / (N + 1): it has min(100, N + 2)") {
      $0.kind = .clipOne
    },
    .init(
      "clip-without-hundred", "the least width is (b − a) / (N + 2) for more than 98 values too"
    ) { $0.kind = .clipHundred },
    .init(
      "widths-in-order",
      "the widths are in the order of the sorted values, the centres in that of the given ones"
    ) { $0.kind = .sortedOrder },
    .init("centres-sorted", "centres and widths are sorted: they stand in the order of the values")
    {
      $0.kind = .sortedCentres
    },
    .init("no-prior", "the prior is missing") { $0.kind = .noPrior },
    .init("one-width", "all values have one width") { $0.kind = .oneWidth },
    .init("narrow-prior", "the prior's width is (b − a) / 2; it is b − a") { $0.kind = .priorHalf },
    .init("prior-at-bound", "the prior's centre is (b − a) / 2; it is (a + b) / 2") {
      $0.kind = .priorAtBound
    },
  ]

  func parts(_ values: [Double], _ a: Double, _ b: Double) -> (centres: [Double], widths: [Double])
  {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let count = values.count
    let parts =
      switch kind {
      case .clipOne: min(100, count + 1)
      case .clipHundred: count + 2
      default: min(100, count + 2)
      }
    let least = kind == .noClip ? 1e-12 : (b - a) / Double(parts)
    var widths = [Double](repeating: b - a, count: count)
    for (place, index) in order.enumerated() {
      let (isFirst, isLast) = (place == 0, place == count - 1)
      let below = values[index] - (isFirst ? a : values[order[place - 1]])
      let above = (isLast ? b : values[order[place + 1]]) - values[index]
      var gap =
        switch kind {
        case .smaller: min(below, above)
        case .mean: (below + above) / 2
        case .left: below
        case .upper: above
        default: max(below, above)
        }
      if kind == .boundsOut, count > 1, isFirst || isLast { gap = isFirst ? above : below }
      widths[kind == .sortedOrder ? place : index] = min(max(gap, least), b - a)
    }
    if kind == .oneWidth {
      let one = widths.reduce(0, +) / Double(max(count, 1))
      widths = widths.map { _ in one }
    }
    var centres = values
    if kind == .sortedCentres {
      centres = order.map { values[$0] }
      widths = order.map { widths[$0] }
    }
    guard kind != .noPrior else { return (centres, widths) }
    return (
      centres + [kind == .priorAtBound ? (b - a) / 2 : (a + b) / 2],
      widths + [kind == .priorHalf ? (b - a) / 2 : b - a]
    )
  }

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let bounds = try numbers.list("bounds")
    let (centres, widths) = parts(try numbers.list("values"), bounds[0], bounds[1])
    return [
      ("centres", Tensor(centres.map { Float($0) })), ("widths", Tensor(widths.map { Float($0) })),
    ]
  }
}

/// The logarithm of a Parzen estimator's density as students write it.
struct DensityVariant: Variant {
  enum Kind {
    case right, notCut, overN, largest, noWidth, notLogarithm, base10, variance, meanOfLogs, noSum
    case withoutPrior
  }
  var kind = Kind.right

  static let mistakes: [Mistake<Self>] = [
    .init(
      "not-cut-off",
      "the normal distributions are not cut off: each is divided by its share within the bounds"
    ) { $0.kind = .notCut },
    .init("weights-one-over-n", "the weights are 1 / N: there are N + 1 normal distributions") {
      $0.kind = .overN
    },
    .init("largest-alone", "the density is that of the likeliest normal distribution: it is a sum")
    {
      $0.kind = .largest
    },
    .init("without-width", "the normal distributions are not divided by σ") { $0.kind = .noWidth },
    .init("no-logarithm", "the density is returned, not its logarithm") { $0.kind = .notLogarithm },
    .init("base-ten", "the logarithm is the one to base 10") { $0.kind = .base10 },
    .init("mean-of-logarithms", "the logarithms are averaged: the logarithm is that of the sum") {
      $0.kind = .meanOfLogs
    },
    .init("without-weights", "the weights 1 / (N + 1) are missing") { $0.kind = .noSum },
    .init("without-prior", "the prior is not in the sum") { $0.kind = .withoutPrior },
  ]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let bounds = try numbers.list("bounds")
    let (a, b) = (bounds[0], bounds[1])
    var (centres, widths) = WidthsVariant().parts(try numbers.list("values"), a, b)
    let count = centres.count
    if kind == .withoutPrior { (centres, widths) = (centres.dropLast(), widths.dropLast()) }
    let densities = try numbers.list("places").map { z -> Double in
      let terms = zip(centres, widths).map { mu, sigma -> Double in
        let mass =
          NormalDistribution.cumulative((b - mu) / sigma)
          - NormalDistribution.cumulative((a - mu) / sigma)
        let phi = NormalDistribution.density((z - mu) / sigma)
        return phi / (kind == .noWidth ? 1 : sigma) / (kind == .notCut ? 1 : mass)
      }
      let sum = terms.reduce(0, +)
      let weight = Double(kind == .overN ? max(count - 1, 1) : kind == .noSum ? 1 : count)
      switch kind {
      case .largest: return log((terms.max() ?? 0) / weight)
      case .notLogarithm: return sum / weight
      case .base10: return log10(sum / weight)
      case .meanOfLogs: return terms.reduce(0) { $0 + log($1) } / weight
      default: return log(sum / weight)
      }
    }
    return [("logDensity", Tensor(densities.map { Float($0) }))]
  }
}

/// The probabilities of choices as students write them.
struct ChoicesVariant: Variant {
  enum Kind { case right, shares, withoutN, onlyTop, uniform, unweighted }
  var kind = Kind.right

  static let mistakes: [Mistake<Self>] = [
    .init("without-one", "nothing is added to the counts, so that an unseen choice never comes") {
      $0.kind = .shares
    },
    .init("divided-by-one-more", "the sum is divided by N + 1: it has C + N") {
      $0.kind = .withoutN
    },
    .init("divided-by-n", "the sum is divided by N: it has C + N") { $0.kind = .onlyTop },
    .init("even", "all choices are as likely, whatever was seen") { $0.kind = .uniform },
    .init("counts", "the counts are returned: they are divided by C + N") { $0.kind = .unweighted },
  ]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let (seen, C) = (numbers.whole("seen"), numbers.sizes["choices"] ?? 1)
    let N = Double(seen.count)
    let probabilities = (0..<C).map { c -> Double in
      let n = Double(seen.count { $0 == c })
      switch kind {
      case .right: return (1 + n) / (Double(C) + N)
      case .shares: return N > 0 ? n / N : 0
      case .withoutN: return (1 + n) / (1 + N)
      case .onlyTop: return (1 + n) / max(N, 1)
      case .uniform: return 1 / Double(C)
      case .unweighted: return 1 + n
      }
    }
    return [("probabilities", Tensor(probabilities.map { Float($0) }))]
  }
}

/// The good trials as students choose them.
struct SplitVariant: Variant {
  enum Kind { case right, floor, worst, uncapped, laterFirst, nanGood, oneMore, quarter, rounded }
  var kind = Kind.right

  static let integers: Set<String> = ["isGood"]
  static let mistakes: [Mistake<Self>] = [
    .init("rounded-down", "a tenth is rounded down; it is rounded up") { $0.kind = .floor },
    .init("rounded", "a tenth is rounded to the nearest; it is rounded up") { $0.kind = .rounded },
    .init("worst", "the trials with the smallest scores are taken: the larger, the better") {
      $0.kind = .worst
    },
    .init("no-limit", "more than 25 trials are good") { $0.kind = .uncapped },
    .init("later-of-equals", "of equal scores the later trial comes first; it is the earlier one") {
      $0.kind = .laterFirst
    },
    .init("failed-as-good", "trials that failed, with NaN, are among the good") {
      $0.kind = .nanGood
    },
    .init("one-more", "one trial too many is good: a tenth rounded up is ⌈n/10⌉, not n/10 + 1") {
      $0.kind = .oneMore
    },
    .init("quarter", "a quarter of the trials is good; it is a tenth") { $0.kind = .quarter },
  ]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let scores = try numbers.list("scores")
    let n = scores.count
    func isBefore(_ i: Int, _ j: Int) -> Bool {
      let (a, b) = (scores[i], scores[j])
      if a.isNaN != b.isNaN { return kind == .nanGood ? a.isNaN : b.isNaN }
      if a == b || a.isNaN { return kind == .laterFirst ? i > j : i < j }
      return kind == .worst ? a < b : a > b
    }
    let count =
      switch kind {
      case .floor: n / 10
      case .rounded: Int((Double(n) / 10).rounded())
      case .oneMore: n / 10 + 1
      case .quarter: (n + 3) / 4
      default: (n + 9) / 10
      }
    let good = Set(
      scores.indices.sorted(by: isBefore).prefix(kind == .uncapped ? count : min(count, 25)))
    return [("isGood", Tensor(scores.indices.map { good.contains($0) ? 1 : 0 }))]
  }
}

/// The best candidate as students choose it.
struct CandidateVariant: Variant {
  enum Kind { case right, smallest, goodAlone, difference, badAlone, first, last }
  var kind = Kind.right

  static let integers: Set<String> = ["index"]
  static let mistakes: [Mistake<Self>] = [
    .init("upside-down", "the smallest ln l − ln g is taken, or that of ln g − ln l: the largest") {
      $0.kind = .smallest
    },
    .init("good-alone", "the candidate with the largest l is taken, whatever g says") {
      $0.kind = .goodAlone
    },
    .init("bad-alone", "the candidate with the smallest g is taken, whatever l says") {
      $0.kind = .badAlone
    },
    .init("difference", "l − g is compared: it is ln l − ln g, the logarithm of l / g") {
      $0.kind = .difference
    },
    .init("first", "the first candidate is taken") { $0.kind = .first },
    .init("last", "the last candidate is taken") { $0.kind = .last },
  ]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let bounds = try numbers.list("bounds")
    func mixture(_ name: String) throws -> Mixture {
      let (centres, widths) = WidthsVariant().parts(
        try numbers.list(name), bounds[0], bounds[1])
      return Mixture(centres, widths, bounds[0], bounds[1])
    }
    func logDensity(_ mixture: Mixture, _ z: Double) -> Double {
      log(
        mixture.centres.indices.reduce(0) { sum, k in
          let sigma = mixture.widths[k]
          let mass = mixture.share(mixture.b, k) - mixture.share(mixture.a, k)
          return sum
            + NormalDistribution.density((z - mixture.centres[k]) / sigma) / sigma / mass
            / Double(mixture.centres.count)
        })
    }
    let (l, g) = (try mixture("good"), try mixture("bad"))
    let gains = try numbers.list("candidates").map { z -> Double in
      let (good, bad) = (logDensity(l, z), logDensity(g, z))
      switch kind {
      case .smallest: return bad - good
      case .goodAlone: return good
      case .badAlone: return -bad
      case .difference: return exp(good) - exp(bad)
      default: return good - bad
      }
    }
    let best = gains.indices.reduce(0) { gains[$1] > gains[$0] ? $1 : $0 }
    let index = kind == .first ? 0 : kind == .last ? gains.count - 1 : best
    return [("index", Tensor([Float(index)]))]
  }
}
