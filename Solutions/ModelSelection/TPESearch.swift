import Coursework
import Foundation
import TensorCore

/// Which trials are good (section 7.8, task 7.8c).
///
/// Of n trials the min(⌈n/10⌉, 25) with the largest scores: 1, 2, 2, 3, 10, 25, 25 for n = 10, 11, 20, 21, 100, 250, 400. Of
/// equal scores the earlier trial comes first. A score that is not a number (NaN) is that of a trial that failed, and
/// comes behind all others.
///
/// - Parameter scores: of the trials in their order.
/// - Returns: the indices of the good ones, in any order; all others are bad.
public func goodTrials(_ scores: [Double]) throws -> [Int] {
  // BEGIN SOLUTION 7.8c: sort the indices, take the first
  let n = scores.count
  func rank(_ i: Int) -> Double { scores[i].isNaN ? -.infinity : scores[i] }
  let order = scores.indices.sorted { i, j in
    if scores[i].isNaN != scores[j].isNaN { return scores[j].isNaN }
    return rank(i) != rank(j) ? rank(i) > rank(j) : i < j
  }
  return Array(order.prefix(min((n + 9) / 10, 25)))
  // END SOLUTION
}

/// The candidate that promises most: that with the largest ln l − ln g (section 7.8, task 7.8c).
///
/// l is the density of the good values, g that of the bad ones; the largest l / g is the largest expected improvement.
///
/// - Parameters:
///   - candidates: at least one.
///   - good: l.
///   - bad: g.
/// - Returns: the index of the candidate, of equals the first.
public func bestCandidate(
  _ candidates: [Double], good: ParzenEstimator, bad: ParzenEstimator
) throws -> Int {
  // BEGIN SOLUTION 7.8c: the place of the largest ln l − ln g
  let gains = try candidates.map { try good.logDensity($0) - bad.logDensity($0) }
  return gains.indices.reduce(0) { gains[$1] > gains[$0] ? $1 : $0 }
  // END SOLUTION
}

/// What the Tree-structured Parzen Estimator tries next (section 7.8, task 7.8c).
///
/// With fewer than 10 trials: a random point. Else split the trials into good and bad ones, and for each parameter by itself:
///
/// - uniform or log-uniform: l is the `ParzenEstimator` of the good trials' values, g that of the bad ones' (of a log-uniform
///   parameter values and bounds are logarithms); draw 24 candidates from l and take the best;
/// - choice: l and g are `choiceProbabilities` of the good and the bad trials; draw 24 candidates from l and take that with
///   the largest ln l − ln g, of equals the first.
///
/// - Parameters:
///   - space: the parameters.
///   - points: those of the trials so far, as `randomPoint(in:using:)` returns them.
///   - scores: theirs; the larger, the better, NaN where a trial failed.
///   - generator: where the draws come from.
/// - Returns: a point: of a log-uniform parameter the number, not its logarithm; of a choice its index.
public func proposal(
  in space: [SearchParameter], points: [[Double]], scores: [Double],
  using generator: inout RandomGenerator
) throws -> [Double] {
  // BEGIN SOLUTION 7.8c: a random point, or parameter by parameter the best of 24 draws from l
  guard scores.count >= 10 else { return try randomPoint(in: space, using: &generator) }
  let good = try goodTrials(scores)
  let bad = scores.indices.filter { !good.contains($0) }
  func numeric(_ i: Int, _ a: Double, _ b: Double, _ z: (Double) -> Double) throws -> Double {
    let l = try ParzenEstimator(good.map { z(points[$0][i]) }, low: a, high: b)
    let g = try ParzenEstimator(bad.map { z(points[$0][i]) }, low: a, high: b)
    let candidates = try (0..<24).map { _ in try l.draw(using: &generator) }
    return candidates[try bestCandidate(candidates, good: l, bad: g)]
  }
  func chosen(_ i: Int, _ count: Int) throws -> Double {
    let l = try choiceProbabilities(good.map { Int(points[$0][i]) }, count: count)
    let g = try choiceProbabilities(bad.map { Int(points[$0][i]) }, count: count)
    let candidates = (0..<24).map { _ -> Int in
      var u = generator.uniform()
      for c in 0..<count {
        u -= l[c]
        if u < 0 { return c }
      }
      return count - 1
    }
    func gain(_ c: Int) -> Double { log(l[c]) - log(g[c]) }
    return Double(candidates.reduce(candidates[0]) { gain($1) > gain($0) ? $1 : $0 })
  }
  return try space.enumerated().map { i, parameter in
    switch parameter {
    case .uniform(let low, let high): try numeric(i, low, high) { $0 }
    case .logUniform(let low, let high):
      min(max(exp(try numeric(i, log(low), log(high)) { log($0) }), low), high)
    case .choice(let count): try chosen(i, count)
    }
  }
  // END SOLUTION
}
