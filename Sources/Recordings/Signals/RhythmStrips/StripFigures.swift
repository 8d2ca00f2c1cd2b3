/// What is counted of strips, one after another.
package struct StripFigures: Sendable, Equatable {
  /// Strips.
  package private(set) var count = 0
  /// Strips that were turned upright.
  package private(set) var turnedCount = 0
  /// Values, those that are true samples, and those at a limit.
  package private(set) var (valueCount, trueCount, limitedCount) = (0, 0, 0)
  private var (sum, squares) = (0.0, 0.0)

  /// No strips.
  package init() {}

  /// Counts a strip.
  package mutating func add(_ strip: RhythmStrip) {
    count += 1
    if strip.isTurned { turnedCount += 1 }
    valueCount += strip.values.count
    trueCount += strip.trueRange.count
    for value in strip.values {
      let value = Double(value)
      if abs(value) >= RhythmStrip.limit { limitedCount += 1 }
      sum += value
      squares += value * value
    }
  }

  /// The mean of all values, zeros around recordings included.
  package var mean: Double { sum / Double(max(valueCount, 1)) }

  /// Their standard deviation; their mean is near 0, so that nothing cancels.
  package var deviation: Double {
    max(squares / Double(max(valueCount, 1)) - mean * mean, 0).squareRoot()
  }
}
