import Foundation

/// How often each outcome came in independent draws, against the probabilities that the outcomes have.
///
/// Nothing here is estimated or holds for many draws only: both tests use the exact distribution or a bound
/// for any number of draws and any probabilities, small ones too, for which the χ² distribution of Pearson's
/// statistic is no bound at 1e-6.
///
/// | test | finds | bound |
/// |---|---|---|
/// | each count alone | one outcome that is off | the two tails of the binomial distribution, summed; k outcomes share the level |
/// | all counts together, by the divergence D of their shares from the probabilities, which is Pearson's statistic / 2 n near them | many that are a little off | P(D ≥ ε) ≤ e^(−n ε) (e ε n / (k − 1))^(k − 1) for ε > (k − 1) / n, Agrawal 2020, Finite-Sample Concentration of the Multinomial in Relative Entropy |
struct OutcomeCounts {
  let counts: [Int]
  let probabilities: [Double]
  var total: Int { counts.reduce(0, +) }

  /// No less than the probability that right draws have such counts or less likely ones.
  var chance: Double {
    for (count, probability) in zip(counts, probabilities) where probability <= 0 && count > 0 {
      return 0
    }
    return min(1, 2 * min(chanceOfOne, chanceOfAll))
  }

  /// The outcome whose count alone is the least likely.
  var oddest: Int {
    counts.indices.min { tails($0) < tails($1) } ?? 0
  }

  private var chanceOfOne: Double {
    counts.indices.reduce(1) { min($0, tails($1)) } * Double(counts.count)
  }

  private var chanceOfAll: Double {
    let (n, k) = (Double(total), Double(probabilities.count { $0 > 0 }))
    guard n > 0, k > 1 else { return 1 }
    let divergence = zip(counts, probabilities).reduce(0) { sum, outcome in
      let share = Double(outcome.0) / n
      return share > 0 ? sum + share * log(share / outcome.1) : sum
    }
    guard divergence > (k - 1) / n else { return 1 }
    return exp(-n * divergence + (k - 1) * (1 + log(divergence * n / (k - 1))))
  }

  /// Twice the smaller tail of an outcome's count.
  private func tails(_ outcome: Int) -> Double {
    min(1, 2 * Self.tail(counts[outcome], of: total, probabilities[outcome]))
  }

  /// The probability of so many or more of n draws, where these are more than expected, or else of so many
  /// or fewer.
  static func tail(_ count: Int, of total: Int, _ probability: Double) -> Double {
    if probability <= 0 { return count == 0 ? 1 : 0 }
    if probability >= 1 { return count == total ? 1 : 0 }
    let (n, k) = (Double(total), Double(count))
    let isAbove = k > n * probability
    let odds = probability / (1 - probability)
    let ways: Double = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    var term = exp(ways + k * log(probability) + (n - k) * log1p(-probability))
    var (sum, place) = (term, k)
    // away from the expected number each term is smaller than the one before
    while term > sum * 1e-17, isAbove ? place < n : place > 0 {
      let ratio: Double =
        isAbove ? (n - place) / (place + 1) * odds : place / (n - place + 1) / odds
      term *= ratio
      place += isAbove ? 1 : -1
      sum += term
    }
    return min(1, sum)
  }
}
