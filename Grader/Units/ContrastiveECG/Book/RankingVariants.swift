import Judge
import TensorCore

/// A ranking of an experiment.
private struct Ranking {
  let scores: [Float]
  let labels: [Bool]

  init(_ numbers: Numbers) throws {
    scores = try numbers("scores").array
    labels = (numbers.integers["labels"] ?? []).map { $0 == 1 }
  }

  var positives: Int { labels.count { $0 } }

  /// As a worker answers.
  func results(_ figure: Double?) -> [(name: String, tensor: Tensor)] {
    let value = figure ?? 0
    return [
      ("isDefined", Tensor([figure == nil ? 0 : 1])), ("figure", Tensor(Float(value))),
      ("rest", Tensor(Float(value - Double(Float(value))))),
    ]
  }
}

/// AUROC as students write it.
struct AreaVariant: Variant {
  enum Kind {
    case right, tiesLost, tiesWon, tiesByOrder, reversed, folded, bySquare, byPairsOfAll, absentZero
    case absentHalf, nanKept, accuracy
  }
  var kind = Kind.right

  static let integers: Set<String> = ["isDefined"]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let ranking = try Ranking(numbers)
    return ranking.results(figure(ranking))
  }

  private func figure(_ ranking: Ranking) -> Double? {
    let own = ranking.labels.indices.filter { ranking.labels[$0] }
    let others = ranking.labels.indices.filter { !ranking.labels[$0] }
    if kind != .nanKept, ranking.scores.contains(where: \.isNaN) { return nil }
    guard !own.isEmpty, !others.isEmpty else {
      return kind == .absentZero ? 0 : kind == .absentHalf ? 0.5 : nil
    }
    var wins = 0.0
    for i in own {
      for j in others {
        let (a, b) = (ranking.scores[i], ranking.scores[j])
        let tie =
          switch kind {
          case .tiesLost: 0.0
          case .tiesWon: 1.0
          // as a stable sort has them
          case .tiesByOrder: i > j ? 1.0 : 0.0
          default: 0.5
          }
        wins += a > b ? 1 : a == b ? tie : 0
      }
    }
    let (P, N) = (Double(own.count), Double(others.count))
    let area = wins / (P * N)
    switch kind {
    case .reversed: return 1 - area
    case .folded: return max(area, 1 - area)
    case .bySquare: return wins / (N * N)
    case .byPairsOfAll: return wins / ((P + N) * (P + N))
    default: return area
    }
  }

  static let mistakes: [Mistake<Self>] = [
    .init("ties-lost", "a tie counts 0: it counts half") { $0.kind = .tiesLost },
    .init("ties-won", "a tie counts 1: it counts half") { $0.kind = .tiesWon },
    .init(
      "ties-by-order",
      "of equal scores the one that stands first has the lower rank: they have the mean of their ranks"
    ) { $0.kind = .tiesByOrder },
    .init("reversed", "it is the chance of a lower score, 1 minus what it should be") {
      $0.kind = .reversed
    },
    .init(
      "folded",
      "what is below 0.5 is turned round: a ranking that is worse than chance is just that"
    ) { $0.kind = .folded },
    .init("divided-by-n-squared", "it is divided by N²: there are P N pairs") {
      $0.kind = .bySquare
    },
    .init(
      "divided-by-all-pairs", "it is divided by the square of all records: there are P N pairs"
    ) { $0.kind = .byPairsOfAll },
    .init("absent-as-zero", "without one of the classes it is 0: it is nil") {
      $0.kind = .absentZero
    },
    .init("absent-as-half", "without one of the classes it is 0.5: it is nil") {
      $0.kind = .absentHalf
    },
    .init(
      "not-a-number-kept", "a score that is not a number is compared like others: it is nil then"
    ) {
      $0.kind = .nanKept
    },
  ]
}

/// Average precision as students write it.
struct PrecisionVariant: Variant {
  enum Kind {
    case right, trapezium, overAllRanks, ascending, throughTies, absentZero, nanKept, tiesBefore,
      share
    case interpolated
  }
  var kind = Kind.right

  static let integers: Set<String> = ["isDefined"]

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let ranking = try Ranking(numbers)
    return ranking.results(figure(ranking))
  }

  private func figure(_ ranking: Ranking) -> Double? {
    let (scores, labels, P) = (ranking.scores, ranking.labels, ranking.positives)
    if kind != .nanKept, scores.contains(where: \.isNaN) { return nil }
    guard P > 0 else { return kind == .absentZero ? 0 : nil }
    let order = scores.indices.sorted { i, j in
      if scores[i] == scores[j] { return i < j }
      return kind == .ascending ? scores[i] < scores[j] : scores[i] > scores[j]
    }
    var points: [(precision: Double, recall: Double)] = []
    var found = 0
    for (place, record) in order.enumerated() {
      if labels[record] { found += 1 }
      let isLast = place + 1 == order.count || scores[order[place + 1]] != scores[record]
      if kind == .throughTies || kind == .overAllRanks || isLast {
        points.append((Double(found) / Double(place + 1), Double(found) / Double(P)))
      }
    }
    switch kind {
    case .overAllRanks:
      return points.reduce(0) { $0 + $1.precision } / Double(points.count)
    case .share: return Double(P) / Double(labels.count)
    default: break
    }
    var (sum, recall, before) = (0.0, 0.0, 1.0)
    for (place, point) in points.enumerated() {
      let precision =
        switch kind {
        case .trapezium: (point.precision + before) / 2
        case .tiesBefore: before
        case .interpolated: points[place...].map(\.precision).max() ?? 0
        default: point.precision
        }
      sum += precision * (point.recall - recall)
      (recall, before) = (point.recall, point.precision)
    }
    return sum
  }

  static let mistakes: [Mistake<Self>] = [
    .init(
      "trapezium",
      "it is the area under the curve by trapezia: the precision at each score counts, without interpolation"
    ) { $0.kind = .trapezium },
    .init(
      "interpolated",
      "the precision is the best of all lower scores: it is that at the score itself"
    ) { $0.kind = .interpolated },
    .init(
      "mean-over-all-ranks",
      "the mean goes over all ranks: it goes over the recall, which only positives add to"
    ) { $0.kind = .overAllRanks },
    .init("ascending", "it begins with the lowest score: it begins with the highest") {
      $0.kind = .ascending
    },
    .init(
      "through-ties", "records of one score come in one after the other: they come in together"
    ) { $0.kind = .throughTies },
    .init(
      "precision-before",
      "the precision is that before the score's records have come in: it is that with them"
    ) { $0.kind = .tiesBefore },
    .init("share-of-positives", "it is the share of positives, which is the figure of chance") {
      $0.kind = .share
    },
    .init("absent-as-zero", "without a positive it is 0: it is nil") { $0.kind = .absentZero },
    .init("not-a-number-kept", "a score that is not a number is sorted like others: it is nil then")
    {
      $0.kind = .nanKept
    },
  ]
}
