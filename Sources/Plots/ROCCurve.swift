/// A receiver operating characteristic: the shares of both classes that lie at or above each
/// threshold.
public struct ROCCurve: Sendable, Equatable, Codable {
  /// The share of class 0 at or above each threshold, from none to all.
  public let falsePositiveRates: [Double]
  /// The share of class 1 at or above each threshold, from none to all.
  public let truePositiveRates: [Double]

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
    var corners = [(0, 0)]
    var (falses, trues) = (0, 0)
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    for (place, index) in order.enumerated() {
      if labels[index] == 1 { trues += 1 } else { falses += 1 }
      if place + 1 < order.count, scores[order[place + 1]] == scores[index] { continue }
      // A point on a straight line says nothing that its neighbours do not.
      if let a = corners.dropLast().last, let b = corners.last,
        (b.0 - a.0) * (trues - a.1) == (b.1 - a.1) * (falses - a.0)
      {
        corners.removeLast()
      }
      corners.append((falses, trues))
    }
    falsePositiveRates = corners.map { Double($0.0) / Double(negatives) }
    truePositiveRates = corners.map { Double($0.1) / Double(positives) }
  }

  /// The area under the curve: the chance that a random example of class 1 has a higher score than
  /// a random one of class 0, ties counting half.
  public var area: Double {
    let points = Array(zip(falsePositiveRates, truePositiveRates))
    return zip(points, points.dropFirst()).reduce(0) { sum, pair in
      let (a, b) = pair
      return sum + (b.0 - a.0) * (a.1 + b.1) / 2
    }
  }
}
