import Foundation

/// What it costs a network to see a part of a strip no more, beside what a map of its evidence says of that part.
///
/// Source of the idea: Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks; of masking by
/// rank: Samek et al. 2017, Evaluating the Visualization of What a Deep Neural Network Has Learned.
package struct Occlusion: Sendable {
  /// The windows that are masked, one after another.
  package let windows: [Range<Int>]

  /// Windows of `width` values in a strip of `length`; what is left at the end is none.
  package init(length: Int, width: Int) {
    windows = stride(from: 0, through: length - width, by: width).map { $0..<($0 + width) }
  }

  /// The mean of each window of a map that has a value for each of the strip's.
  package func means(of map: [Float]) -> [Double] {
    windows.map { window in
      map[window].reduce(0) { $0 + Double($1) } / Double(window.count)
    }
  }

  /// The strip with some windows at 0, the mean of what networks are given.
  package func masked(_ values: [Float], _ chosen: some Sequence<Int>) -> [Float] {
    var masked = values
    for window in chosen { for index in windows[window] { masked[index] = 0 } }
    return masked
  }

  /// The windows from where a map is highest to where it is lowest; of equal means the first window is the higher one.
  func order(of means: [Double]) -> [Int] {
    windows.indices.sorted { (-means[$0], $0) < (-means[$1], $1) }
  }

  /// Which windows are masked together: each alone, then a share of them where a map is highest, the same number where
  /// it is lowest, and the first ones of each of some orders.
  ///
  /// - Parameters:
  ///   - means: the map's, of each window.
  ///   - share: of the windows; a fifth of 15 are 3.
  ///   - orders: random orders of the windows.
  package func choices(
    means: [Double], share: Double = 0.2, orders: [[Int]]
  ) -> [[Int]] {
    let count = Int((share * Double(windows.count)).rounded())
    let order = order(of: means)
    return windows.indices.map { [$0] } + [Array(order.prefix(count)), order.suffix(count)]
      + orders.map { Array($0.prefix(count)) }
  }

  /// What came of masking.
  package struct Outcome: Sendable, Equatable {
    /// How the drop of each window goes with its mean in the map: ranks' correlation (Spearman).
    package let rankCorrelation: Double
    /// The drop where the map is highest, at random (the mean of all orders), where it is lowest.
    package let high, random, low: Double
  }

  /// - Parameter drops: of each of `choices`, in that order.
  package func outcome(means: [Double], drops: [Double]) -> Outcome {
    let count = windows.count
    let random = drops.dropFirst(count + 2)
    return Outcome(
      rankCorrelation: Self.rankCorrelation(means, Array(drops.prefix(count))), high: drops[count],
      random: random.reduce(0, +) / Double(max(random.count, 1)), low: drops[count + 1])
  }

  /// What a class's logit is above the mean of the others: the drop of it is what masking costs.
  package static func margin(_ logits: some Collection<Float>, of own: Int) -> Double {
    let values = logits.map(Double.init)
    let others = values.reduce(0, +) - values[own]
    return values[own] - others / Double(max(values.count - 1, 1))
  }

  /// Spearman's correlation of two lists; 0 where one of them does not vary.
  package static func rankCorrelation(_ first: [Double], _ second: [Double]) -> Double {
    correlation(ranks(first), ranks(second))
  }

  /// The place of each value in their order; equal ones share the mean of theirs.
  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
      for place in first..<end { ranks[order[place]] = Double(first + end - 1) / 2 }
      first = end
    }
    return ranks
  }

  /// Pearson's correlation; 0 where one of them does not vary.
  static func correlation(_ first: [Double], _ second: [Double]) -> Double {
    let count = Double(max(first.count, 1))
    let means = (first.reduce(0, +) / count, second.reduce(0, +) / count)
    var (both, own, other) = (0.0, 0.0, 0.0)
    for (a, b) in zip(first, second) {
      both += (a - means.0) * (b - means.1)
      own += (a - means.0) * (a - means.0)
      other += (b - means.1) * (b - means.1)
    }
    return own > 0 && other > 0 ? both / (own * other).squareRoot() : 0
  }
}
