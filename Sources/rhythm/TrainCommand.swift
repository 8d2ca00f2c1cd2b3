import ArgumentParser
import Assignment
import Examples
import Experiments
import Files
import Foundation
import Metrics
import Recordings
import TensorCore
import Tracking
import Training
import WorkerPipe
import Workers

/// `rhythm train`: section 4.8's training of one network.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a network on the recordings.",
    discussion: "The networks, with their usual epochs, stand under networks in assignment.yml.")

  @Argument(help: "The network's name.")
  var network: String

  @OptionGroup(title: "Data") var choices: DataOptions

  @Option(
    parsing: .unconditional, help: "Passes over the training set; by default the course's number.")
  var epochs: Int?

  @OptionGroup(title: "Step size") var steps: StepOptions

  @Option(
    help: ArgumentHelp(
      "What an epoch consists of in place of all training examples, such as random-windows: one at a "
        + "random offset from each recording.", valueName: "name"))
  var augmentation: String?

  @Option(
    help: ArgumentHelp(
      "What decides which epoch is the best: \(Metric.allCases.map(\.rawValue).joined(separator: ", ")) "
        + "(default: as the goal in assignment.yml, else accuracy).", valueName: "metric"))
  var metric: Metric?

  @Option(
    parsing: .unconditional,
    help: "Stop when so many epochs in a row were no better; by default none is too many.")
  var patience: Int?

  @Option(
    parsing: .unconditional, help: "Decides the initial parameters and the order of the batches.")
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional,
    help: "Threads of the kernels; 0: one for each processor. Does not change the result.")
  var threads = 0

  @OptionGroup var code: CodeOption

  @Option(
    help:
      "Where the best parameters go; by default .rhythmlab/UNIT/checkpoints/NETWORK.safetensors.")
  var checkpoint: String?

  @Flag(help: "Go on after the last finished epoch of an interrupted training, or train it longer.")
  var resume = false

  @Flag(help: "Overwrite the checkpoint of a longer training.")
  var force = false

  @Option(help: "Also write the result to this file.")
  var json: String?

  @OptionGroup var tracking: TrackingOption

  @Option(help: "Also draw the learning curves: .png, .svg, or no ending for both.")
  var plot: String?

  @OptionGroup var unit: UnitOption

  func validate() throws {
    try PictureOptions.check(plot)
    guard epochs ?? 1 > 0, threads >= 0, patience ?? 1 > 0 else {
      throw ValidationError(
        "--epochs and --patience must be positive, --threads not negative.")
    }
  }

  func run() throws {
    let copy = try WorkingCopy.find()
    let unit = try copy.unit(
      unit, having: "network \(network)", of: { ($0.networks ?? []).map(\.name) },
      where: { $0.network(named: network) != nil })
    guard let choice = unit.manifest.network(named: network) else {
      throw ValidationError("the unit \(unit.name) has no network \(network).")
    }
    try reportingFailure {
      let (dataChoices, manifest) = try choices.parted(unit.manifest, for: choice.name)
      let data = try UnitData(of: manifest, chosen: dataChoices)
      let checkpointPath =
        checkpoint ?? copy.state(unit.name) + "/checkpoints/\(choice.name).safetensors"
      for path in [checkpointPath, json].compactMap({ $0 }) { try AtomicFile.prepare(for: path) }
      let resumePath = checkpointPath + ".resume"
      let planned = epochs ?? choice.epochs
      try requireFree(checkpointPath, resumePath, epochs: planned)
      let program = try copy.trainingLauncher(unit: unit.name, solutions: code.isOfSolutions)
      let source = try data.find(choices.data)
      let prepared = try data.prepared(from: source)
      printLine("\(choice.name) on \(source.description)")

      let targets = prepared.split.validation.targets
      let metric =
        metric ?? manifest.recipe?.stopsBy ?? manifest.metric(of: choice.name)
        ?? targets.usualMetric
      if let objection = metric.objection(to: targets) {
        throw ValidationError("\(objection); choose another with --metric.")
      }
      let preparation = try ExamplePreparation(
        manifest.recipe?.preparation, of: manifest, program: program, seed: seed)
      var training = try prepared.training(augmentation, seed: seed)
      training.examples = try preparation.training(training.examples)
      let recipe = try steps.recipe(
        manifest, epochs: planned, on: training, seed: seed, threads: threads)
      let resumed = resume ? try ResumePoint(contentsOf: resumePath) : nil
      if let done = resumed?.history.count, done >= recipe.epochs {
        throw TensorError(
          "resume", "all \(done) epochs are done already",
          remedy: "Give more with --epochs to train longer")
      }
      let interruption = Interruption()
      let run = TrainingRun(
        network: choice.name,
        configuration: manifest.settings(of: choice.name, with: prepared.sizes),
        recipe: recipe,
        training: training.examples,
        validation: try preparation.other(prepared.split.validation),
        queries: prepared.split.queries, classes: prepared.classes,
        metric: metric, patience: patience ?? manifest.recipe?.patience,
        dataDescription: source.description,
        checkpoint: checkpointPath,
        resumed: resumed,
        resumePath: resumePath,
        isInterrupted: interruption.check)
      // before the run has a number: a store that cannot be used leaves nothing behind
      let tracked = try tracking.store().map {
        try TrackedTraining($0, run, experiment: unit.name, started: Date())
      }
      let memory = Memory(
        folder: copy.runs(unit.name),
        run: try KeptRun(
          in: copy.runs(unit.name), network: choice.name,
          data: prepared.isSynthetic ? "synthetic recordings" : source.description,
          settings: choices.settings.chosen.filter { !AssignmentManifest.isOfRecipe($0.key) },
          recipe: recipe, metric: metric,
          isOfSolutions: code.isOfSolutions, history: resumed?.history ?? []))
      try train(run, program: program, memory, remark: prepared.remark, tracked)
    }
  }

  /// A longer training is worth more than a shorter one.
  private func requireFree(_ checkpoint: String, _ resumePath: String, epochs: Int) throws {
    guard !force, !resume, FileManager.default.fileExists(atPath: checkpoint),
      let kept = (try? ResumePoint(contentsOf: resumePath))?.history.count, kept > epochs
    else { return }
    throw WorkingCopyError(
      description:
        "\(checkpoint) has the best parameters of a training of \(kept) epochs, and this "
        + "one has \(epochs): give another file with --checkpoint, or overwrite it with --force")
  }

  /// What is remembered of the training.
  private final class Memory {
    let folder: String
    var run: KeptRun

    init(folder: String, run: KeptRun) {
      self.folder = folder
      self.run = run
    }

    /// Keeps an epoch; a disk that is full stops no training.
    func add(_ epoch: TrainingResult.Epoch) {
      run.history.append(epoch)
      try? run.write(in: folder)
    }

    func end(_ ending: KeptRun.Ending?, checkpoint: String) {
      run.ending = ending
      do {
        try run.write(in: folder, checkpoint: run.history.isEmpty ? nil : checkpoint)
      } catch {
        printError("rhythm: the run is not remembered: \(error)")
      }
    }
  }

  private func train(
    _ run: TrainingRun, program: WorkerLauncher, _ memory: Memory, remark: String?,
    _ tracked: TrackedTraining?
  ) throws {
    let progress = ProgressLine("epoch")
    let live = LiveCurve(planned: run.recipe.epochs, history: run.resumed?.history ?? [])
    defer { progress.clear() }
    let client = try WorkerClient(program, sharing: run.question)
    let started = Date()
    do {
      let result = try run.run(in: client) { report, epoch in
        if let epoch {
          memory.add(epoch)
          tracked?.add(epoch)
          progress.clear()
          live.clear()
          printLine("epoch \(epoch.epoch)/\(run.recipe.epochs): \(epoch.line(run.metric))")
          if let line = epoch.classLine(run.classes) { printLine("  " + line) }
          live.show(epoch)
        } else {
          progress.show(Self.progressText(report, of: run.recipe.epochs, since: started))
        }
      }
      progress.clear()
      memory.end(result.stoppedEarly == true ? .settled : .finished, checkpoint: run.checkpoint)
      printLine(result.closingLines)
      if let validation = result.validation {
        printTable(validation.table)
        printLine(validation.closingLine)
      }
      if let rankings = result.rankings { printTable(rankings.table) }
      for remark in result.remarks ?? [] { printLine(remark) }
      if result.stoppedEarly == true {
        printLine(
          "stopped after epoch \(result.epochs): none was better for \(run.patience ?? 0) epochs")
      }
      printLine(result.parametersLine(run.checkpoint))
      let others = KeptRun.all(in: memory.folder).filter { $0.network == run.network }
      let comparing = others.count > 1 ? "; ./rhythm runs compares them" : ""
      printLine(
        "run \(memory.run.number) of \(run.network); "
          + "./rhythm plot training \(memory.run.number) draws it\(comparing)")
      if let remark { printLine(remark) }
      tracked?.end(result)
      if let json { try result.write(jsonFile: json) }
      if let plot { drawExtra { try PlottedTraining(result).figures(at: plot) } }
    } catch is TrainingRun.Interrupted {
      progress.clear()
      client.terminate()
      memory.end(.stopped, checkpoint: run.checkpoint)
      tracked?.end(as: .killed)
      printError(stopped(run, memory.run))
      throw ExitCode(130)
    } catch let failure as WorkerFailure {
      memory.end(nil, checkpoint: run.checkpoint)
      tracked?.end(as: .failed)
      throw TrainingFailure(failure, output: client.standardOutput)
    }
  }

  /// What is kept of a training that was stopped.
  private func stopped(_ run: TrainingRun, _ memory: KeptRun) -> String {
    guard memory.history.isEmpty else {
      return "stopped after epoch \(memory.history.count); the best parameters so far are in "
        + "\(run.checkpoint), and --resume goes on"
    }
    let before =
      FileManager.default.fileExists(atPath: run.checkpoint)
      ? "; \(run.checkpoint) is that of an earlier training, as it was" : ""
    return "stopped in the first epoch: nothing of this training is kept\(before)"
  }

  private static func progressText(
    _ report: TrainingReport, of epochs: Int, since start: Date
  ) -> String {
    let share =
      (Double(report.epoch - 1) + Double(report.batch) / Double(max(report.batchCount, 1)))
      / Double(epochs)
    let left = share > 0 ? Int(Date().timeIntervalSince(start) * (1 - share) / share) : 0
    return String(
      format: "%d/%d  batch %d/%d  loss %.3f  acc %.3f  %.0f examples/s  %d:%02d left",
      report.epoch, epochs, report.batch, report.batchCount, report.trainLoss,
      report.trainAccuracy, report.examplesPerSecond, left / 60, left % 60)
  }
}

/// A worker's failure as a sentence for somebody who trains.
struct TrainingFailure: Error, CustomStringConvertible {
  let description: String

  init(_ failure: WorkerFailure, output: String) {
    switch failure {
    case .notImplemented(let stub):
      description = "task \(stub.task) is not started: Assignments/\(stub.file):\(stub.line)"
    case .threw(let message):
      description = "the network stopped the training: \(message)"
    case .crashed(let message, _), .timedOut(let message, _, _), .malformed(let message):
      description = message + (output.isEmpty ? "" : "\nIt printed:\n\(output.suffix(2000))")
    }
  }
}

extension Metric: ExpressibleByArgument {}
