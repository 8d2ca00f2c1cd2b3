import Assignment
import Examples
import Foundation
import Metrics
import Sandbox
import TensorCore
import Training
import WorkerPipe
import Workers

extension JudgeSession {
  /// How far a training came.
  public struct TrainingOutcome: Sendable {
    /// The best figure of the validation examples by the goal's metric, computed here from the returned logits.
    public var accuracy: Double
    /// The figure to reach.
    public var minimum: Double
    /// The batches until then, in the last attempt.
    public var steps: Int
    /// The attempts until then.
    public var attempts: Int
    /// What the network has learned, parameters and buffers by the student's names, where it has reached the goal.
    public var learned: [PipeTensor] = []
  }

  /// Trains the student's network by the goal's recipe, on examples that have passed through the assignment file's
  /// steps, until it reaches the goal's figure or the attempts are used up.
  ///
  /// An LSTM stays near chance for a while before it learns. How long differs by a factor of four
  /// from seed to seed, and some seeds never leave it; so a training stops at the goal, and one
  /// that does not get there is tried again from another start.
  ///
  /// The program of a training has seen labels, and the recordings are public: a table of them could
  /// answer in the network's place. So the accuracy that counts is not by its logits, but by those that
  /// follow from the parameters that it has learned.
  ///
  /// - Parameters:
  ///   - configuration: the sizes that it is made with, besides the numbers of the assignment file.
  ///   - isRight: whether the network is the reference's function, as other checks have shown.
  ///   - goesOn: whether the training that reaches the goal goes on to its last batch, for another check that asks what
  ///     the whole recipe has learned. The accuracy and the batches are still those of the goal.
  public func trainStudent(
    _ network: String, configuration: [String: Int], isRight: Bool, goesOn: Bool = false
  ) throws -> TrainingOutcome {
    let check = manifest.tasks.flatMap(\.checks).first { $0.id == runningCheck }
    // a fault of the assignment file's, and no student's
    guard let goal = manifest.goals?[network], check.map({ $0.goal == network }) ?? true else {
      throw ManifestError(
        description: "check \(runningCheck) trains \(network), and assignment.yml says "
          + (check?.goal.map { "that its goal is \($0)'s" } ?? "nothing of a goal"))
    }
    let data = try preparedData(for: network, goal)
    let targets = data.validation.targets
    let metric = goal.metric ?? targets.usualMetric
    if let objection = metric.objection(to: targets) {
      throw ManifestError(description: "the goal of \(network): \(objection)")
    }
    let question = TrainingQuestion(train: data.training, validation: data.validation)
    let perEpoch = (data.training.count + goal.batchSize - 1) / goal.batchSize
    var outcome = TrainingOutcome(
      accuracy: 0,
      minimum: data.isSynthetic ? goal.minimumSynthetic : goal.minimum,
      steps: 0, attempts: 0)
    let schedule: StepSizeSchedule
    let optimiser: OptimiserChoice
    do {
      schedule = try .named(goal.schedule)
      optimiser = try goal.optimiser.map(OptimiserChoice.init) ?? OptimiserChoice()
    } catch {
      throw ManifestError(description: "the goal of \(network): \(error)")
    }
    let classWeights = goal.classWeights == true ? data.training.targets.balancingWeights : nil
    curve = TrainingCurve(network: network, metric: metric, goal: outcome.minimum)
    for attempt in 1...max(goal.attempts, 1) {
      outcome.attempts = attempt
      outcome.steps = 0
      let start = openSeed("training \(network) \(attempt)")
      let training = Recipe(
        epochs: (goal.steps + perEpoch - 1) / perEpoch, batchSize: goal.batchSize,
        optimiser: optimiser, learningRate: goal.learningRate, schedule: schedule,
        clipNorm: goal.clipNorm, averageDecay: goal.average, classWeights: classWeights,
        seed: start, maximumSteps: goal.steps,
        threads: trainingThreads)
      let worker = try startTraining()
      defer { worker.terminate() }
      var epochs = 0
      var told: [TrainingDiagnosis.Epoch] = []
      var stopping = EarlyStopping(patience: goal.patience)
      defer {
        describe(
          told, clips: goal.clipNorm != nil,
          guessing: data.training.targets.guessingLoss(classWeights: classWeights))
      }
      do {
        try worker.train(
          .init(network, settings(of: network, configuration), seed: start), by: training,
          on: question,
          keeping: .parameters, within: manifest.limits.training.wallSeconds,
          atMost: WorkerClient.expectedBytes([])
        ) { epoch in
          epochs += 1
          // The best counts, so each further one would be another throw of the dice.
          guard epochs <= training.epochs else {
            throw CheckFailure("the training reported more epochs than there were")
          }
          let logits = try Self.logits(epoch.predictions, for: data.validation)
          let accuracy = metric.value(of: logits, for: targets)
          told.append(
            .init(
              report: epoch.report,
              validationAccuracy: targets.accuracy(of: logits),
              validationCount: data.validation.count, logits: logits))
          try Self.requireFinite(logits)
          let hasReached = !outcome.learned.isEmpty
          let steps = min(epochs * perEpoch, goal.steps)
          if !hasReached {
            outcome.steps = steps
            outcome.accuracy = max(outcome.accuracy, accuracy)
          }
          func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
          curve?.points.append(
            .init(
              attempt: attempt, steps: steps,
              trainLoss: finite(epoch.report.trainLoss),
              trainAccuracy: finite(epoch.report.trainAccuracy), validationAccuracy: accuracy))
          onEpoch(
            "\(runningCheck)\(attempt > 1 ? ", training \(attempt)" : ""), "
              + "epoch \(epochs) of \(training.epochs)")
          if hasReached {
            outcome.learned = epoch.parameters
            return
          }
          guard accuracy >= outcome.minimum else {
            let figure = goal.stopsBy.map { $0.value(of: logits, for: targets) } ?? accuracy
            if stopping.update(figure).stops { throw Settled() }
            return
          }
          outcome.accuracy = try Self.requireLearned(
            accuracy, metric, of: data.validation,
            by: learnedLogits(
              network, configuration, epoch.parameters, data.validation, isRight: isRight))
          if outcome.accuracy >= outcome.minimum {
            outcome.learned = epoch.parameters
            if !goesOn { throw GoalReached() }
          }
        }
      } catch is GoalReached {
      } catch is Settled {
        continue
      }
      guard outcome.learned.isEmpty else {
        reachedGoals[network] = outcome
        break
      }
    }
    return outcome
  }

