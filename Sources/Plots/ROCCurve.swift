/// A receiver operating characteristic: the shares of both classes that lie at or above each
/// threshold. Of points nearer than 1/400 to each other only one is kept: nobody sees more.
public struct ROCCurve: Sendable, Equatable, Codable {
  /// The share of class 0 at or above each threshold, from none to all.
  public let falsePositiveRates: [Double]
  /// The share of class 1 at or above each threshold, from none to all.
  public let truePositiveRates: [Double]
  /// The area under the curve of all points: the chance that a random example of class 1 has a
  /// higher score than a random one of class 0, ties counting half.
  public let area: Double

  /// The curve of scores, one for each label; examples with the same score pass together.
  ///
  /// - Parameter labels: 1 for the class to find; any other label is a negative example.
  /// - Returns: nil where a class is absent or a score is not a number.
  public init?(scores: [Float], labels: [Int32]) {
    let positives = labels.count { $0 == 1 }
    let negatives = labels.count - positives
    guard scores.count == labels.count, positives > 0, negatives > 0,
      !scores.contains(where: \.isNaN)
    else { return nil }
    // The counts at or above each threshold, from none to all.
    var points = [(falses: 0, trues: 0)]
    var (falses, trues) = (0, 0)
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    for (place, index) in order.enumerated() {
      if labels[index] == 1 { trues += 1 } else { falses += 1 }
      let isLastOfTies = place + 1 == order.count || scores[order[place + 1]] != scores[index]
      if isLastOfTies { points.append((falses, trues)) }
    }
    let rates = points.map {
      (Double($0.falses) / Double(negatives), Double($0.trues) / Double(positives))
    }
    area = zip(rates, rates.dropFirst()).reduce(0) { sum, step in
      sum + (step.1.0 - step.0.0) * (step.0.1 + step.1.1) / 2
    }
    var kept: [(Double, Double)] = []
    for (place, point) in rates.enumerated() {
      if let last = kept.last, place + 1 < rates.count,
        max(point.0 - last.0, point.1 - last.1) < 1.0 / 400
      {
        continue
      }
      kept.append(point)
    }
    falsePositiveRates = kept.map(\.0)
    truePositiveRates = kept.map(\.1)
  }
}
