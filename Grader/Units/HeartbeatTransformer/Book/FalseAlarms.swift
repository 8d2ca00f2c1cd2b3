import Judge
import WorkerPipe

/// The value and gradient checks of a right submission at random sizes: none may fail.
public struct FalseAlarms: FalseAlarmCount {
  /// What was said of right results.
  public var alarms: [String] = []
  /// The largest difference between right results, and between right gradients, as a share of what the
  /// tolerance is relative to.
  public var values: Float = 0, gradients: Float = 0

  /// Prepares the count.
  public init() {}

  static let subjects = [
    "attention", "MultiHeadAttention", "MLP", "EncoderLayer", "BeatEmbedding", "BeatClassifier",
    "ECGformer",
  ]

  /// Runs the check of learning one batch once.
  public mutating func learn(_ session: JudgeSession) throws {
    alarms += try Self.alarm("ECGformer") {
      try BatchLearning(
        session: session, network: "ECGformer",
        configuration: ECGformerChecks.learner.configuration, batch: ECGformerChecks.batch,
        isRight: true
      ).require()
    }
  }

  /// Runs the checks of all subjects once; the session's seed decides sizes and numbers.
  public mutating func run(_ session: JudgeSession) throws {
    for subject in Self.subjects { try run(ModelSeries(session: session, subject: subject)) }
    var numbers = session.numbers("stored weights false alarms")
    alarms += try Self.alarm("stored weights") {
      let series = try ECGformerChecks.storedWeights(session, &numbers)
      try series.requireShapes()
      try series.requireValues()
    }
  }
}