  /// What an earlier check's training has learned; trained anew where that check's result was taken over.
  ///
  /// - Throws: `CheckFailure` where it does not reach the goal.
  public func trainedStudent(
    _ network: String, configuration: [String: Int], isRight: Bool
  ) throws -> TrainingOutcome {
    if let outcome = reachedGoals[network] { return outcome }
    let outcome = try trainStudent(
      network, configuration: configuration, isRight: isRight, goesOn: true)
    guard outcome.accuracy >= outcome.minimum else {
      throw CheckFailure("\(network) did not reach its goal again, so there is nothing to ask it")
    }
    return outcome
  }

  /// What the submission's validation examples are made of.
  ///
  /// - Throws: a sentence where they were never disguised.
  public func hiddenExamples() throws -> GradingData.Hidden {
    guard let hidden = try gradingData().hidden else {
      throw ManifestError(description: "the examples of this run were never disguised")
    }
    return hidden
  }

  /// What an entry of the student's catalogue gives with what a training has learned, for an experiment that the judge
  /// makes afterwards: asked in evaluation mode, of a program that has seen neither labels nor the training.
  ///
  /// - Parameters:
  ///   - model: the network that was trained, or one of the same parameters, such as its maps.
  ///   - learned: what the training's outcome has.
  ///   - inputs: by their names.
  /// - Throws: `WorkerFailure`.
  public func results(
    of model: String, configuration: [String: Int], learned: [PipeTensor], _ inputs: [PipeTensor]
  ) throws -> [PipeTensor] {
    if let worker = studentWorker, worker === trainingWorker { endStudentWorker() }
    return try askStudent(
      .forward(.init(isFirst: true)), about: .init(model, settings(of: model, configuration)),
      learned.map { $0.renamed("parameter:" + $0.name) } + inputs)
  }

  /// Trains the student's network on one batch and gives the share of it that is then classified
  /// correctly, by the logits. A batch that stays learned for ten steps is learned.
  ///
  /// The program knows the labels of the batch, so its logits alone are no proof (`trainStudent`).
  ///
  /// - Parameters:
  ///   - attempt: from 1; each starts elsewhere.
  ///   - isRight: whether the network is the reference's function, as other checks have shown.
  public func learnBatch(
    _ network: String, _ batch: ExampleSet, configuration: [String: Int], steps: Int,
    learningRate: Float, attempt: Int = 1, isRight: Bool
  ) throws -> Double {
    let question = TrainingQuestion(train: batch, validation: batch)
    let start = openSeed("learning \(network)" + (attempt > 1 ? " \(attempt)" : ""))
    let worker = try startTraining()
    defer { worker.terminate() }
    var accuracy = 0.0
    var learned = 0
    var parameters: [PipeTensor] = []
    let recipe = Recipe(
      epochs: steps, batchSize: batch.count, learningRate: learningRate, seed: start, threads: 1)
    // an epoch is one batch; the logits after the last one count
    do {
      try worker.train(
        .init(network, sizes: configuration, seed: start), by: recipe, on: question,
        keeping: .parameters, within: manifest.limits.check.wallSeconds,
        atMost: WorkerClient.expectedBytes([])
      ) { epoch in
        let logits = try Self.logits(epoch.predictions, for: batch)
        try Self.requireFinite(logits)
        accuracy = Metrics.accuracy(logits: logits, labels: batch.labels)
        parameters = epoch.parameters
        learned = accuracy == 1 ? learned + 1 : 0
        if learned == 10 { throw GoalReached() }
      }
    } catch is GoalReached {}
    guard accuracy == 1 else { return accuracy }
    let learnedLogits = try learnedLogits(
      network, configuration, parameters, batch, isRight: isRight)
    return try Self.requireLearned(accuracy, .accuracy, of: batch, by: learnedLogits)
  }

