import Judge
import WorkerPipe

/// The checks of a right submission at random sizes and with random draws: none may fail.
public struct FalseAlarms: FalseAlarmCount {
  /// What was said of right results.
  public var alarms: [String] = []
  /// The largest difference between right results, and between right gradients, as a share of what the
  /// tolerance is relative to.
  public var values: Float = 0, gradients: Float = 0

  /// Prepares the count.
  public init() {}

  /// Runs the check of learning one batch once.
  public mutating func learn(_ session: JudgeSession) throws {
    alarms += try Self.alarm("StackedLinearModel") { try StackedLinearChecks.learn(session) }
  }

  /// Runs the checks of draws once.
  public mutating func draw(_ session: JudgeSession) throws {
    for (name, check) in try AllDraws.all(session) {
      alarms += try Self.alarm(name) { try check.require() }
    }
  }

  /// Runs the checks of all subjects once, and those of draws; the session's seed decides sizes and numbers.
  public mutating func run(_ session: JudgeSession) throws {
    try draw(session)
    for (checks, hasGradients) in SizedSeries.all(session) {
      try run(checks, hasGradients: hasGradients)
    }
  }
}
