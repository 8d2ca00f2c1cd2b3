import Coursework
import Foundation
import TensorCore

/// The density of a parameter's good (or bad) values: a hill about each, and a wide one for what was not tried (section
/// 7.8, task 7.8b).
///
/// Of N values z_1 … z_N between a and b: N + 1 normal distributions that are cut off at a and b, each with the weight
/// 1 / (N + 1). Number i has the centre z_i and the width
///
///     σ_i = clip(max(z_(i) − z_(i−1), z_(i+1) − z_(i)),  (b − a) / min(100, N + 2),  b − a)
///
/// where z_(·) are the values in order, with z_(0) = a and z_(N+1) = b: the larger of the distances to its two neighbours,
/// at which a bound counts as one. The last, the *prior*, has the centre (a + b) / 2 and the width b − a. Source: Bergstra,
/// Bardenet, Bengio and Kégl 2011, section 4; the lower end of the clip is Optuna's.
///
/// Of one value 0.25 on [0, 1] the widths are 0.75 and 1, of 0.5 twice 0.5, 0.5 and 1; without values there is the prior alone.
public struct ParzenEstimator {
  let a: Double
  let b: Double
  /// μ: the values in the order in which they were given, then the prior's.
  public let centres: [Double]
  /// σ, in the order of the centres.
  public let widths: [Double]

  /// Computes centres and widths.
  ///
  /// - Parameters:
  ///   - values: z_1 … z_N, in any order, some perhaps equal. Of a log-uniform parameter they are logarithms.
  ///   - a: the lower bound; of a log-uniform parameter its logarithm.
  ///   - b: the upper bound, likewise.
  public init(_ values: [Double], low a: Double, high b: Double) throws {
    self.a = a
    self.b = b
    // BEGIN SOLUTION 7.8b: a width for each value by its neighbours, and the prior
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let sorted = [a] + order.map { values[$0] } + [b]
    let least = (b - a) / Double(min(100, values.count + 2))
    var sigmas = [Double](repeating: 0, count: values.count)
    for (place, i) in order.enumerated() {
      let gap = max(sorted[place + 1] - sorted[place], sorted[place + 2] - sorted[place + 1])
      sigmas[i] = min(max(gap, least), b - a)
    }
    centres = values + [(a + b) / 2]
    widths = sigmas + [b - a]
    // END SOLUTION
  }

  /// The logarithm of the density.
  ///
  ///     ln p(z) = ln Σ_i 1 / (N + 1) · φ((z − μ_i) / σ_i) / (σ_i (Φ((b − μ_i) / σ_i) − Φ((a − μ_i) / σ_i)))
  ///
  /// φ and Φ are `NormalDistribution.density(_:)` and `NormalDistribution.cumulative(_:)`.
  ///
  /// For the step sizes 0.001, 0.003 and 0.01 on 1e-5 … 1e-1, as logarithms: −3.095950 at 1e-5, −1.980678 at 1e-3,
  /// −1.828478 at 5e-3, −2.469985 at 1e-1.
  ///
  /// - Parameter z: a number from a to b; of a log-uniform parameter a logarithm.
  public func logDensity(_ z: Double) throws -> Double {
    // BEGIN SOLUTION 7.8b: the equation above
    var p = 0.0
    for i in centres.indices {
      let (mu, sigma) = (centres[i], widths[i])
      let mass =
        NormalDistribution.cumulative((b - mu) / sigma)
        - NormalDistribution.cumulative((a - mu) / sigma)
      p += NormalDistribution.density((z - mu) / sigma) / (sigma * mass) / Double(centres.count)
    }
    return log(p)
    // END SOLUTION
  }

  /// A number from this density.
  ///
  /// Draw one of the N + 1 normal distributions, each as likely; then z = μ + σ Φ⁻¹(Φ_a + u (Φ_b − Φ_a)), where Φ_a and Φ_b
  /// are the values of Φ at the bounds, (a − μ) / σ and (b − μ) / σ: so a draw never leaves the bounds. Φ⁻¹ is
  /// `NormalDistribution.quantile(_:)`.
  ///
  /// - Parameter generator: where the draws come from.
  public func draw(using generator: inout RandomGenerator) throws -> Double {
    // BEGIN SOLUTION 7.8b: choose a normal distribution, then draw between the bounds
    let i = generator.index(below: centres.count)
    let (mu, sigma) = (centres[i], widths[i])
    let low = NormalDistribution.cumulative((a - mu) / sigma)
    let high = NormalDistribution.cumulative((b - mu) / sigma)
    let z = mu + sigma * NormalDistribution.quantile(low + generator.uniform() * (high - low))
    return min(max(z, a), b)
    // END SOLUTION
  }
}

/// How likely each choice is among the good (or bad) trials (section 7.8, task 7.8b).
///
///     p_c = (1 + n_c) / (C + N)
///
/// `n_c` is how often choice c was seen, N the number of trials, C that of the choices. After the choices 2, 2 and 0 of 4:
/// 2/7, 1/7, 3/7, 1/7.
///
/// - Parameters:
///   - seen: the choices of the trials, as indices.
///   - count: C.
/// - Returns: C probabilities.
public func choiceProbabilities(_ seen: [Int], count: Int) throws -> [Double] {
  // BEGIN SOLUTION 7.8b: the equation above
  return (0..<count).map { c in
    Double(1 + seen.count { $0 == c }) / Double(count + seen.count)
  }
  // END SOLUTION
}