  /// The figure that the parameters have, of which a program says another.
  ///
  /// - Throws: `CheckFailure` where it is less by more than rounding makes of logits near zero.
  private static func requireLearned(
    _ claimed: Double, _ metric: Metric, of examples: ExampleSet, by logits: [Float]
  ) throws -> Double {
    try requireFinite(logits)
    let figure = metric.value(of: logits, for: examples.targets)
    guard figure >= claimed - 0.01 else {
      let isCounted = metric == .accuracy && !examples.labels.isEmpty
      func text(_ figure: Double) -> String {
        isCounted
          ? "\(Int((figure * Double(examples.count)).rounded()))" : String(format: "%.3f", figure)
      }
      throw CheckFailure(
        "what the network learned is not in its parameters: another program that is given them "
          + (isCounted
            ? "classifies \(text(figure)) of \(examples.count) samples correctly, and this one "
              + text(claimed)
            : "reaches a \(metric.title) of \(text(figure)), and this one \(text(claimed))"))
    }
    return figure
  }

  /// The logits that a network gives with the parameters that a training sent: the reference's, or, where
  /// the network is another function, those of a worker that has never seen a label.
  private func learnedLogits(
    _ network: String, _ configuration: [String: Int], _ parameters: [PipeTensor],
    _ examples: ExampleSet, isRight: Bool
  ) throws -> [Float] {
    let results: (_ input: PipeTensor) throws -> [PipeTensor]
    var other: WorkerClient?
    defer { other?.terminate() }
    if isRight, hasLiveReference {
      let reference = ModelCheck(
        self, network, configuration, numbers: manifest.numbers(of: network), aside: "learned")
      results = { try reference.referenceResults(parameters: parameters, input: $0) }
    } else {
      // beside the training's own, which may go on
      let worker = try anotherWorker()
      other = worker
      let subject = Request.Subject(
        network, settings(of: network, configuration), seed: openSeed("\(network) learned"))
      let named = parameters.map { $0.renamed("parameter:\($0.name)") }
      results = { [manifest] in
        try worker.ask(
          .forward(), about: subject, named + [$0], within: manifest.limits.check.wallSeconds,
          atMost: WorkerClient.expectedBytes(named + [$0])
        ).tensors
      }
    }
    return try stride(from: 0, to: examples.count, by: 256).flatMap { start -> [Float] in
      let part = examples.selecting(start..<min(start + 256, examples.count))
      let X = part.batch(Array(0..<part.count)[...]).X
      let input = PipeTensor(name: "input", shape: X.shape.dimensions, values: X.array)
      return try Self.logits(results(input), for: part)
    }
  }

  /// Keeps what there is to say of an attempt.
  private func describe(
    _ epochs: [TrainingDiagnosis.Epoch], clips: Bool, guessing: ClosedRange<Double>?
  ) {
    curve?.remarks = TrainingDiagnosis(epochs, clips: clips, guessing: guessing).remarks.map {
      PlainText.cleaned($0)
    }
    // names and numbers of the student's program: as many as a page can take
    curve?.parameters = epochs.last?.report.parameters?.prefix(64).map {
      ParameterHealth(
        name: PlainText.cleaned($0.name, limit: 80), gradient: $0.gradient, moved: $0.moved,
        start: $0.start)
    }.filter { $0.moved.isFinite && $0.start.isFinite && $0.gradient?.isFinite ?? true }
  }

  /// The logits that a worker sent.
  ///
  /// - Throws: `CheckFailure` when they are not as many numbers for each example as its target takes.
  private static func logits(_ tensors: [PipeTensor], for examples: ExampleSet) throws -> [Float] {
    let width = examples.targets.outputWidth
    guard let logits = tensors.first(where: { $0.name == "logits" }),
      logits.shape == [examples.count, width]
    else {
      throw CheckFailure(
        width == 1
          ? "the network gives no logit [N, 1] for each of the \(examples.count) examples"
          : "the network gives no logits [N, \(width)] for each of the \(examples.count) examples")
    }
    return logits.values
  }

  private static func requireFinite(_ logits: [Float]) throws {
    guard logits.allSatisfy(\.isFinite) else {
      throw CheckFailure("in the training the logits became infinite or not a number")
    }
  }

  private struct GoalReached: Error {}
  /// As many epochs as that may last were no better: another start is tried.
  private struct Settled: Error {}

  func gradingData() throws -> GradingData {
    if let loadedData { return loadedData }
    let data = try makeData()
    loadedData = data
    return data
  }

  /// What a network is made with: sizes, and the numbers that the assignment file gives it.
  private func settings(of network: String, _ sizes: [String: Int]) -> Settings {
    Settings(sizes: sizes, numbers: manifest.numbers(of: network))
  }
}
