import Foundation

/// How much each parameter decides whether a trial is among the best: how far the best trials' distribution over it is
/// from that of all trials, ∫ (p_best / p_all − 1)² p_all, as shares of one.
///
/// Source: Watanabe, Bansal and Hutter 2023 (PED-ANOVA), with the Parzen estimators of the search.
package enum Importance {
  /// The best trials are a quarter of all: of so few as a study has, a tenth would be chance.
  static func bestCount(_ count: Int) -> Int { (count + 3) / 4 }
  /// Places at which a density is looked at.
  private static let gridCount = 200

  /// For each parameter its share; nil where fewer than eight trials say too little, or none differs.
  package static func shares(_ space: SearchSpace, _ records: [TrialRecord]) -> [Double]? {
    guard records.count >= 8 else { return nil }
    let order = records.filter { !$0.test.isNaN }.sorted {
      ($0.test, -$0.trial) > ($1.test, -$1.trial)
    }
    let best = Array(order.prefix(bestCount(records.count)))
    let divergences = space.parameters.indices.map { place -> Double in
      func seen(_ records: [TrialRecord]) -> [Double] { records.map { $0.point[place] } }
      let range = space.parameters[place].range
      if case .choice(let words) = range {
        let (p, all) = (
          ChoiceEstimator(seen(best).map { Int($0) }, count: words.count).shares,
          ChoiceEstimator(seen(records).map { Int($0) }, count: words.count).shares
        )
        return zip(p, all).reduce(0) { $0 + ($1.0 / $1.1 - 1) * ($1.0 / $1.1 - 1) * $1.1 }
      }
      let (low, high) = range.bounds
      guard high > low else { return 0 }
      let p = ParzenEstimator(seen(best).map(range.scaled), low: low, high: high)
      let all = ParzenEstimator(seen(records).map(range.scaled), low: low, high: high)
      let step = (high - low) / Double(gridCount)
      return (0..<gridCount).reduce(0) { sum, index in
        let z = low + (Double(index) + 0.5) * step
        let baseline = all.logDensity(z)
        let ratio = exp(p.logDensity(z) - baseline) - 1
        return sum + ratio * ratio * exp(baseline) * step
      }
    }
    let sum = divergences.reduce(0, +)
    return sum > 0 ? divergences.map { $0 / sum } : nil
  }
}
