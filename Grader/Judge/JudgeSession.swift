import Chunks
import Foundation
import Sandbox
import Training
import WorkerPipe

/// Everything the checks of one submission share: the student's worker, the reference, the seed,
/// the data, and the results so far.
public final class JudgeSession {
  /// The unit.
  public let manifest: AssignmentManifest
  /// The run's secret seed.
  private let seed: UInt64
  private let student: WorkerLauncher
  private let reference: any Reference
  private let makeData: () throws -> GradingData
  private let trainingThreads: Int
  private var loadedData: GradingData?
  /// The running check, and how many questions it has asked the reference.
  private var runningCheck = ""
  private var asked = 0
  /// How many experiments it has made that may need a diagnosis.
  private var experiments = 0
  private var studentWorker: WorkerClient?
  /// The results so far, by check.
  public private(set) var results: [String: CheckResult] = [:]
  private var remark: String?
  /// Is told how far a training came: the check and the epoch.
  public var onEpoch: (String) -> Void = { _ in }
  /// The trainings of the running check.
  public private(set) var curve: TrainingCurve?

  /// Prepares the judging of one submission.
  ///
  /// - Parameters:
  ///   - data: makes the data of accuracy checks; called when the first one needs them.
  ///   - trainingThreads: the threads a training may use.
  public init(
    manifest: AssignmentManifest, student: WorkerLauncher, reference: any Reference, seed: UInt64,
    trainingThreads: Int, data: @escaping () throws -> GradingData
  ) {
    self.manifest = manifest
    self.student = student
    self.reference = reference
    self.seed = seed
    self.trainingThreads = trainingThreads
    makeData = data
  }

  /// Runs one check and records how it ended.
  ///
  /// - Parameters:
  ///   - test: class and method, as in the manifest.
  ///   - body: throws when the check fails.
  public func run(test: String, _ body: (JudgeSession) throws -> Void) -> CheckResult? {
    guard let (task, check) = manifest.check(test: test) else { return nil }
    let start = Date()
    var verdict = Verdict.passed
    remark = nil
    curve = nil
    (runningCheck, asked, experiments) = (check.id, 0, 0)
    let blocking = (check.needs ?? []).first { results[$0].map { $0.outcome != .passed } ?? false }
    if let blocking, let cause = results[blocking] {
      // a stub is reported as a stub by all its checks, not as a mistake in one of them
      verdict =
        cause.outcome == .notImplemented && cause.task == task.id
        ? Verdict(outcome: .notImplemented, message: cause.message, diagnosis: nil)
        : Verdict(
          outcome: .notRun, message: "not run: it needs the check \(blocking) to pass first",
          diagnosis: nil)
    } else {
      do {
        try body(self)
      } catch {
        verdict = Verdict(error, tasks: manifest.tasks)
      }
    }
    studentWorker?.terminate()
    let output = studentWorker?.standardOutput ?? ""
    studentWorker = nil
    let result = CheckResult(
      id: check.id, task: task.id, points: verdict.outcome == .passed ? check.points : 0,
      maxPoints: check.points, outcome: verdict.outcome,
      message: PlainText.cleaned(
        verdict.outcome == .passed ? remark ?? verdict.message : verdict.message),
      diagnosis: verdict.diagnosis,
      details: output.isEmpty
        ? nil : PlainText.cleaned("The program printed:\n\(output)", limit: 1 << 16),
      difference: verdict.difference, curve: curve, seconds: Date().timeIntervalSince(start))
    results[check.id] = result
    return result
  }

  /// Takes over a result that still holds.
  func keep(_ result: CheckResult) { results[result.id] = result }

  // MARK: - What checks use

  /// What to say of the running check if it passes, such as the accuracy that was reached.
  public func note(_ text: String) { remark = text }

  /// Numbers for a check.
  public func numbers(_ name: String) -> SeededNumbers { SeededNumbers(seed: seed, name: name) }

  /// A seed that the student's worker may see. The run's own would tell it every input, the swap of
  /// the labels and the order of the bins.
  public func openSeed(_ name: String) -> UInt64 { SeededNumbers.openSeed(from: seed, name: name) }

  /// Asks the student's worker. One worker serves a whole check; after a crash a new one starts.
  ///
  /// - Throws: `WorkerFailure`.
  public func askStudent(
    _ request: Request, _ tensors: [PipeTensor] = []
  ) throws -> [PipeTensor] {
    if studentWorker == nil { studentWorker = try WorkerClient(student) }
    guard let worker = studentWorker else { return [] }
    do {
      return try worker.ask(request, tensors, within: manifest.limits.check.wallSeconds).tensors
    } catch let failure as WorkerFailure {
      if case .threw = failure { throw failure }
      if case .notImplemented = failure { throw failure }
      worker.terminate()
      throw failure
    }
  }

  /// Asks the reference, which must answer.
  public func askReference(
    _ request: Request, _ tensors: [PipeTensor] = []
  ) throws -> [PipeTensor] {
    try reference.answer(request, tensors, at: nextPlace())
  }

  /// To be called for each experiment whose results may need a diagnosis.
  func prepareDiagnosis(_ model: String, _ experiment: ModelCheck.Experiment) throws {
    experiments += 1
    try reference.prepareMistakes(model, experiment, at: experimentPlace)
  }

  /// The sentence of the first known mistake that gives the student's results, if one does.
  func diagnosis(
    of results: [PipeTensor], _ model: String, _ experiment: ModelCheck.Experiment
  ) throws -> String? {
    try reference.mistakes(model, experiment, at: experimentPlace).first { mistake in
      Comparison.agree(results.first { $0.name == mistake.result.name }, mistake.result)
    }?.sentence
  }

