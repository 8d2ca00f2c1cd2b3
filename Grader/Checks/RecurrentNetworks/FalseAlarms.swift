import Judge
import WorkerPipe

/// The value and gradient checks of a right submission at random sizes: none may fail.
public struct FalseAlarms {
  /// What was said of right results.
  public private(set) var alarms: [String] = []
  /// The largest difference between right results, and between right gradients, as a share of the
  /// largest number of the tensor.
  public private(set) var values: Float = 0, gradients: Float = 0

  /// Prepares the count.
  public init() {}

  /// Runs the checks of learning one batch once.
  public mutating func learn(_ session: JudgeSession) throws {
    for (model, configuration) in [
      ("ConvNet", [:]), ("LSTMNet", ["hiddenSize": 32]), ("BuiltinLSTMNet", ["hiddenSize": 32]),
    ] {
      do {
        try BatchLearning(session: session, network: model, configuration: configuration).require()
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
      do {
        try series.requireShapes()
        try series.requireValues()
        try series.requireGradients(&numbers)
        let (values, gradients) = try series.differences(&numbers)
        self.values = max(self.values, values)
        self.gradients = max(self.gradients, gradients)
      } catch let failure as CheckFailure {
        alarms.append("\(model) \(size): \(failure.message) \(failure.diagnosis ?? "")")
      } catch let waits as CheckWaits {
        alarms.append("\(model) \(size): \(waits.message)")
      }
    }
  }
}
