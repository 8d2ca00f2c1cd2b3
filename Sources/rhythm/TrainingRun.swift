import Files
import Foundation
import Judge
import Metrics
import Plots
import TensorCore
import Training
import WorkerPipe
import Workers

/// What a training gave, as `--json` writes it.
struct TrainingResult: Codable {
  /// One epoch.
  struct Epoch: Codable {
    let epoch: Int
    let trainLoss: Double
    let trainAccuracy: Double
    let validationLoss: Double
    let validationAccuracy: Double
  }

  let network: String
  let data: String
  let seed: UInt64
  let threads: Int
  let epochs: Int
  let parameters: Int
  let trainLoss: Double
  let trainAccuracy: Double
  let validationLoss: Double
  let validationAccuracy: Double
  let bestValidationAccuracy: Double
  let examplesPerSecond: Double
  let history: [Epoch]
  /// The last epoch's receiver operating characteristic on the validation set, where there is one.
  let roc: ROCCurve?
  /// The last epoch's predictions, class by class.
  let validation: ValidationFigures?
  /// What there is to say of how it went; nil in results of earlier versions.
  let remarks: [String]?

  /// The course's two closing lines.
  var closingLines: String {
    func text(_ value: Double) -> String { String(format: "%.3f", value) }
    return "train loss \(text(trainLoss)), train acc \(text(trainAccuracy)), "
      + "val loss \(text(validationLoss)), val acc \(text(validationAccuracy))\n"
      + String(format: "%.1f examples/sec on cpu", examplesPerSecond)
  }
}

/// One training in a worker, watched from here: the validation labels stay on this side, and the
/// best parameters so far are on disk at the end of every epoch.
struct TrainingRun {
  /// Somebody pressed Ctrl-C.
  struct Interrupted: Error {}

  let network: String
  let configuration: [String: Int]
  let recipe: Recipe
  let question: TrainingQuestion
  let validationLabels: [Int32]
  /// The names of the labels 0 and 1.
  let classes: [String]
  let dataDescription: String
  let checkpoint: String
  /// Where the training goes on, if somebody wants that.
  var resumed: ResumePoint?
  /// What a resumed training needs is kept here at the end of every epoch.
  let resumePath: String
  var isInterrupted: @Sendable () -> Bool = { false }

  /// Trains, and calls `onReport` with every report; a finished epoch comes with its figures.
  func run(
    in client: WorkerClient, onReport: (TrainingReport, TrainingResult.Epoch?) -> Void
  ) throws -> TrainingResult {
    let fingerprint = question.fingerprint
    if let resumed, resumed.fingerprint != fingerprint {
      throw TensorError(
        "resume", "the training that was kept had other examples",
        remedy: "Give the same data, labels and lengths as before, or train from the beginning")
    }
    var history = resumed?.history ?? []
    var best = history.map(\.validationAccuracy).max() ?? -1
    var parameterCount = 0
    var speed = 0.0
    var lastLogits: [Float] = []
    var told: [TrainingDiagnosis.Epoch] = []
    try client.train(
      .init(network, sizes: configuration, seed: recipe.seed), by: recipe, on: question,
      keeping: .checkpoints, from: resumed.map { ResumePoint.pipeTensors($0.state) } ?? [],
      within: 7 * 24 * 3600
    ) { report in
      guard !isInterrupted() else { throw Interrupted() }
      speed = report.examplesPerSecond
      onReport(report, nil)
    } onEpoch: { trained in
      guard !isInterrupted() else { throw Interrupted() }
      let report = trained.report
      speed = report.examplesPerSecond
      guard let logits = trained.predictions.first(where: { $0.name == "logits" }) else {
        throw WorkerFailure.malformed("the network gives no logits")
      }
      let epoch = TrainingResult.Epoch(
        epoch: report.epoch, trainLoss: report.trainLoss, trainAccuracy: report.trainAccuracy,
        validationLoss: Metrics.crossEntropy(logits: logits.values, labels: validationLabels),
        validationAccuracy: Metrics.accuracy(logits: logits.values, labels: validationLabels))
      history.append(epoch)
      lastLogits = logits.values
      told.append(
        .init(
          report: report, validationAccuracy: epoch.validationAccuracy, logits: logits.values))
      let parameters = try Self.entries(trained.parameters)
      parameterCount = parameters.reduce(0) { $0 + $1.tensor.count }
      if epoch.validationAccuracy > best {
        best = epoch.validationAccuracy
        try write(parameters)
      }
      try ResumePoint(
        state: try Self.entries(trained.checkpoint), history: history,
        fingerprint: fingerprint
      ).write(to: resumePath)
      onReport(report, epoch)
    }
    guard let last = history.last else {
      throw WorkerFailure.malformed("the training ended without an epoch")
    }
    return TrainingResult(
      network: network, data: dataDescription, seed: recipe.seed, threads: recipe.threads,
      epochs: history.count, parameters: parameterCount, trainLoss: last.trainLoss,
      trainAccuracy: last.trainAccuracy, validationLoss: last.validationLoss,
      validationAccuracy: last.validationAccuracy, bestValidationAccuracy: best,
      examplesPerSecond: speed, history: history,
      roc: ROCCurve(scores: lastLogits, labels: validationLabels),
      validation: ValidationFigures(
        logits: lastLogits, labels: validationLabels, classes: classes),
      remarks: TrainingDiagnosis(told, clips: recipe.clipNorm != nil).remarks)
  }

  private static func entries(_ tensors: [PipeTensor]) throws -> [SafeTensors.Entry] {
    try tensors.map { ($0.name, try Tensor($0.values, shape: Shape($0.shape))) }
  }

  private func write(_ parameters: [SafeTensors.Entry]) throws {
    try AtomicFile.write(Data(SafeTensors.encode(parameters)), to: checkpoint)
  }
}
