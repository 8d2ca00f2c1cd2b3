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
import Synchronization
import TensorCore
import Tracking
import Training
import WorkerPipe
import Workers

/// `rhythm search`: a study of what a network is best trained with.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Search for what a network is best trained with.",
    discussion: """
      The space stands under searches in assignment.yml. Each trial trains on the training set, is stopped by the \
      validation set and scored on the test set. When all are done, the best trial's network is evaluated on the \
      hold-out set: once a study, with the date. What is done is kept in OUT: after Ctrl-C or a kill the same \
      command goes on, and with more trials it goes further.
      """)

  @Argument(help: "The network; by default that of the unit's first search.")
  var network: String?

  @Option(
    parsing: .unconditional, help: "Trials in all (default: the number in assignment.yml).")
  var trials: Int?

  @Option(
    help: "Who proposes points: tpe, random, or student for the function proposal of Worker.swift.")
  var how = Proposer.tpe

  @Option(
    parsing: .unconditional,
    help: "Trials at a time (default: as many as may be together). Does not change the result.")
  var jobs: Int?

  @Option(
    parsing: .unconditional,
    help: """
      How many trials may run at a time: a trial's point follows from those before the last so many. It is a part of \
      the study, so that the result does not depend on the machine.
      """)
  var together = 2

  @Option(
    parsing: .unconditional, help: "Decides points, initial parameters and the order of batches.")
  var seed: UInt64 = 1

  @OptionGroup(title: "Data") var choices: DataOptions

  @Option(
    parsing: .unconditional,
    help: "The most epochs of a trial (default: as in assignment.yml).")
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help:
      "Threads of the kernels of each trial; 0: one for each processor. Does not change the result."
  )
  var threads = 1

  @Option(help: "The study's folder; by default .rhythmlab/UNIT/searches/NETWORK-HOW-SEED.")
  var out: String?

  @Flag(help: "Leave the hold-out set closed as yet.")
  var holdoutLater = false

  @Flag(
    help:
      "Open the hold-out set once more, for the trial that is the best by now; the report says so.")
  var openHoldoutAgain = false

  @OptionGroup var tracking: TrackingOption

  @OptionGroup var code: CodeOption

  @OptionGroup var unit: UnitOption

  func validate() throws {
    guard trials ?? 1 > 0, jobs ?? 1 > 0, together > 0, epochs ?? 1 > 0, threads >= 0 else {
      throw ValidationError(
        "--trials, --jobs, --together and --epochs must be positive, --threads not negative.")
    }
    guard !(holdoutLater && openHoldoutAgain) else {
      throw ValidationError("--holdout-later and --open-holdout-again exclude each other.")
    }
  }

  func run() throws {
    let copy = try WorkingCopy.find()
    func searches(_ manifest: AssignmentManifest) -> [AssignmentManifest.Search] {
      (manifest.searches ?? []).filter {
        network == nil || $0.network.lowercased() == network?.lowercased()
      }
    }
    let unit = try copy.unit(
      unit, having: network.map { "search for \($0)" } ?? "search",
      of: { ($0.searches ?? []).map(\.network) }, where: { !searches($0).isEmpty })
    guard let search = searches(unit.manifest).first else {
      throw ValidationError("the unit \(unit.name) has no such search.")
    }
    try reportingFailure {
      let (dataChoices, manifest) = try choices.parted(unit.manifest, for: search.network)
      let study = try study(
        search, of: unit, manifest, UnitData(of: manifest, chosen: dataChoices), copy)
      try study.run(
        trials: trials ?? search.trials, jobs: jobs ?? together, tracking: tracking.store(),
        holdOut: holdoutLater ? .later : openHoldoutAgain ? .again : .once)
    }
  }

  private func study(
    _ search: AssignmentManifest.Search, of unit: UnitManifest, _ manifest: AssignmentManifest,
    _ data: UnitData, _ copy: WorkingCopy
  ) throws -> RunningStudy {
    let name = search.network
    for parameter in search.space
    where parameter.name == "preparation" || manifest.isOfPreparation(parameter.name) {
      throw ManifestError(
        description: "the search for \(name): \(parameter.name) would make other examples for each "
          + "trial, and a study's are the same for all: give it with --set")
    }
    let out = out ?? copy.state(unit.name) + "/searches/\(name)-\(how.rawValue)-\(seed)"
    try AtomicFile.prepare(for: out + "/x")
    let program = try copy.trainingLauncher(unit: unit.name, solutions: code.isOfSolutions)
    let source = try data.find(choices.data)
    let prepared = try data.prepared(from: source)
    guard let test = prepared.split.test, let holdOut = prepared.split.holdOut else {
      throw ManifestError(
        description:
          "the data have no test and hold-out set beside those that figures are of, by which "
          + "a search chooses: take data that have four sets, and leave out --set figures")
    }
    printLine("\(name) on \(source.description)")
    let steps = try ExamplePreparation(
      manifest.recipe?.preparation, of: manifest, program: program, seed: seed)
    let sets = SplitExamples(
      training: try steps.training(prepared.split.training),
      validation: try steps.other(prepared.split.validation), test: try steps.other(test))
    let metric = search.metric ?? manifest.metric(of: name) ?? sets.validation.targets.usualMetric
    if let objection = metric.objection(to: sets.validation.targets) {
      throw ManifestError(description: "the search for \(name): \(objection)")
    }
    let training = TrialTraining(
      network: name, program: program, sets: sets, classes: prepared.classes, metric: metric,
      dataDescription: source.description)
    let planned = epochs ?? search.epochs ?? manifest.network(named: name)?.epochs ?? 1
    let identity = Study.Identity(
      unit: unit.name, network: name,
      data: ([source.description]
        + data.settings.sorted { $0.key < $1.key }.map {
          "\($0.key)=\($0.value)"
        }).joined(separator: ", "), examples: training.fingerprint,
      worker: program.program, space: SearchSpace(search), proposer: how, together: together,
      metric: metric, patience: search.patience ?? manifest.recipe?.patience,
      configuration: manifest.settings(of: name, with: prepared.sizes),
      recipe: try manifest.recipe(
        epochs: planned, on: (sets.training, .all), seed: seed, threads: 0))
    return RunningStudy(
      study: try Study(folder: out, identity: identity), training: training, manifest: manifest,
      sizes: prepared.sizes, threads: threads, holdOut: { try steps.other(holdOut) })
  }
}

