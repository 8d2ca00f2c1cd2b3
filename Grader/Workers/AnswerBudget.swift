import Sandbox

/// The time for which all workers of one submission may be waited for together: limits on each of them
/// alone add up to hours.
public final class AnswerBudget {
  private let limit: ClockLimit
  private var elapsed: Double
  private var withoutProcessor = 0.0

  /// Makes a budget.
  ///
  /// - Parameters:
  ///   - seconds: what may pass, as `ClockLimit` counts it.
  ///   - spent: seconds that have passed already.
  public init(seconds: Double, spent: Double = 0) {
    limit = ClockLimit(seconds: seconds)
    elapsed = spent
  }

  /// Seconds that count so far.
  public var spent: Double { max(0, elapsed - withoutProcessor) }

  /// The limit, in seconds.
  var seconds: Double { limit.seconds }

  /// Seconds that are left while a question is being answered.
  func remaining(elapsed: Double, withoutProcessor: Double) -> Double {
    limit.remaining(
      elapsed: self.elapsed + elapsed, withoutProcessor: self.withoutProcessor + withoutProcessor)
  }

  /// Notes what an answer took.
  func take(elapsed: Double, withoutProcessor: Double) {
    self.elapsed += elapsed
    self.withoutProcessor += withoutProcessor
  }
}
