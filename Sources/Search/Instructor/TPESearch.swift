import Foundation
import TensorCore

/// The tree-structured Parzen estimator: what is tried next is likely among the best trials so far and unlikely among
/// the others, each parameter by itself.
///
/// Source: Bergstra et al. 2011, section 4, with Optuna's number of good trials.
package enum TPESearch {
  /// Trials that are drawn from the whole space before anything is estimated.
  package static let startCount = 10
  /// Draws among which a parameter's value is chosen.
  static let candidateCount = 24

  /// How many of so many trials are good: a tenth, rounded up, and no more than 25.
  package static func goodCount(_ count: Int) -> Int { min((count + 9) / 10, 25) }

  /// The places of good and of bad trials, the best first; of equals the earlier is better, and what is no number is
  /// worst.
  package static func split(_ scores: [Double]) -> (good: [Int], bad: [Int]) {
    let scores = scores.map { $0.isNaN ? -.infinity : $0 }
    let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    let count = goodCount(scores.count)
    return (Array(order.prefix(count)), Array(order.dropFirst(count)))
  }

  /// The next point.
  ///
  /// - Parameters:
  ///   - points: those of the trials so far.
  ///   - scores: theirs; larger is better.
  package static func proposal(
    _ space: SearchSpace, points: [[Double]], scores: [Double],
    using generator: inout RandomGenerator
  ) -> [Double] {
    guard scores.count >= startCount else { return space.randomPoint(using: &generator) }
    let (good, bad) = split(scores)
    return space.parameters.indices.map { place in
      func seen(_ trials: [Int]) -> [Double] { trials.map { points[$0][place] } }
      let range = space.parameters[place].range
      guard case .choice(let words) = range else {
        let (low, high) = range.bounds
        func estimator(_ trials: [Int]) -> ParzenEstimator {
          ParzenEstimator(seen(trials).map(range.scaled), low: low, high: high)
        }
        let (l, g) = (estimator(good), estimator(bad))
        let candidates = (0..<candidateCount).map { _ in l.draw(using: &generator) }
        return range.value(
          scaled: candidates[best(candidates.map { l.logDensity($0) - g.logDensity($0) })])
      }
      func estimator(_ trials: [Int]) -> ChoiceEstimator {
        ChoiceEstimator(seen(trials).map { Int($0) }, count: words.count)
      }
      let (l, g) = (estimator(good), estimator(bad))
      let candidates = (0..<candidateCount).map { _ in l.draw(using: &generator) }
      return Double(
        candidates[best(candidates.map { log(l.shares[$0]) - log(g.shares[$0]) })])
    }
  }

  /// The place of the first of the largest.
  private static func best(_ ratios: [Double]) -> Int {
    ratios.indices.reduce(0) { ratios[$1] > ratios[$0] ? $1 : $0 }
  }
}
