extension Metrics {
  /// The range in which the middle ones of many areas under the ROC lie, each of as many examples as there are, drawn with
  /// repeats; those to find and the others are drawn apart, so that none is of one kind alone (Efron 1979).
  ///
  /// - Parameters:
  ///   - scores, labels: as in `areaUnderROC(scores:labels:)`.
  ///   - share: the share of the areas that lies within.
  ///   - draws: how many areas.
  ///   - seed: what is drawn follows from it.
  /// - Returns: nil where the area itself is nil.
  public static func bootstrapInterval(
    ofAreaUnderROC scores: [Float], labels: [Int32], share: Double = 0.95, draws: Int = 1000,
    seed: UInt64 = 1
  ) -> ClosedRange<Double>? {
    guard areaUnderROC(scores: scores, labels: labels) != nil, draws > 0 else { return nil }
    // the place of each score among the distinct ones, upwards
    let upwards = scores.indices.sorted { scores[$0] < scores[$1] }
    var positives: [Int] = []
    var negatives: [Int] = []
    var place = -1
    for (index, example) in upwards.enumerated() {
      if index == 0 || scores[upwards[index - 1]] != scores[example] { place += 1 }
      if labels[example] == 1 { positives.append(place) } else { negatives.append(place) }
    }
    var generator = SplitMix(state: seed)
    var resampled: [Double] = []
    resampled.reserveCapacity(draws)
    var found = [Int](repeating: 0, count: place + 1)
    var others = found
    for _ in 0..<draws {
      for index in found.indices { (found[index], others[index]) = (0, 0) }
      for _ in positives.indices { found[positives[generator.next(below: positives.count)]] += 1 }
      for _ in negatives.indices { others[negatives[generator.next(below: negatives.count)]] += 1 }
      // halves of pairs, so that ties count as whole numbers
      var below = 0
      var halves = 0
      for index in found.indices {
        halves += found[index] * (2 * below + others[index])
        below += others[index]
      }
      resampled.append(Double(halves) / 2 / (Double(positives.count) * Double(negatives.count)))
    }
    resampled.sort()
    /// Between two areas in proportion, as NumPy's `percentile`.
    func quantile(_ part: Double) -> Double {
      let place = part * Double(resampled.count - 1)
      let (low, rest) = (Int(place), place - place.rounded(.down))
      return low + 1 < resampled.count
        ? resampled[low] + rest * (resampled[low + 1] - resampled[low]) : resampled[low]
    }
    let outside = (1 - min(max(share, 0), 1)) / 2
    return quantile(outside)...quantile(1 - outside)
  }

  /// Numbers that are drawn fast (Steele, Lea and Flood 2014).
  private struct SplitMix {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var bits = state
      bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
      bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((bits ^ (bits >> 31)).multipliedFullWidth(by: UInt64(bound)).high)
    }
  }
}
