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
    let figures = zip(predictions.columns(width), targets.columns(width)).compactMap {
      predictions, targets -> Double? in
      let mean = targets.map(Double.init).mean ?? 0
      let spread = targets.reduce(0) { $0 + square(Double($1) - mean) }
      let error = zip(predictions, targets).reduce(0) { $0 + square(Double($1.0) - Double($1.1)) }
      return spread > 0 ? 1 - error / spread : nil
    }
    return figures.count == width ? figures.mean : nil
  }

  private static func square(_ x: Double) -> Double { x * x }
}
