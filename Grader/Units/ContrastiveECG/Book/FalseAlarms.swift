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

  /// Runs the check of learning one batch once.
  public mutating func learn(_ session: JudgeSession) throws {
    alarms += try Self.alarm("TrainingStep") {
      let (loss, own) = try LearningChecks.learn(session)
      guard loss < 0.1, own == 8 else {
        throw CheckFailure("a loss of \(loss), \(own) told by their own texts")
      }
    }
  }

  /// Runs the checks of all subjects once; the session's seed decides sizes and numbers.
  public mutating func run(_ session: JudgeSession) throws {
    for (checks, hasGradients) in SizedSeries.all(session) {
      try run(checks, hasGradients: hasGradients)
    }
  }
}
