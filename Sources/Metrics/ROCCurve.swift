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
    guard let area = Metrics.areaUnderROC(scores: scores, labels: labels),
      let steps = Metrics.thresholds(scores, labels), let last = steps.last
    else { return nil }
    self.area = area
    let rates = ([Metrics.Threshold()] + steps).map {
      (
        Double($0.negatives) / Double(last.negatives), Double($0.positives) / Double(last.positives)
      )
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
