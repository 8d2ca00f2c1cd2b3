import Foundation

/// Whether numbers stand in the order in which they could have been drawn: neither sorted, as a whole or
/// within rows and columns, nor in any other order by which a number tells of one that is near to it.
///
/// Of independent draws each is smaller than the one `lag` places further on with probability 1/2. Another
/// value in one place changes the count of such pairs by at most 1, as one of the two pairs that it is in
/// rises whenever its neighbours do; so the count of n numbers is further than t from its mean with a
/// probability of at most 2 exp(−2 t² / n) (McDiarmid 1989).
package struct DrawOrder: Equatable {
  /// How far apart the numbers are that are compared.
  package let lag: Int
  /// The fraction of the pairs that rise.
  package let rising: Double

  /// The first lag at which the numbers are in some order; nil where they are in none.
  ///
  /// - Parameters:
  ///   - shape: the tensor's: numbers below each other in a matrix are compared too.
  ///   - level: the probability with which right numbers fail.
  package static func first(_ values: [Float], shape: [Int], level: Double) -> DrawOrder? {
    let width = shape.count > 1 ? shape[shape.count - 1] : 1
    let parts = [2, 3, 4].map { values.count / $0 }
    let lags = Set((1...16).map(\.self) + [width - 1, width, width + 1, 2 * width] + parts)
      .filter { $0 > 0 && values.count >= 2 * $0 }.sorted()
    guard !lags.isEmpty else { return nil }
    let allowed = (Double(values.count) / 2 * log(2 * Double(lags.count) / level)).squareRoot()
    for lag in lags {
      let pairs = values.count - lag
      // half of a pair rises where both are the same
      let rising = (0..<pairs).reduce(0.0) { count, index in
        let (first, second) = (values[index], values[index + lag])
        return count + (first < second ? 1 : first == second ? 0.5 : 0)
      }
      if abs(rising - Double(pairs) / 2) > allowed {
        return DrawOrder(lag: lag, rising: rising / Double(pairs))
      }
    }
    return nil
  }
}
