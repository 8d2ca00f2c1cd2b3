import ArgumentParser
import Assignment
import Experiments
import Files
import Foundation
import Metrics
import Plots
import Search
import Tracking
import Training
import WorkerPipe

/// `--mlflow`, for commands that train.
struct TrackingOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Also keep it as MLflow does: in a folder (MLflow 3 reads it with MLFLOW_ALLOW_FILE_STORE=true, and "
        + "mlflow migrate-filestore makes a database of it), or on a server, such as http://localhost:5000.",
      valueName: "folder-or-address"))
  var mlflow: String?

  /// The store; nil where none is asked for.
  ///
  /// - Throws: a sentence where it is none.
  func store() throws -> (any TrackingStore)? { try mlflow.map(trackingStore) }

  /// What MLflow shows as a run's source.
  static func source(_ command: String) -> String { "rhythm \(command)" }
}

/// Keeps what is done already: whatever goes wrong is said and fails nothing.
func keepTracked(_ body: () throws -> Void) {
  do { try body() } catch { printError("rhythm: not kept for MLflow: \(error)") }
}

extension RunContent {
  /// How something is trained.
  init(
    network: String, data: String, configuration: Settings, recipe: Recipe, patience: Int?,
    metric: Metric
  ) {
    self.init()
    parameters = [
      "network": network, "data": String(data.prefix(500)), "epochs": "\(recipe.epochs)",
      "batchSize": "\(recipe.batchSize)", "learningRate": "\(recipe.learningRate)",
      "optimiser": recipe.optimiser.kind.rawValue, "schedule": "\(recipe.schedule)",
      "seed": "\(recipe.seed)", "metric": metric.rawValue,
    ]
    parameters["momentum"] = recipe.optimiser.momentum.map { "\($0)" }
    parameters["weightDecay"] = recipe.optimiser.weightDecay.map { "\($0)" }
    parameters["average"] = recipe.averageDecay.map { "\($0)" }
    parameters["clipNorm"] = recipe.clipNorm.map { "\($0)" }
    parameters["patience"] = patience.map { "\($0)" }
    for (name, value) in configuration {
      switch value {
      case .integer(let size): parameters[name] = "\(size)"
      case .number(let number): parameters[name] = "\(number)"
      case .text(let text): parameters[name] = text
      case .list: break
      }
    }
  }

  /// The figures of an epoch.
  init(_ epoch: TrainingResult.Epoch, metric: Metric) {
    if let rankings = epoch.rankings {
      self.init(
        metrics: [.init("train_loss", epoch.trainLoss, step: epoch.epoch)]
          + rankings.flatMap { group in
            [("auroc", group.areaUnderROC), ("average-precision", group.averagePrecision)]
              .compactMap { name, figure in
                figure.map { .init("validation_\(name)_\(group.name)", $0, step: epoch.epoch) }
              }
          })
      return
    }
    self.init(
      metrics: [
        .init("train_loss", epoch.trainLoss, step: epoch.epoch),
        .init("train_accuracy", epoch.trainAccuracy, step: epoch.epoch),
        .init("validation_loss", epoch.validationLoss, step: epoch.epoch),
        .init("validation_accuracy", epoch.validationAccuracy, step: epoch.epoch),
      ])
    if let figure = epoch.validationFigure, metric != .loss {
      metrics.append(.init("validation_\(metric.rawValue)", figure, step: epoch.epoch))
    }
    if let f1 = epoch.validationF1, !f1.isEmpty, metric != .meanF1 {
      let mean = f1.reduce(0, +) / Double(f1.count)
      metrics.append(.init("validation_\(Metric.meanF1.rawValue)", mean, step: epoch.epoch))
    }
  }

  /// The figures of a finished training, epoch by epoch.
  init(_ result: TrainingResult) {
    self.init()
    for epoch in result.history {
      metrics += RunContent(epoch, metric: result.metric ?? .accuracy).metrics
    }
    metrics.append(.init("examples_per_second", result.examplesPerSecond))
  }

  /// Other metrics of a set than those by epoch.
  init(_ figures: ValidationFigures, of set: String) {
    self.init()
    let total = figures.confusionMatrix.joined().reduce(0, +) + figures.unpredicted.reduce(0, +)
    let right = figures.confusionMatrix.indices.reduce(0) {
      $0 + figures.confusionMatrix[$1][$1]
    }
    metrics = [
      .init("\(set)_accuracy", Double(right) / Double(max(total, 1))),
      .init("\(set)_macro-f1", figures.meanF1),
    ]
    if let recall = figures.meanRecall { metrics.append(.init("\(set)_mean-recall", recall)) }
    if let area = figures.areaUnderROC { metrics.append(.init("\(set)_auroc", area)) }
    for (name, recall) in zip(figures.classes, figures.recall) {
      metrics.append(.init("\(set)_recall_\(name)", recall))
    }
  }

