import Judge
import WorkerPipe

/// The value and gradient checks of a right submission at random sizes: none may fail.
public struct FalseAlarms: FalseAlarmCount {
  /// What was said of right results.
  public private(set) var alarms: [String] = []
  /// The largest difference between right results, and between right gradients, as a share of what the
  /// tolerance is relative to.
  public private(set) var values: Float = 0, gradients: Float = 0

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
    for subject in Self.subjects {
      var numbers = session.numbers("\(subject) false alarms")
      let checks = ModelSeries(session: session, subject: subject)
      alarms += try Self.alarm("\(subject), shapes and values") {
        try checks.series(.shapes, &numbers).requireShapes()
        try checks.series(.values, &numbers).requireValues()
      }
      let series = try checks.series(.gradients, &numbers)
      alarms += try Self.alarm("\(subject), gradients") { try series.requireGradients(&numbers) }
      let (values, gradients) = try series.differences(&numbers)
      self.values = max(self.values, values)
      self.gradients = max(self.gradients, gradients)
    }
  }
}