  private var experimentPlace: QuestionPlace {
    QuestionPlace(check: runningCheck, number: experiments)
  }

  private func nextPlace() -> QuestionPlace {
    defer { asked += 1 }
    return QuestionPlace(check: runningCheck, number: asked)
  }

  /// How far a training came.
  public struct TrainingOutcome: Sendable {
    /// The best validation accuracy, computed here from the returned logits.
    public var accuracy: Double
    /// The accuracy to reach.
    public var minimum: Double
    /// The batches until then, in the last attempt.
    public var steps: Int
    /// The attempts until then.
    public var attempts: Int
  }

  /// Trains the student's network by the unit's recipe until it reaches the accuracy or the
  /// recipe's attempts are used up.
  ///
  /// An LSTM stays near chance for a while before it learns. How long differs by a factor of four
  /// from seed to seed, and some seeds never leave it; so a training stops at the goal, and one
  /// that does not get there is tried again from another start.
  public func trainStudent(
    _ network: String, configuration: [String: Int]
  ) throws -> TrainingOutcome {
    guard let recipe = manifest.recipes[network] else {
      throw CheckFailure("assignment.yml has no recipe for \(network)")
    }
    let data = try gradingData()
    let question = TrainingQuestion(train: data.training, validation: data.validation)
    let perEpoch = (data.training.count + recipe.batchSize - 1) / recipe.batchSize
    var outcome = TrainingOutcome(
      accuracy: 0,
      minimum: data.isSynthetic ? recipe.minimumSyntheticAccuracy : recipe.minimumAccuracy,
      steps: 0, attempts: 0)
    curve = TrainingCurve(network: network, goal: outcome.minimum)
    for attempt in 1...max(recipe.attempts, 1) {
      outcome.attempts = attempt
      outcome.steps = 0
      let start = openSeed("training \(network) \(attempt)")
      let request = Request(
        .train, model: network, configuration: configuration, seed: start,
        recipe: Recipe(
          epochs: (recipe.steps + perEpoch - 1) / perEpoch, batchSize: recipe.batchSize,
          learningRate: recipe.learningRate, clipNorm: recipe.clipNorm,
          averageDecay: recipe.average, seed: start, maximumSteps: recipe.steps,
          threads: trainingThreads),
        chunkLength: question.chunkLength)
      let worker = try WorkerClient(
        WorkerLauncher(
          program: student.program, sandbox: student.sandbox, limits: manifest.limits.training,
          files: student.files))
      studentWorker = worker
      defer { worker.terminate() }
      var epochs = 0
      var told: [TrainingDiagnosis.Epoch] = []
      defer { describe(told, clips: recipe.clipNorm != nil) }
      do {
        _ = try worker.ask(
          request, question.tensors, within: manifest.limits.training.wallSeconds
        ) { response, tensors in
          guard response.kind == .epoch else { return }
          epochs += 1
          // The best counts, so each further one would be another throw of the dice.
          guard epochs <= request.recipe?.epochs ?? 0 else {
            throw CheckFailure("the training reported more epochs than there were")
          }
          let logits = try Self.logits(tensors, for: data.validation)
          let accuracy = Metrics.accuracy(logits: logits, labels: data.validation.labels)
          if let report = response.report {
            told.append(.init(report: report, validationAccuracy: accuracy, logits: logits))
          }
          guard logits.allSatisfy(\.isFinite) else {
            throw CheckFailure("in the training the logits became infinite or not a number")
          }
          outcome.steps = min(outcome.steps + perEpoch, recipe.steps)
          outcome.accuracy = max(outcome.accuracy, accuracy)
          func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
          curve?.points.append(
            .init(
              attempt: attempt, steps: outcome.steps,
              trainLoss: finite(response.report?.trainLoss),
              trainAccuracy: finite(response.report?.trainAccuracy), validationAccuracy: accuracy))
          onEpoch(
            "\(runningCheck)\(attempt > 1 ? ", training \(attempt)" : ""), "
              + "epoch \(epochs) of \(request.recipe?.epochs ?? 0)")
          if accuracy >= outcome.minimum { throw GoalReached() }
        }
      } catch is GoalReached {
        break
      }
    }
    return outcome
  }

  /// Keeps what there is to say of an attempt.
  private func describe(_ epochs: [TrainingDiagnosis.Epoch], clips: Bool) {
    curve?.remarks = TrainingDiagnosis(epochs, clips: clips).remarks.map { PlainText.cleaned($0) }
    // names and numbers of the student's program: as many as a page can take
    curve?.parameters = epochs.last?.report.parameters?.prefix(64).map {
      ParameterHealth(
        name: PlainText.cleaned($0.name, limit: 80), gradient: $0.gradient, moved: $0.moved,
        start: $0.start)
    }.filter { $0.moved.isFinite && $0.start.isFinite && $0.gradient?.isFinite ?? true }
  }

  /// The logits that a worker sent.
  ///
  /// - Throws: `CheckFailure` when they are not one number for each chunk.
  private static func logits(_ tensors: [PipeTensor], for chunks: ChunkSet) throws -> [Float] {
    guard let logits = tensors.first(where: { $0.name == "logits" }),
      logits.shape == [chunks.count, 1]
    else {
      throw CheckFailure("the network gives no logit [N, 1] for each of the \(chunks.count) chunks")
    }
    return logits.values
  }

  private struct GoalReached: Error {}

  private func gradingData() throws -> GradingData {
    if let loadedData { return loadedData }
    let data = try makeData()
    loadedData = data
    return data
  }
}
