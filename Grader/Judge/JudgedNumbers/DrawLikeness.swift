/// Whether two rows of numbers are more alike than independent draws are, in whatever order they stand
/// and by whatever factor: shuffled multiples of one draw have the same distribution function to the last
/// step.
///
/// Kolmogorov and Smirnov's distance D of two samples of n numbers each, both brought to the root mean
/// square 1. Of independent draws √(n/2) D lies below 0.2 with a probability of about 5e-12: three times
/// (simulated with NumPy, 60,000 pairs of 2176 normal numbers and 200,000 of 128, at 0.3 to 0.4) that of
/// a Brownian bridge, √(2π) / x · exp(−π² / (8 x²)), since the common scale takes one freedom away.
package struct DrawLikeness {
  /// In order of size, with the root mean square 1; of its negatives too.
  private let sorted, mirrored: [Double]

  /// Sorts the numbers.
  package init(_ values: [Float]) {
    let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
    let scale = squares > 0 ? (Double(values.count) / squares).squareRoot() : 0
    sorted = values.map { Double($0) * scale }.sorted()
    mirrored = sorted.reversed().map { -$0 }
  }

  /// Whether the other numbers, or their negatives, are these in another order, times a factor.
  package func isMoreThanChance(_ other: DrawLikeness) -> Bool {
    let count = sorted.count
    // of fewer numbers 0.2 is hardly a step
    guard count >= 512, other.sorted.count == count else { return false }
    let bound = 0.2 * (2 * Double(count)).squareRoot()
    return Self.steps(sorted, other.sorted, below: bound)
      || Self.steps(sorted, other.mirrored, below: bound)
  }

  /// Whether no number has so many more of one row below it than of the other.
  private static func steps(_ first: [Double], _ second: [Double], below bound: Double) -> Bool {
    var j = 0
    for i in first.indices {
      while j < second.count, second[j] <= first[i] { j += 1 }
      if Double(abs(i + 1 - j)) > bound { return false }
    }
    return true
  }
}