/// A study whose trials are run.
private struct RunningStudy: Sendable {
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
    do {
      _ = try TrialSchedule(count: count, together: identity.together, jobs: jobs).run(
        from: study.records, propose: { try point($0, $1) },
        run: { trial, point in
          try run(trial, point, board, isInterrupted: isInterrupted)
        },
        onEnd: { record, all in try board.end(record, all) })
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

/// What is shown and kept of the trials that run, on whichever thread.
private final class SearchBoard: Sendable {
  private struct State {
    var study: Study
    var running: [Int: String] = [:]
    /// Results of trials that have ended and are not in the file yet.
    var results: [Int: TrainingResult] = [:]
    var tracked: TrackedGroup?
    let pictures = MatrixPictures()
    let line = ProgressLine("searching")
    let start = Date()
    var done = 0
  }

  private let count: Int
  private let state: Mutex<State>

  init(count: Int, study: Study, tracked: TrackedGroup?) {
    self.count = count
    state = Mutex(State(study: study, tracked: tracked))
  }

  /// Keeps what a trial gave until the trial is in the file.
  func keep(_ result: TrainingResult, of trial: Int) {
    state.withLock { $0.results[trial] = result }
  }

  /// Does something with the study's run in a store, where there is one.
  func track(_ body: (TrackedGroup) throws -> Void) {
    state.withLock { state in
      guard let group = state.tracked else { return }
      keepTracked { try body(group) }
    }
  }

  /// Puts the trials that are there and in no store into it.
  func trackEarlier() {
    state.withLock { state in
      for record in state.study.records { Self.track(record, nil, &state) }
    }
  }

  private static func track(
    _ record: TrialRecord, _ result: TrainingResult?, _ state: inout State
  ) {
    let name = "trial \(record.trial)"
    guard var group = state.tracked, !group.has(name) else { return }
    keepTracked {
      let metric = state.study.identity.metric
      try group.add(
        name, RunContent(record, metric: metric, result: result), seconds: record.seconds,
        files: state.pictures.files(
          result?.validation, title: "\(name) on the validation set, last epoch"))
      try group.add(
        RunContent(
          metrics: [.init("test_\(metric.rawValue)", record.test, step: record.trial)]))
    }
    state.tracked = group
  }

  /// Shows how far a trial is.
  func show(_ trial: Int, _ report: TrainingReport, of epochs: Int) {
    state.withLock { state in
      state.running[trial] = "trial \(trial) epoch \(report.epoch)/\(epochs)"
      let running = state.running.sorted { $0.key < $1.key }.map(\.value)
      let records = state.study.records
      let left = count - records.count
      let seconds =
        state.done == 0
        ? 0 : Date().timeIntervalSince(state.start) / Double(state.done) * Double(left)
      let rest =
        state.done == 0
        ? "" : String(format: ", %d:%02d left", Int(seconds) / 60, Int(seconds) % 60)
      let best = records.best.map { String(format: ", best %.4f", $0.test) } ?? ""
      state.line.show(
        "\(records.count)/\(count)  \(running.joined(separator: ", "))\(best)\(rest)")
    }
  }

  /// Keeps a trial that has ended.
  func end(_ record: TrialRecord, _ all: [TrialRecord]) throws {
    try state.withLock { state in
      state.running[record.trial] = nil
      state.done += 1
      try state.study.write(all)
      // the parameters of the best alone are kept of those that are chosen among
      let best = all.best?.trial
      for other in all where other.trial != best {
        try? FileManager.default.removeItem(
          atPath: "\(state.study.folder)/trials/\(other.trial).safetensors")
      }
      state.line.clear()
      let identity = state.study.identity
      printLine(
        String(
          format: "trial %d of %d: test %@ %.4f, %d epochs, %.1f s: ", record.trial, count,
          identity.metric.rawValue, record.test, record.epochs, record.seconds)
          + identity.space.text(record.point))
      Self.track(record, state.results.removeValue(forKey: record.trial), &state)
    }
  }

  var study: Study { state.withLock { $0.study } }

  func clear() { state.withLock { $0.line.clear() } }
}

extension Proposer: ExpressibleByArgument {}
