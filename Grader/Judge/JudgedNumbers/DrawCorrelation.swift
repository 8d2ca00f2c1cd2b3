import Foundation

/// Whether numbers go with others, as multiples and sums of draws do: with those of another seed, of
/// another tensor, or further on in the same one.
///
/// The correlation r of n independent draws from a normal or a uniform distribution around 0 is further
/// from 0 than c with a probability of at most 2 exp(−n c² / 2): both are strictly sub-Gaussian, so that a
/// sum of draws with any weights has the tail of a normal one (Arbel, Marchal and Nguyen 2020).
package enum DrawCorrelation {
  /// The correlation of two rows of numbers, if it is more than chance.
  ///
  /// - Parameter level: the probability with which right numbers have one.
  package static func notable(
    _ first: ArraySlice<Float>, _ second: ArraySlice<Float>, level: Double
  ) -> Double? {
    let count = min(first.count, second.count)
    // of fewer numbers a variance is no better known than this is
    guard count >= 512 else { return nil }
    var (product, firsts, seconds) = (0.0, 0.0, 0.0)
    for (a, b) in zip(first, second) {
      product += Double(a) * Double(b)
      firsts += Double(a) * Double(a)
      seconds += Double(b) * Double(b)
    }
    guard firsts > 0, seconds > 0 else { return nil }
    let correlation = product / (firsts * seconds).squareRoot()
    let bound = (2 * log(2 / level) / Double(count)).squareRoot()
    // a tenth more, for variances that are estimated
    return abs(correlation) > 1.1 * bound ? correlation : nil
  }
}
