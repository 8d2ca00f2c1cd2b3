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

  /// Runs the checks of learning one batch once.
  public mutating func learn(_ session: JudgeSession) throws {
    for (model, configuration) in [
      ("ConvNet", [:]), ("LSTMNet", ["hiddenSize": 32]), ("BuiltinLSTMNet", ["hiddenSize": 32]),
    ] {
      do {
        try BatchLearning(
          session: session, network: model, configuration: NetworkCheck.learning(configuration),
          batch: NetworkCheck.batch, isRight: true
        ).require()
      } catch let failure as CheckFailure {
        alarms.append("\(model): \(failure.message)")
      }
    }
  }

  /// Runs the checks of all models once; the session's seed decides sizes and numbers.
  public mutating func run(_ session: JudgeSession) throws {
    for model in ["RNN", "LSTM", "ConvNet", "LSTMNet", "BuiltinLSTMNet"] {
      var numbers = session.numbers("\(model) false alarms")
      let isLayer = !model.hasSuffix("Net")
      let steps = numbers.integer(model == "ConvNet" ? 18...45 : 1...45)
      let features = numbers.integer(1...20)
      var configuration = [isLayer ? "inputSize" : "binCount": features]
      if model != "ConvNet" { configuration["hiddenSize"] = numbers.integer(1...20) }
      let size = TrialSeries.Size(
        configuration, input: [numbers.integer(1...6), steps, features])
      let series = try TrialSeries(
        session, model, sizes: [size], smallest: [], usual: size, numbers: &numbers,
        centred: !isLayer)
      let alarm = try Self.alarm("\(model) \(size)") {
        try series.requireShapes()
        try require(series, &numbers)
      }
      alarms += alarm
      alarms += try Self.alarm("\(model), the check's own") {
        for quantity in [Quantity.values, .gradients] {
          guard let series = try Self.series(model, quantity, session, &numbers) else { continue }
          if quantity == .values {
            try series.requireValues()
          } else {
            try require(series, &numbers)
          }
        }
      }
    }
    // its own check has expected numbers of its own, from the student's layer
    alarms += try Self.alarm("LSTMNet on its layer") {
      let series = try LSTMNetSeries(session, goesFar: true)
      try series.requireValues()
      if try !series.requireGradients() { throw CheckFailure("right values are taken for others") }
    }
  }

  /// Values and gradients, and how far they are from the reference's.
  private mutating func require(
    _ series: TrialSeries, _ numbers: inout SeededNumbers
  ) throws {
    try series.requireValues()
    try series.requireGradients(&numbers)
    let (values, gradients) = try series.differences(&numbers)
    self.values = max(self.values, values)
    self.gradients = max(self.gradients, gradients)
  }

  /// The experiments of a model's own check, far ends among them; nil where it has another kind.
  private static func series(
    _ model: String, _ quantity: Quantity, _ session: JudgeSession, _ numbers: inout SeededNumbers
  ) throws -> TrialSeries? {
    switch model {
    case "RNN", "LSTM":
      try LayerCheck(session: session, name: model).series(quantity, &numbers)
    case "ConvNet": try ConvNetChecks.network(session).series(quantity, &numbers)
    case "BuiltinLSTMNet":
      try BuiltinLSTMNetChecks.network(session, hidden: 6).series(quantity, &numbers)
    default: nil
    }
  }
}
