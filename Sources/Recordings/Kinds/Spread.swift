/// The least, the median and the largest of some lengths.
public struct Spread: Sendable, Equatable {
  /// The least.
  public let minimum: Int
  /// The median; the mean of the middle two for an even number.
  public let median: Double
  /// The largest.
  public let maximum: Int

  init(_ values: [Int]) {
    let sorted = values.sorted()
    minimum = sorted.first ?? 0
    maximum = sorted.last ?? 0
    let middle = sorted.count / 2
    if sorted.isEmpty {
      median = 0
    } else if sorted.count % 2 == 1 {
      median = Double(sorted[middle])
    } else {
      median = Double(sorted[middle - 1] + sorted[middle]) / 2
    }
  }
}

extension Spread: CustomStringConvertible {
  /// `min 4004, median 9000, max 18286`.
  public var description: String {
    let middle = median == median.rounded() ? "\(Int(median))" : "\(median)"
    return "min \(minimum), median \(middle), max \(maximum)"
  }
}
