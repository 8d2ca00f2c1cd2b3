import Foundation

/// The largest distance of a row of numbers' distribution function from another, Kolmogorov and Smirnov's D.
package enum Kolmogorov {
  /// D of numbers that should have a distribution function.
  package static func distance(_ numbers: [Double], _ function: (Double) -> Double) -> Double {
    let count = Double(numbers.count)
    return numbers.sorted().enumerated().reduce(0) { largest, number in
      let expected = function(number.element)
      return max(
        largest, Double(number.offset + 1) / count - expected,
        expected - Double(number.offset) / count)
    }
  }

  /// No less than the probability that independent draws have such a D or a larger one:
  /// P(√n D > λ) ≤ 2 exp(−2 λ²), Massart 1990, for any n and any distribution.
  package static func chance(_ distance: Double, _ count: Int) -> Double {
    2 * exp(-2 * Double(count) * distance * distance)
  }
}
