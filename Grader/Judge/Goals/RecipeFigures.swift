import Assignment
import Foundation

/// How surely a recipe's goal tells what has learned from what has not: the trainings of one network
/// over many seeds.
public struct RecipeFigures: Sendable {
  /// The check of one seed.
  public struct Trial: Codable, Sendable {
    /// What the data and the trainings are drawn from.
    public let seed: UInt64
    /// All its trainings.
    public let curve: TrainingCurve
    /// Whether one reached the goal.
    public let passed: Bool

    /// Creates a trial.
    public init(seed: UInt64, curve: TrainingCurve, passed: Bool) {
      self.seed = seed
      self.curve = curve
      self.passed = passed
    }

    /// The trainings that were begun.
    public var attempts: Int { curve.points.map(\.attempt).max() ?? 0 }
    /// The best accuracy.
    public var best: Double { curve.points.map(\.validationAccuracy).max() ?? 0 }
    /// The batches of all its trainings.
    public var steps: Int {
      Dictionary(grouping: curve.points, by: \.attempt).values
        .reduce(0) { $0 + ($1.map(\.steps).max() ?? 0) }
    }
  }

  /// The seeds.
  public let trials: [Trial]
  /// The trainings that a check may try.
  public let allowed: Int

  /// Gathers trials.
  public init(_ trials: [Trial], allowed: Int) {
    self.trials = trials
    self.allowed = allowed
  }

  /// The seeds whose check passed.
  public var passes: Int { trials.count(where: \.passed) }
  /// All trainings, and those of them that did not reach the goal.
  public var attempts: (all: Int, failed: Int) {
    let all = trials.reduce(0) { $0 + $1.attempts }
    return (all, all - passes)
  }

  /// The share of trainings that do not reach the goal, and the upper end of its 95 % interval.
  /// Source: Wilson 1927.
  public var failure: (share: Double, upper: Double) {
    let count = Double(attempts.all)
    guard count > 0 else { return (1, 1) }
    let (share, z) = (Double(attempts.failed) / count, 1.959964)
    let centre = share + z * z / (2 * count)
    let spread = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
    return (share, min(1, (centre + spread) / (1 + z * z / count)))
  }

  /// How near the trainings came that did not reach the goal: the best accuracy of each. Nil where
  /// all reached it.
  public var missed: (count: Int, median: Double, highest: Double, deviation: Double)? {
    let best = trials.flatMap { trial in
      Dictionary(grouping: trial.curve.points, by: \.attempt).values.compactMap { points in
        points.map(\.validationAccuracy).max().flatMap { $0 < trial.curve.goal ? $0 : nil }
      }
    }.sorted()
    guard let highest = best.last else { return nil }
    let mean = best.reduce(0, +) / Double(best.count)
    let squares = best.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (
      best.count, best[best.count / 2], highest,
      best.count > 1 ? (squares / Double(best.count - 1)).squareRoot() : 0
    )
  }

  /// The probability that a check passes, and the lower end of its interval, when each training is
  /// taken for a draw of its own.
  public var passing: (share: Double, lower: Double) {
    (1 - pow(failure.share, Double(allowed)), 1 - pow(failure.upper, Double(allowed)))
  }
}
