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
  // TODO: Task 7.8c: sort the indices, take the first
  throw Unimplemented("7.8c")
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
  // TODO: Task 7.8c: the place of the largest ln l − ln g
  throw Unimplemented("7.8c")
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
  // TODO: Task 7.8c: a random point, or parameter by parameter the best of 24 draws from l
  throw Unimplemented("7.8c")
}