  /// A trial: with all its figures where they are at hand, else with what a study keeps of it.
  init(_ record: TrialRecord, metric: Metric, result: TrainingResult?) {
    if let result {
      self.init(result)
    } else {
      self.init(
        metrics: record.validation.enumerated().map {
          .init("validation_\(metric.rawValue)", $1, step: $0 + 1)
        })
    }
    parameters = record.values
    parameters["seed"] = "\(record.seed)"
    metrics.append(.init("test_\(metric.rawValue)", record.test))
    metrics.append(.init("epochs", Double(record.epochs)))
  }
}

/// Pictures of matrices in a folder that goes with it.
final class MatrixPictures {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("rhythmlab-\(UUID().uuidString)").path

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A confusion matrix as a picture, under the name that it has as a file; empty where it cannot be drawn.
  func files(_ figures: ValidationFigures?, title: String) -> [String: String] {
    guard let figures,
      let figure = try? Figure.confusionMatrix(
        figures.confusionMatrix, classes: figures.classes, title: title),
      let drawn = try? Gnuplot().draw(figure, to: "\(folder)/\(UUID().uuidString).png").first
    else { return [:] }
    return ["confusion.png": drawn]
  }
}

extension TrackedGroup {
  /// Puts a training of an experiment into the store, a part of its own for each result that is another.
  mutating func add(
    _ entry: AssignmentManifest.Experiment.Entry, _ result: TrainingResult, _ recipe: Recipe,
    path: String
  ) throws {
    let figure = String(
      format: "%.6f", result.rankings == nil ? result.validationLoss : result.trainLoss)
    let part = "\(entry.name), seed \(result.seed)"
    // a training that was kept from before is there already
    guard !has("\(part) (\(figure))") else { return }
    var content = RunContent(result)
    content.parameters =
      RunContent(
        network: entry.network, data: result.data,
        configuration: (entry.sizes ?? [:]).mapValues(Setting.integer)
          .merging((entry.numbers ?? [:]).mapValues(Setting.number)) { $1 },
        recipe: recipe, patience: nil, metric: result.metric ?? .accuracy
      ).parameters
    content.parameters["title"] = entry.name
    let pictures = MatrixPictures()
    var files = pictures.files(
      result.validation, title: "\(entry.name) on the validation examples")
    let checkpoint = "\(path).safetensors"
    if FileManager.default.fileExists(atPath: checkpoint) {
      files["parameters.safetensors"] = checkpoint
    }
    try add("\(part) (\(figure))", name: part, content, seconds: 0, files: files)
  }
}

/// A training as MLflow keeps it, with the figures of each epoch as they come.
final class TrackedTraining {
  private let store: any TrackingStore
  private let experiment, number: String
  private let run: TrainingRun

  /// Begins a run.
  ///
  /// - Throws: a sentence where the store cannot be used.
  init(
    _ store: any TrackingStore, _ run: TrainingRun, experiment name: String, started: Date
  ) throws {
    self.store = store
    self.run = run
    experiment = try store.experiment(named: name)
    number = try store.begin(
      RunStart(
        name: "train \(run.network)", date: started, source: TrackingOption.source("train")),
      in: experiment)
    try store.add(
      RunContent(
        network: run.network, data: run.dataDescription, configuration: run.configuration,
        recipe: run.recipe, patience: run.patience, metric: run.metric), to: number, in: experiment)
  }

  /// Adds the figures of an epoch.
  func add(_ epoch: TrainingResult.Epoch) {
    keepTracked {
      try store.add(RunContent(epoch, metric: run.metric), to: number, in: experiment)
    }
  }

  /// Adds what came of it, its parameters and its matrix, and ends the run.
  func end(_ result: TrainingResult) {
    keepTracked {
      var content = RunContent(metrics: [.init("examples_per_second", result.examplesPerSecond)])
      if let best = result.bestValidationFigure ?? result.history.map(\.validationAccuracy).max() {
        content.metrics.append(
          .init("best_validation_\(run.metric.rawValue)", run.metric.shown(best)))
      }
      content.tags["rhythmlab.remarks"] = result.remarks.flatMap {
        $0.isEmpty ? nil : $0.joined(separator: "; ")
      }
      try store.add(content, to: number, in: experiment)
      let pictures = MatrixPictures()
      var files = pictures.files(
        result.validation, title: "\(run.network) on the validation examples")
      if FileManager.default.fileExists(atPath: run.checkpoint) {
        files["parameters.safetensors"] = run.checkpoint
      }
      for (name, path) in files {
        try store.add(file: path, named: name, to: number, in: experiment)
      }
    }
    end(as: .finished)
  }

  /// Ends the run.
  func end(as status: RunStatus) {
    keepTracked { try store.end(number, in: experiment, as: status, at: Date()) }
  }
}
