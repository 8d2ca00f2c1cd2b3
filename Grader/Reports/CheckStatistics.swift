import Assignment
import Foundation

/// How a check did in a class: whether it tells good submissions from others.
public struct CheckStatistics: Sendable, Equatable {
  /// How many passed it, of how many.
  public let passed, count: Int
  /// The correlation between passing it and the points of all other checks; nil in classes of fewer
  /// than ten and where all passed or none.
  ///
  /// Source: the item-rest correlation, a point-biserial one (Henrysson, Psychometrika 28, 1963).
  public let discrimination: Double?
  /// The share that passed among the best 27 % less that among the weakest 27 %; nil as above.
  ///
  /// Source: Kelley, Journal of Educational Psychology 30, 1939.
  public let upperLower: Double?
  /// Half of the submissions took no more seconds than these.
  public let medianSeconds: Double

  /// The smallest class that correlations say something about.
  static let minimumClass = 10

  /// Computes the statistics of one check.
  ///
  /// - Parameter results: one result for each submission; those that the judge failed on are left
  ///   out.
  public init(check: String, in results: [SubmissionResult]) {
    var items: [(passed: Double, rest: Double)] = []
    var seconds: [Double] = []
    for result in results where result.status != .judgeFailed {
      guard let own = result.checks.first(where: { $0.id == check }) else { continue }
      let passed = own.outcome == .passed ? 1.0 : 0
      items.append((passed, result.score - own.points))
      if ![.notRun, .notBuilt].contains(own.outcome) { seconds.append(own.seconds) }
    }
    count = items.count
    passed = items.count { $0.passed == 1 }
    seconds.sort()
    medianSeconds = seconds.isEmpty ? 0 : seconds[(seconds.count - 1) / 2]
    let isVaried = passed > 0 && passed < count && count >= Self.minimumClass
    discrimination = isVaried ? Self.correlation(items) : nil
    upperLower = isVaried ? Self.upperLower(items) : nil
  }

  private static func correlation(_ items: [(passed: Double, rest: Double)]) -> Double? {
    let count = Double(items.count)
    let (x, y) = (
      items.reduce(0) { $0 + $1.passed } / count, items.reduce(0) { $0 + $1.rest } / count
    )
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for item in items {
      xx += (item.passed - x) * (item.passed - x)
      yy += (item.rest - y) * (item.rest - y)
      xy += (item.passed - x) * (item.rest - y)
    }
    return xx > 0 && yy > 1e-12 ? xy / (xx * yy).squareRoot() : nil
  }

  private static func upperLower(_ items: [(passed: Double, rest: Double)]) -> Double {
    let size = max(1, (0.27 * Double(items.count)).rounded())
    let sorted = items.sorted { $0.rest < $1.rest }
    return rate(sorted.reversed(), size) - rate(sorted, size)
  }

  /// The share that passed among the first; those who are level at the edge count in equal parts,
  /// so that names do not decide.
  private static func rate(_ items: [(passed: Double, rest: Double)], _ size: Double) -> Double {
    let edge = items[Int(size) - 1].rest
    let level = items.filter { $0.rest == edge }
    let inside = items.prefix(Int(size)).filter { $0.rest != edge }
    let share = (size - Double(inside.count)) / Double(level.count)
    return (inside.reduce(0) { $0 + $1.passed } + share * level.reduce(0) { $0 + $1.passed }) / size
  }
}
