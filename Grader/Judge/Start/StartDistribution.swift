import Foundation
import JudgedNumbers

/// What the initial numbers of a parameter are drawn from.
public enum StartDistribution: Sendable, Equatable {
  /// All are this number.
  case constant(Double)
  /// Normal with mean 0.
  case normal(standardDeviation: Double)
  /// Uniform between −bound and bound.
  case uniform(bound: Double)

  /// All are 0.
  public static let zero = StartDistribution.constant(0)

  /// Whether nothing is drawn.
  var isConstant: Bool { if case .constant = self { true } else { false } }
}

/// Whether numbers are independent draws from a distribution, each with the same chance: five tests, of
/// which right numbers fail one with a probability of at most `level`. `DrawOrder` is about their order.
///
/// Nothing here is estimated: but for the last, each test uses a bound that holds for any number of draws.
///
/// | test | bound |
/// |---|---|
/// | the distribution function, Kolmogorov and Smirnov's largest distance D | P(√n D > λ) ≤ 2 exp(−2 λ²), Massart 1990 |
/// | the variance s² of n normal draws | P(s² ≥ (1 + t) σ²) ≤ exp(−(n − 1) (t − ln(1 + t)) / 2), and below alike: Chernoff's bound of χ² |
/// | the mean of n normal draws | its own normal distribution |
/// | the largest \|x\| | P(largest ≤ m) = P(\|x\| ≤ m)ⁿ |
/// | D again, of numbers that lie too evenly to be drawn | P(√n D < 0.23) ≤ 1.7e-8 for n ≥ 64, the exact distribution: SciPy's `kstwo.cdf` |
///
/// Of 8192 draws (`PowerTests` has the figures) they find a standard deviation or a mean that is off by a
/// tenth of σ, a uniform distribution, and one that is cut off at 3 σ.
struct DistributionTest {
  /// The probability with which right numbers fail.
  static let level = 1e-6
  /// Five tests share it.
  private static let share = level / 5

  /// The tests that numbers can fail.
  enum Failure: Equatable {
    case notConstant, allZero
    case deviation(Double)
    case mean(Double)
    case shape
    case tooEven
  }

  /// The first test that the numbers fail; nil where they pass.
  static func failure(_ values: [Float], _ distribution: StartDistribution) -> Failure? {
    let numbers = values.map(Double.init)
    switch distribution {
    case .constant(let value):
      return numbers.allSatisfy { $0 == value } ? nil : .notConstant
    case .normal(let deviation):
      if numbers.allSatisfy({ $0 == 0 }) { return .allZero }
      return normalFailure(numbers, deviation)
    case .uniform(let bound):
      if numbers.allSatisfy({ $0 == 0 }) { return .allZero }
      let largest = numbers.reduce(0) { max($0, abs($1)) }
      // single precision rounds the bound
      guard largest <= bound * (1 + 1e-5) else { return .shape }
      let function = Kolmogorov.distance(numbers) { min(max(($0 / bound + 1) / 2, 0), 1) }
      if isUnlikely(function, numbers.count)
        || tooSmall(tail: 1 - largest / bound, numbers.count)
      {
        return .shape
      }
      return isTooEven(function, numbers.count) ? .tooEven : nil
    }
  }

  private static func normalFailure(_ numbers: [Double], _ deviation: Double) -> Failure? {
    let count = Double(numbers.count)
    let mean = numbers.reduce(0, +) / count
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    if numbers.count > 1 {
      let excess = squares / (count - 1) / (deviation * deviation) - 1
      let bound = exp(-(count - 1) / 2 * (excess - log1p(excess)))
      if 2 * bound < share { return .deviation((squares / count).squareRoot()) }
    }
    func probability(_ x: Double) -> Double { erfc(-x / deviation / 2.0.squareRoot()) / 2 }
    // about their own mean first, so that a wrong mean is called one
    if isUnlikely(Kolmogorov.distance(numbers) { probability($0 - mean) }, numbers.count) {
      return .shape
    }
    if erfc(abs(mean) / deviation * (count / 2).squareRoot()) < share { return .mean(mean) }
    let function = Kolmogorov.distance(numbers, probability)
    if isUnlikely(function, numbers.count) { return .shape }
    let largest = numbers.reduce(0) { max($0, abs($1)) }
    let tail = erfc(largest / deviation / 2.0.squareRoot())
    let tooLarge = -expm1(count * log1p(-min(tail, 1 - 1e-16)))
    if tooLarge < share / 2 || tooSmall(tail: tail, numbers.count) { return .shape }
    return isTooEven(function, numbers.count) ? .tooEven : nil
  }

  /// Whether the largest of n numbers is too near to zero for the share of the distribution beyond it.
  private static func tooSmall(tail: Double, _ count: Int) -> Bool {
    exp(Double(count) * log1p(-min(max(tail, 0), 1 - 1e-16))) < share / 2
  }

  /// Numbers at even distances have a D of about 1 / n.
  private static func isTooEven(_ distance: Double, _ count: Int) -> Bool {
    count >= 64 && Double(count).squareRoot() * distance < 0.23
  }

  private static func isUnlikely(_ distance: Double, _ count: Int) -> Bool {
    Kolmogorov.chance(distance, count) < share
  }
}
