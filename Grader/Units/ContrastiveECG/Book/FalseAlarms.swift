import Judge
import WorkerPipe

/// The checks of a right submission at random sizes: none may fail.
public struct FalseAlarms: FalseAlarmCount {
  /// What was said of right results.
  public var alarms: [String] = []
  /// The largest difference between right results, and between right gradients, as a share of what the
  /// tolerance is relative to.
  public var values: Float = 0, gradients: Float = 0

  /// Prepares the count.
  public init() {}

  /// Nothing yet is learned.
  public mutating func learn(_ session: JudgeSession) throws {}

  /// Runs the checks of all subjects once; the session's seed decides sizes and numbers.
  public mutating func run(_ session: JudgeSession) throws {
    for (checks, hasGradients) in ContrastiveSeries.all(session) {
      try run(checks, hasGradients: hasGradients)
    }
  }
}
