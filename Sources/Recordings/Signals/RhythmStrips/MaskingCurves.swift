/// How sure a network is of a strip's class while more and more of the strip is masked (deletion), and while a masked
/// strip gets more and more of itself back (insertion).
///
/// Source: Petsiuk et al. 2018, RISE (section 4.3): a good map's order makes the first fall fast and the second rise fast.
package struct MaskingCurves: Sendable, Equatable {
  /// The mean probability of the class with 0, 1, … windows masked, or back.
  package let deletion, insertion: [Double]

  /// The areas under both, of 1, by trapezia.
  package var areas: (deletion: Double, insertion: Double) {
    (Self.area(deletion), Self.area(insertion))
  }

  private static func area(_ curve: [Double]) -> Double {
    guard let first = curve.first, let last = curve.last, curve.count > 1 else { return 0 }
    return (curve.reduce(0, +) - (first + last) / 2) / Double(curve.count - 1)
  }
}

extension MapTrials {
  /// Windows of 2 s are masked one after the other, from where the map of the class is highest to where it is lowest,
  /// and a masked strip gets them back in that order.
  ///
  /// - Parameters:
  ///   - strips: with their classes; those that the network classifies wrongly are passed over.
  ///   - perClass: the most of each class, the first ones.
  ///   - isRandom: in random orders instead, one a strip.
  /// - Returns: the means of all strips; nil where none is left.
  package func maskingCurves(
    _ strips: [(values: [Float], label: Int)], perClass: Int = 30, isRandom: Bool = false
  ) throws -> MaskingCurves? {
    var sums: (deletion: [Double], insertion: [Double]) = ([], [])
    var count = 0
    for (label, chosen) in try right(strips, perClass: perClass) {
      for (values, answer) in chosen {
        let test = Self.windows(of: values)
        let order =
          isRandom
          ? permutation(test.windows.count) : test.order(of: test.means(of: answer.maps[label]))
        let masked = (0...order.count).map { test.masked(values, order.prefix($0)) }
        let back = (0...order.count).map { test.masked(values, order.dropFirst($0)) }
        let probabilities = try network(masked + back).map { $0.probability(of: label) }
        sums.deletion = Self.sum(sums.deletion, probabilities.prefix(masked.count))
        sums.insertion = Self.sum(sums.insertion, probabilities.dropFirst(masked.count))
        count += 1
      }
    }
    guard count > 0 else { return nil }
    return MaskingCurves(
      deletion: sums.deletion.map { $0 / Double(count) },
      insertion: sums.insertion.map { $0 / Double(count) })
  }

  private static func sum(_ first: [Double], _ second: some Collection<Double>) -> [Double] {
    first.isEmpty ? Array(second) : zip(first, second).map { $0 + $1 }
  }
}
