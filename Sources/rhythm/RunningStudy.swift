import ArgumentParser
import Assignment
import Examples
import Experiments
import Files
import Foundation
import Metrics
import Plots
import Recordings
import Search
import TensorCore
import Tracking
import Training
import WorkerPipe
import Workers

/// A study whose trials are run.
struct RunningStudy: Sendable {
  /// What is done with the hold-out set.
  enum HoldOut { case once, again, later }

  let study: Study
  let training: TrialTraining
  let manifest: AssignmentManifest
  let sizes: [String: Int]
  let threads: Int
  /// The hold-out set, after the unit's own steps: made when it is opened.
  let holdOut: @Sendable () throws -> ExampleSet

  func run(
    trials count: Int, jobs: Int, tracking: (any TrackingStore)?, holdOut: HoldOut
  ) throws {
    var study = study
    let identity = study.identity
    if !study.records.isEmpty {
      printLine("\(study.records.count) trials are there from before")
    }
    let board = SearchBoard(
      count: max(count, study.records.count), study: study,
      tracked: try tracking.map { try group(in: $0) })
    board.trackEarlier()
    let interruption = Interruption()
    let isInterrupted = interruption.check
    // until the end: Ctrl-C while the hold-out set is open would leave it opened for nothing
    defer { withExtendedLifetime(interruption) {} }
    do {
      _ = try TrialSchedule(count: count, together: identity.together, jobs: jobs).run(
        from: study.records, propose: { try point($0, $1) },
        run: { trial, point in
          try run(trial, point, board, isInterrupted: isInterrupted)
        },
        onEnd: { record, all in try board.end(record, all) })
      guard !isInterrupted() else { throw TrainingRun.Interrupted() }
    } catch is TrainingRun.Interrupted {
      board.clear()
      board.track { try $0.end(as: .killed) }
      printError(
        "stopped after \(board.study.records.count) trials; the same command goes on from here")
      throw ExitCode(130)
    }
    board.clear()
    study = board.study
    printTable(study.table)
    for line in [study.bestLine, study.importanceLine].compactMap(\.self) { printLine(line) }
    try open(holdOut, &study)
    for line in study.holdOutLines { printLine(line) }
    if let figures = study.openings.last?.figures { printTable(figures.table) }
    try AtomicFile.write(study.report, to: study.folder + "/report.md")
    printLine("study: \(study.folder)/report.md")
    drawExtra { [(try .search(SearchPicture(identity, study.records)), "\(study.folder)/search")] }
    board.track { try finish($0, study) }
  }

  /// The study's run in a store, which goes on where it was begun.
  private func group(in store: any TrackingStore) throws -> TrackedGroup {
    let identity = study.identity
    return try TrackedGroup(
      store, rememberedIn: study.folder + "/mlflow.json", experiment: identity.unit,
      name:
        "search \(identity.network) by \(identity.proposer.rawValue), seed \(identity.recipe.seed)",
      source: TrackingOption.source("search"), content: start)
  }

  /// What the study's run begins with.
  private var start: RunContent {
    let identity = study.identity
    var content = RunContent(
      network: identity.network, data: identity.data, configuration: identity.configuration,
      recipe: identity.recipe, patience: identity.patience, metric: identity.metric)
    content.parameters.merge(identity.chosen ?? [:]) { known, _ in known }
    // what is searched for has a value in each trial
    for parameter in identity.space.parameters { content.parameters[parameter.name] = nil }
    content.parameters["how"] = identity.proposer.rawValue
    content.parameters["together"] = "\(identity.together)"
    content.tags["rhythmlab.study"] = study.folder
    return content
  }

  /// Puts the study's figures and files into its run, and ends it.
  private func finish(_ group: TrackedGroup, _ study: Study) throws {
    let pictures = MatrixPictures()
    var content = RunContent()
    var files = ["report.md": "\(study.folder)/report.md"]
    if let best = study.records.best {
      content.metrics = [.init("best_test_\(study.identity.metric.rawValue)", best.test)]
      content.tags["rhythmlab.best"] =
        "trial \(best.trial): \(study.identity.space.text(best.point))"
      files["best.safetensors"] = checkpoint(best.trial)
    }
    if let opening = study.openings.last, let figures = opening.figures {
      content.metrics += RunContent(figures, of: "holdout").metrics
      content.tags["rhythmlab.holdout"] = study.holdOutLines.joined(separator: " ")
      files.merge(pictures.files(figures, title: "trial \(opening.trial) on the hold-out set")) {
        $1
      }
    }
    let drawn = "\(study.folder)/search.png"
    if FileManager.default.fileExists(atPath: drawn) { files["search.png"] = drawn }
    try group.add(content, files: files)
    try group.end(as: .finished)
  }

  private func point(_ trial: Int, _ known: [TrialRecord]) throws -> [Double] {
    let identity = study.identity
    return try identity.proposer.point(
      of: trial, in: identity.space, known: known, seed: identity.recipe.seed
    ) { settings, tensors in
      let client = try WorkerClient(training.program)
      defer { client.terminate() }
      do {
        return try client.prepare("proposal", settings, tensors)
      } catch let failure as WorkerFailure {
        throw TrainingFailure(failure, output: client.standardOutput)
      }
    }
  }

  private func run(
    _ trial: Int, _ point: [Double], _ board: SearchBoard,
    isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> TrialRecord {
    let identity = study.identity
    let values = identity.space.values(point)
    let chosen = try manifest.choosing(values, for: identity.network)
    let recipe = try chosen.recipe(
      epochs: identity.recipe.epochs, on: (training.sets.training, .all),
      seed: identity.recipe.seed, threads: threads)
    let start = ContinuousClock.now
    do {
      let (result, test) = try training.run(
        recipe, chosen.settings(of: identity.network, with: sizes),
        patience: values["patience"] == nil ? identity.patience : chosen.recipe?.patience,
        checkpoint: checkpoint(trial), isInterrupted: isInterrupted
      ) { board.show(trial, $0, of: recipe.epochs) }
      board.keep(result, of: trial)
      let elapsed = (ContinuousClock.now - start).components
      return TrialRecord(
        trial: trial, values: values, point: point, seed: recipe.seed,
        validation: result.history.map(\.decisive), test: test, epochs: result.history.count,
        seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
    } catch let failure as WorkerFailure {
      throw TrainingFailure(failure, output: "")
    }
  }

  /// Where a trial's parameters are.
  private func checkpoint(_ trial: Int) -> String {
    "\(study.folder)/trials/\(trial).safetensors"
  }

  /// Opens the hold-out set for the best trial's network, where it may be.
  private func open(_ how: HoldOut, _ study: inout Study) throws {
    guard let best = study.records.best, how != .later else { return }
    if let last = study.openings.last, how == .once {
      if last.trial != best.trial {
        printLine(
          "the best trial is another one than when the hold-out set was opened; it stays closed, and "
            + "--open-holdout-again opens it once more")
      }
      return
    }
    let identity = study.identity
    let chosen = try manifest.choosing(best.values, for: identity.network)
    try study.openHoldOut(for: best) {
      let examples = try holdOut()
      do {
        let logits = try training.logits(
          chosen.settings(of: identity.network, with: sizes), checkpoint: checkpoint(best.trial),
          of: examples)
        return ValidationFigures(
          logits: logits, labels: examples.labels, classes: training.classes)
      } catch let failure as WorkerFailure {
        throw TrainingFailure(failure, output: "")
      }
    }
  }
}
