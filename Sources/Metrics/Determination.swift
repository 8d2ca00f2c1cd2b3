extension Metrics {
  /// The mean squared error of numbers.
  ///
  /// - Returns: not a number where there are none, or not as many.
  public static func meanSquaredError(_ predictions: [Float], targets: [Float]) -> Double {
    guard predictions.count == targets.count else { return .nan }
    return zip(predictions, targets).map { square(Double($0) - Double($1)) }.mean ?? .nan
  }

  /// The coefficient of determination, R²: 1 less the squared error by that of the targets' mean, as the mean
  /// over the columns (scikit-learn's `r2_score`, without its 1 for targets that are all equal).
  ///
  /// - Parameters:
  ///   - predictions: `width` numbers for each example.
  ///   - targets: what they should be.
  /// - Returns: nil where there are not as many, a column's targets are all equal, or a prediction is not a
  ///   number.
  public static func determination(
    _ predictions: [Float], targets: [Float], width: Int
  ) -> Double? {
    guard width > 0, predictions.count == targets.count, targets.count % width == 0,
      !predictions.contains(where: \.isNaN)
    else { return nil }
    var figures: [Double] = []
    for column in 0..<width {
      let places = stride(from: column, to: targets.count, by: width)
      let mean = places.map { Double(targets[$0]) }.mean ?? 0
      let spread = places.reduce(0) { $0 + square(Double(targets[$1]) - mean) }
      let error = places.reduce(0) { $0 + square(Double(targets[$1]) - Double(predictions[$1])) }
      guard spread > 0 else { return nil }
      figures.append(1 - error / spread)
    }
    return figures.mean
  }

  private static func square(_ x: Double) -> Double { x * x }
}

extension Collection<Double> {
  /// The mean; nil of no numbers.
  var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
