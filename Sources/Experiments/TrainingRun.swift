import Examples
import Files
import Foundation
import Metrics
import TensorCore
import Training
import WorkerPipe
import Workers

/// One training in a worker, watched from here: the validation labels stay on this side, and the
/// best parameters so far are on disk at the end of every epoch.
package struct TrainingRun {
  /// Somebody pressed Ctrl-C.
  package struct Interrupted: Error {
    package init() {}
  }

  /// Nothing got better for as many epochs as that may last.
  private struct Settled: Error {}

  /// The network's name in its unit's catalogue.
  package let network: String
  /// What it is made with.
  package let configuration: Settings
  /// How it is trained.
  package let recipe: Recipe
  /// What the worker is asked.
  package let question: TrainingQuestion
  private let trainingTargets: Targets
  private let validation: ExampleSet
  private var validationTargets: Targets { validation.targets }
  /// What the validation examples are ranked by, where the network gives embeddings.
  private let queries: [RankingQuery]
  /// The names of the classes or labels.
  package let classes: [String]
  /// The figure by which an epoch is the best.
  package let metric: Metric
  /// The training ends when so many epochs in a row were no better than the best before them; nil: it
  /// goes on to its last epoch.
  package let patience: Int?
  /// Where the recordings are from, for people.
  package let dataDescription: String
  /// Where the best parameters go, those that no step changes among them.
  package let checkpoint: String
  /// Where the training goes on, if somebody wants that.
  package let resumed: ResumePoint?
  /// What a resumed training needs is kept here at the end of every epoch; nil: nowhere.
  package let resumePath: String?
  /// Whether to stop.
  package let isInterrupted: @Sendable () -> Bool

  /// Describes a training on examples with targets.
  ///
  /// - Parameters:
  ///   - queries: what the validation examples are ranked by where the network gives embeddings and no logits. They are
  ///     examples to test on, so that no epoch is chosen by them: the last one's parameters are kept.
  ///   - metric: what decides which epoch is the best; nil: what is usual for such targets.
  package init(
    network: String, configuration: Settings, recipe: Recipe, training: ExampleSet,
    validation: ExampleSet, queries: [RankingQuery] = [], classes: [String],
    metric: Metric? = nil,
    patience: Int? = nil, dataDescription: String, checkpoint: String,
    resumed: ResumePoint? = nil, resumePath: String? = nil,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.network = network
    self.configuration = configuration
    self.recipe = recipe
    question = TrainingQuestion(train: training, validation: validation)
    trainingTargets = training.targets
    self.validation = validation
    self.queries = queries
    self.classes = classes
    self.metric = metric ?? validation.targets.usualMetric
    self.patience = patience
    self.dataDescription = dataDescription
    self.checkpoint = checkpoint
    self.resumed = resumed
    self.resumePath = resumePath
    self.isInterrupted = isInterrupted
  }

  /// Trains, and calls `onReport` with every report; a finished epoch comes with its figures.
  ///
  /// - Throws: `Interrupted`; `WorkerFailure`; a sentence where the training that was kept had other
  ///   examples, or a file cannot be written.
  package func run(
    in client: WorkerClient, onReport: (TrainingReport, TrainingResult.Epoch?) -> Void
  ) throws -> TrainingResult {
    let fingerprint = resumed == nil && resumePath == nil ? [] : question.fingerprint
    if let resumed, resumed.fingerprint != fingerprint {
      throw TensorError(
        "resume", "the training that was kept had other examples",
        remedy: "Give the same data, labels and lengths as before, or train from the beginning")
    }
    var progress = Progress(history: resumed?.history ?? [], patience: patience)
    var told: [TrainingDiagnosis.Epoch] = []
    var stoppedEarly = false
    do {
      // a training that was kept may have come to its end
      if progress.isSettled { throw Settled() }
      try client.train(
        .init(network, configuration, seed: recipe.seed), by: recipe, on: question,
        keeping: resumePath == nil ? .parameters : .checkpoints,
        from: resumed.map { ResumePoint.pipeTensors($0.state) } ?? [],
        within: 7 * 24 * 3600
      ) { report in
        guard !isInterrupted() else { throw Interrupted() }
        progress.speed = report.examplesPerSecond
        onReport(report, nil)
      } onEpoch: { trained in
        guard !isInterrupted() else { throw Interrupted() }
        let report = trained.report
        let said = try said(trained.predictions)
        let epoch = epoch(report, said)
        let isBest = progress.add(epoch, report, said) || said.rankings != nil
        told.append(
          .init(
            report: report,
            validationAccuracy: said.rankings == nil
              ? validationTargets.accuracy(of: said.rows) : nil,
            validationLoss: said.rankings == nil ? validationTargets.loss(of: said.rows) : nil,
            validationCount: validation.count, logits: said.rows))
        let parameters = try Self.entries(trained.parameters)
        progress.parameterCount = parameters.reduce(0) { $0 + $1.tensor.count }
        if isBest { try write(parameters) }
        if let resumePath {
          try ResumePoint(
            state: try Self.entries(trained.checkpoint), history: progress.history,
            fingerprint: fingerprint
          ).write(to: resumePath)
        }
        onReport(report, epoch)
        if progress.isSettled { throw Settled() }
      }
    } catch is Settled {
      stoppedEarly = true
    }
    return try result(progress, told, stoppedEarly: stoppedEarly)
  }

  /// What a network says of the validation examples.
  private struct Said {
    /// Logits, or embeddings.
    let rows: [Float]
    /// How embeddings rank; nil for logits.
    let rankings: RankingFigures?
  }

  private func said(_ predictions: [PipeTensor]) throws -> Said {
    if let logits = predictions.first(where: { $0.name == "logits" }) {
      return Said(rows: logits.values, rankings: nil)
    }
    let embeddings = try Self.embeddings(predictions)
    return try Said(
      rows: embeddings,
      rankings: Self.rankings(embeddings, of: validation, queries, hasIntervals: false))
  }

  /// The embeddings among what a network says, one after another.
  ///
  /// - Throws: `WorkerFailure.malformed` where there are none.
  package static func embeddings(_ predictions: [PipeTensor]) throws -> [Float] {
    guard let found = predictions.first(where: { $0.name == "embeddings" }) else {
      throw WorkerFailure.malformed("the network gives no logits and no embeddings")
    }
    return found.values
  }

  /// How examples are ranked by their embeddings.
  ///
  /// - Throws: `WorkerFailure.malformed` where queries cannot be compared with these.
  package static func rankings(
    _ embeddings: [Float], of examples: ExampleSet, _ queries: [RankingQuery], hasIntervals: Bool
  ) throws -> RankingFigures {
    guard !queries.isEmpty else {
      throw WorkerFailure.malformed(
        "the network gives embeddings, and there is nothing to rank these examples by")
    }
    guard
      let figures = RankingFigures(
        rows: embeddings, of: examples, queries, hasIntervals: hasIntervals)
    else {
      throw WorkerFailure.malformed(
        "the network gives embeddings of \(embeddings.count) numbers in all, expected "
          + "[\(examples.count), \(queries[0].vector.count)]")
    }
    return figures
  }

  /// What was seen of a training so far.
  private struct Progress {
    private(set) var history: [TrainingResult.Epoch]
    private var stopping: EarlyStopping
    /// Whether as many epochs as that may last were no better.
    private(set) var isSettled = false
    var parameterCount = 0
    var speed = 0.0
    private(set) var last = Said(rows: [], rankings: nil)

    var best: Double? { stopping.best }

    init(history: [TrainingResult.Epoch], patience: Int?) {
      self.history = history
      stopping = EarlyStopping(patience: patience)
      for epoch in history { isSettled = stopping.update(epoch.decisive).stops }
    }

    /// Whether it is the best so far.
    mutating func add(
      _ epoch: TrainingResult.Epoch, _ report: TrainingReport, _ said: Said
    ) -> Bool {
      history.append(epoch)
      speed = report.examplesPerSecond
      last = said
      let (isBest, stops) = stopping.update(epoch.decisive)
      isSettled = stops
      return isBest
    }
  }

  private func epoch(_ report: TrainingReport, _ said: Said) -> TrainingResult.Epoch {
    if let groups = said.rankings?.groups {
      let first = groups.first
      return TrainingResult.Epoch(
        epoch: report.epoch, trainLoss: report.trainLoss, trainAccuracy: .nan,
        validationLoss: .nan, validationAccuracy: .nan,
        validationFigure: (metric == .averagePrecision
          ? first?.averagePrecision : first?.areaUnderROC) ?? 0,
        rankings: groups)
    }
    let logits = said.rows
    return TrainingResult.Epoch(
      epoch: report.epoch, trainLoss: report.trainLoss, trainAccuracy: report.trainAccuracy,
      validationLoss: validationTargets.loss(of: logits),
      validationAccuracy: validationTargets.accuracy(of: logits) ?? 0,
      validationFigure: metric == .accuracy
        ? nil : metric.value(of: logits, for: validationTargets),
      validationF1: classes.count > 2
        ? labels.map { ConfusionMatrix(logits: logits, labels: $0).f1 } : nil)
  }

  private func result(
    _ progress: Progress, _ told: [TrainingDiagnosis.Epoch], stoppedEarly: Bool
  ) throws -> TrainingResult {
    let history = progress.history
    guard let last = history.last else {
      throw WorkerFailure.malformed("the training ended without an epoch")
    }
    if progress.last.rankings != nil { return try ranked(progress, told, stoppedEarly) }
    let logits = progress.last.rows
    return TrainingResult(
      network: network, data: dataDescription, seed: recipe.seed, threads: recipe.threads,
      epochs: history.count, parameters: progress.parameterCount, trainLoss: last.trainLoss,
      trainAccuracy: last.trainAccuracy, validationLoss: last.validationLoss,
      validationAccuracy: last.validationAccuracy,
      bestValidationAccuracy: history.map(\.validationAccuracy).max() ?? 0,
      metric: metric == .accuracy ? nil : metric,
      bestValidationFigure: metric == .accuracy ? nil : progress.best,
      stoppedEarly: stoppedEarly ? true : nil, examplesPerSecond: progress.speed,
      history: history, roc: labels.flatMap { ROCCurve(scores: logits, labels: $0) },
      validation: labels.flatMap { labels in
        logits.isEmpty
          ? nil : ValidationFigures(logits: logits, labels: labels, classes: classes)
      },
      remarks: TrainingDiagnosis(
        told, clips: recipe.clipNorm != nil,
        guessing: trainingTargets.guessingLoss(classWeights: recipe.classWeights)
      ).remarks)
  }

  /// What came of a training whose network gives embeddings.
  private func ranked(
    _ progress: Progress, _ told: [TrainingDiagnosis.Epoch], _ stoppedEarly: Bool
  ) throws -> TrainingResult {
    let history = progress.history
    var result = TrainingResult(
      network: network, data: dataDescription, seed: recipe.seed, threads: recipe.threads,
      epochs: history.count, parameters: progress.parameterCount,
      trainLoss: history.last?.trainLoss ?? .nan, trainAccuracy: .nan, validationLoss: .nan,
      validationAccuracy: .nan, bestValidationAccuracy: .nan,
      metric: metric == .averagePrecision ? metric : .areaUnderROC,
      bestValidationFigure: progress.best, stoppedEarly: stoppedEarly ? true : nil,
      examplesPerSecond: progress.speed, history: history, roc: nil, validation: nil,
      remarks: TrainingDiagnosis(told, clips: recipe.clipNorm != nil, guessing: nil).remarks)
    result.rankings = try Self.rankings(
      progress.last.rows, of: validation, queries, hasIntervals: true)
    return result
  }

  /// The classes of the validation examples, where each has one.
  private var labels: [Int32]? {
    if case .classes(let labels, _) = validationTargets { labels } else { nil }
  }

  private static func entries(_ tensors: [PipeTensor]) throws -> [SafeTensors.Entry] {
    try tensors.map { ($0.name, try Tensor($0.values, shape: Shape($0.shape))) }
  }

  private func write(_ parameters: [SafeTensors.Entry]) throws {
    try AtomicFile.write(Data(SafeTensors.encode(parameters)), to: checkpoint)
  }
}
