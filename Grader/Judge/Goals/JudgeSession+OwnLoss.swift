import Assignment
import Examples
import JudgedNumbers
import Metrics
import Sandbox
import TensorCore
import Training
import WorkerPipe
import Workers

/// How a model is trained by a loss that it computes itself.
public struct OwnLossTraining: Sendable {
  /// The model's name in the catalogue, and what it is made with.
  public let model: String, settings: Settings
  /// Batches of one training, examples of each.
  public let steps: Int, batchSize: Int
  /// Adam's step size.
  public let learningRate: Float

  /// Describes a training.
  public init(
    _ model: String, _ settings: Settings, steps: Int, batchSize: Int, learningRate: Float
  ) {
    self.model = model
    self.settings = settings
    self.steps = steps
    self.batchSize = batchSize
    self.learningRate = learningRate
  }
}

extension JudgeSession {
  /// The run's examples as this submission sees them, with what the judge alone knows of the validation examples.
  ///
  /// - Throws: what the run says where it has none.
  public func dataToLearn() throws -> GradingData { try gradingData() }

  /// What an epoch may send: parameters of a model with wide texts too.
  private static let parameterBytes = 64 << 20

  /// Trains a model of the student's catalogue by the loss that it computes itself, once, and gives what it has learned:
  /// parameters and buffers by the student's names.
  ///
  /// The program gets of the validation examples what is given here, and nothing that tells what is asked of them. What
  /// it says of them while it trains is not looked at: what counts is what another program makes of its parameters
  /// (`results(ofOwnLoss:…)`).
  ///
  /// - Parameters:
  ///   - examples: what it learns from, with all inputs that its loss takes.
  ///   - attempt: from 1; each starts elsewhere.
  /// - Throws: `WorkerFailure`, `CheckFailure` where the training ends without parameters.
  public func train(
    _ training: OwnLossTraining, on examples: ExampleSet, attempt: Int = 1
  ) throws -> [PipeTensor] {
    let start = openSeed("training \(training.model) \(attempt)")
    let recipe = Recipe(
      // how many batches an epoch has may be the model's to say
      epochs: training.steps, batchSize: training.batchSize, learningRate: training.learningRate,
      seed: start, maximumSteps: training.steps, threads: trainingThreads)
    // one example, so that there is little to say
    let question = TrainingQuestion(
      train: examples,
      validation: ExampleSet(examples.inputs, targets: .none).selecting([0]))
    let worker = try startTraining()
    defer { worker.terminate() }
    var learned: [PipeTensor] = []
    var epochs = 0
    try worker.train(
      .init(training.model, training.settings, seed: start), by: recipe, on: question,
      keeping: .parameters, within: manifest.limits.training.wallSeconds,
      atMost: Self.parameterBytes
    ) { epoch in
      epochs += 1
      guard epochs <= training.steps else {
        throw CheckFailure("the training reported more epochs than there were")
      }
      learned = epoch.parameters
      let perEpoch = max(epoch.report.batchCount, 1)
      onEpoch(
        "\(runningCheck)\(attempt > 1 ? ", training \(attempt)" : ""), epoch \(epochs) of "
          + "\(max((training.steps + perEpoch - 1) / perEpoch, epochs))")
    }
    guard !learned.isEmpty else {
      throw CheckFailure("the training ended without an epoch")
    }
    if let infinite = learned.first(where: { !$0.values.allSatisfy(\.isFinite) }) {
      throw CheckFailure(
        "in the training \(PlainText.quoted(infinite.name, limit: 80)) became infinite or not a number"
      )
    }
    return learned
  }

  /// Keeps how far an attempt came, for a report's curve: what it reached after its last batch.
  ///
  /// - Parameters:
  ///   - goal: its name in the assignment file; it has a metric.
  ///   - minimum: what is to be reached of it.
  public func record(
    _ figure: Double, of goal: String, minimum: Double, attempt: Int, steps: Int
  ) {
    if curve == nil {
      curve = TrainingCurve(
        network: goal, metric: manifest.goals?[goal]?.metric ?? .accuracy, goal: minimum)
    }
    curve?.points.append(
      .init(
        attempt: attempt, steps: steps, trainLoss: nil, trainAccuracy: nil,
        validationAccuracy: figure))
  }

  /// What a model gives for examples with what a training has learned, at evaluation, so many at a time: asked of a program
  /// that has seen neither the training nor anything else of them.
  ///
  /// - Parameters:
  ///   - result: its name in the answer.
  ///   - input: the name of the examples' input that is given, as `input`.
  /// - Returns: one row of numbers for each example.
  /// - Throws: `WorkerFailure`, `CheckFailure` where there is not one row for each.
  public func rows(
    _ result: String, of training: OwnLossTraining, learned: [PipeTensor],
    for examples: ExampleSet, input: String, at once: Int = 128
  ) throws -> [[Float]] {
    let worker = try anotherWorker()
    defer { worker.terminate() }
    let named = learned.map { $0.renamed("parameter:\($0.name)") }
    let subject = Request.Subject(
      training.model, training.settings, seed: openSeed("\(training.model) learned"))
    var rows: [[Float]] = []
    for start in stride(from: 0, to: examples.count, by: once) {
      let part = Array(start..<min(start + once, examples.count))
      let X = try examples.batch(part[...])[input]
      let tensor = PipeTensor(name: "input", shape: X.shape.dimensions, values: X.array)
      let answer = try worker.ask(
        .forward(.init(isFirst: true)), about: subject, named + [tensor],
        within: manifest.limits.training.wallSeconds,
        atMost: WorkerClient.expectedBytes(named + [tensor])
      ).tensors
      guard let found = answer.first(where: { $0.name == result }), found.integers == nil,
        found.shape.count == 2, found.shape[0] == part.count, found.isFinite
      else {
        throw CheckFailure(
          "after the training there is no finite row of \(result) for each of \(part.count) examples"
        )
      }
      let width = found.shape[1]
      rows += (0..<part.count).map { Array(found.values[($0 * width)..<(($0 + 1) * width)]) }
    }
    return rows
  }
}
