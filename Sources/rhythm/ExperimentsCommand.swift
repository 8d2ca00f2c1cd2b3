import ArgumentParser
import Assignment
import Examples
import Experiments
import Files
import Foundation
import Metrics
import Recordings
import Search
import TensorCore
import Tracking
import Training
import WorkerPipe
import Workers

/// `rhythm experiments`: trains the networks of an experiment of the unit, and compares them.
struct ExperimentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiments",
    abstract: "Train all networks of an experiment and compare them.",
    discussion: """
      What is done is kept: after Ctrl-C, or with a network mended, the same command trains only what \
      is missing or has changed, from the last finished epoch on. Networks that are not started are \
      left out. Results are written to OUT as a table (Markdown, JSON) and with a checkpoint for each \
      network.
      """)

  @Argument(help: "The experiment, such as random-chunks; by default the unit's first.")
  var name: String?

  @OptionGroup var unit: UnitOption

  @Option(help: "Only these networks, separated by commas.")
  var only: String?

  @Option(help: "Seeds, separated by commas; of several the table shows the median.")
  var seeds = "1"

  @OptionGroup(title: "Data") var choices: DataOptions

  @Option(help: "Where results go; by default .rhythmlab/UNIT/experiments.")
  var out: String?

  @Option(
    parsing: .unconditional,
    help: "Passes over the training set; by default the course's number for each network.")
  var epochs: Int?

  @OptionGroup(title: "Step size") var steps: StepOptions

  @Option(
    parsing: .unconditional,
    help: "Threads of the kernels; 0: one for each processor. Does not change the results.")
  var threads = 0

  @OptionGroup var tracking: TrackingOption

  @OptionGroup var code: CodeOption

  func validate() throws {
    guard threads >= 0, epochs ?? 1 > 0 else {
      throw ValidationError("--epochs must be positive, --threads not negative.")
    }
    _ = try chosenSeeds()
  }

  private func chosenExperiment(
    _ copy: WorkingCopy
  ) throws -> (unit: UnitManifest, experiment: AssignmentManifest.Experiment) {
    func experiments(_ manifest: AssignmentManifest) -> [AssignmentManifest.Experiment] {
      manifest.experiments ?? []
    }
    let chosen = try copy.unit(
      unit, having: name.map { "experiment \($0)" } ?? "experiment",
      of: { experiments($0).map(\.name) },
      where: { manifest in
        experiments(manifest).contains { name == nil || $0.name == name }
      })
    guard
      let found = experiments(chosen.manifest).first(where: { name == nil || $0.name == name })
    else { throw ValidationError("the unit \(chosen.name) has no such experiment.") }
    return (chosen, found)
  }

  private func chosenSeeds() throws -> [UInt64] {
    let words = seeds.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let numbers = words.compactMap { UInt64($0) }
    guard !numbers.isEmpty, numbers.count == words.count else {
      throw ValidationError(
        "--seeds takes numbers separated by commas, such as 1,2,3; not \(seeds).")
    }
    return numbers
  }

  private func chosenEntries(
    _ experiment: AssignmentManifest.Experiment
  ) throws -> [AssignmentManifest.Experiment.Entry] {
    guard let only else { return experiment.networks }
    return try only.split(separator: ",").map { word in
      let name = word.trimmingCharacters(in: .whitespaces)
      guard
        let entry = experiment.networks.first(where: {
          $0.name.lowercased() == name.lowercased()
        })
      else {
        throw ValidationError(
          "\(experiment.title) has no network \(name); choose from "
            + experiment.networks.map(\.name).joined(separator: ", ") + ".")
      }
      return entry
    }
  }

  func run() throws {
    let copy = try WorkingCopy.find()
    let (unit, experiment) = try chosenExperiment(copy)
    let entries = try chosenEntries(experiment)
    try reportingFailure {
      // of the data one choice for all rows, of the training one for each row's network
      let manifests = try entries.map { try choices.parted(unit.manifest, for: $0.network) }
      let dataChoices = manifests[0].data
      let data = try UnitData(of: unit.manifest, chosen: dataChoices)
      let out = out ?? copy.state(unit.name) + "/experiments"
      try AtomicFile.prepare(for: out + "/x")
      let program = try copy.trainingLauncher(
        unit: unit.name, solutions: code.isOfSolutions)
      let source = try data.find(choices.data)
      let prepare = try data.reading(source)
      let prepared = try entries.map { try prepare($0.settings ?? [:]) }
      for (entry, own) in zip(entries, prepared) {
        let metric = unit.manifest.metric(of: entry.network)
        if let objection = metric?.objection(to: own.split.validation.targets) {
          throw ManifestError(description: "the goal of \(entry.network): \(objection)")
        }
      }
      printLine("\(experiment.title), on \(source.description)")
      let interruption = Interruption()
      let isPublished =
        prepared.allSatisfy(\.isWhole) && choices.settings.chosen.isEmpty
      var table = ExperimentTable(
        experiment: experiment, data: source.description,
        published: isPublished ? { unit.manifest.epochs(of: $0) } : nil)
      var tracked = try tracking.store().map {
        try TrackedGroup(
          $0, rememberedIn: "\(out)/\(experiment.name).mlflow.json", experiment: unit.name,
          name: "experiment \(experiment.name)", source: TrackingOption.source("experiments"),
          content: RunContent(parameters: ["data": String(source.description.prefix(500))]))
      }
      let work = try entries.indices.flatMap { place in
        try chosenSeeds().map {
          (
            entry: entries[place], manifest: manifests[place].manifest, prepared: prepared[place],
            seed: $0
          )
        }
      }
      for (number, item) in work.enumerated() {
        let training = try item.prepared.training(
          item.entry.augmentation ?? experiment.augmentation, seed: item.seed)
        let recipe = try steps.recipe(
          item.manifest, epochs: epochs ?? unit.manifest.epochs(of: item.entry), on: training,
          weighsClasses: item.entry.classWeights, seed: item.seed, threads: threads)
        let run = ExperimentTraining(
          entry: item.entry, evaluates: experiment.evaluates ?? [], manifest: item.manifest,
          recipe: recipe,
          place: "\(number + 1) of \(work.count)",
          path: "\(out)/\(experiment.name)-\(item.entry.fileName)-\(item.seed)")
        do {
          let outcome = try run.run(
            item.prepared, on: training.examples, source: source.description,
            settings: (item.entry.settings ?? [:]).merging(choices.settings.chosen) { $1 },
            program: program,
            isInterrupted: interruption.check)
          table.add(item.entry, outcome)
          keepTracked { try tracked?.add(item.entry, outcome, recipe, path: run.path) }
        } catch is TrainingRun.Interrupted {
          if !table.isEmpty { try write(table, out) }
          keepTracked { try tracked?.end(as: .killed) }
          printError("stopped; the same command goes on from here")
          throw ExitCode(130)
        } catch let failure as TrainingFailure {
          // the other networks may be there
          printLine("\(item.entry.name): \(failure)")
        }
      }
      guard !table.isEmpty else { throw ExitCode(1) }
      printLine("")
      printTable(table.terminalTable)
      if let figures = table.onlyRankings {
        printLine("")
        printTable(figures.queryTable)
      }
      try write(table, out)
      keepTracked {
        try tracked?.add(
          RunContent(), files: ["\(experiment.name).md": "\(out)/\(experiment.name).md"])
        try tracked?.end(as: .finished)
      }
      let remarks = prepared.compactMap(\.remark)
      for (place, remark) in remarks.enumerated() where remarks.firstIndex(of: remark) == place {
        printLine((place == 0 ? "\n" : "") + remark)
      }
      printLine("\nresults: \(out)/\(experiment.name).md, \(out)/\(experiment.name).json")
    }
  }

  private func write(_ table: ExperimentTable, _ out: String) throws {
    let name = table.experiment.name
    try AtomicFile.write(Data(table.markdown.utf8), to: "\(out)/\(name).md")
    try table.listing.write(jsonFile: "\(out)/\(name).json")
    drawExtra {
      [(try table.listing.figure(title: table.experiment.title), "\(out)/\(name)")]
    }
  }
}

extension AssignmentManifest.Experiment.Entry {
  /// The row's name as a part of a file's.
  fileprivate var fileName: String {
    let words = name.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    return words.joined(separator: "-")
  }
}

/// One training of an experiment: what was kept of it, or what is missing of it.
private struct ExperimentTraining {
  let entry: AssignmentManifest.Experiment.Entry
  let evaluates: [AssignmentManifest.HeldBackSet]
  let manifest: AssignmentManifest
  let recipe: Recipe
  /// Such as `3 of 6`.
  let place: String
  /// Of all its files, without their endings.
  let path: String

  func run(
    _ data: PreparedData, on examples: ExampleSet, source: String, settings: [String: String],
    program: WorkerLauncher,
    isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> TrainingResult {
    let sizes = manifest.settings(of: entry, with: data.sizes)
    let steps = entry.preparation ?? manifest.recipe?.preparation
    let patience = manifest.recipe?.patience
    let metric = manifest.recipe?.stopsBy ?? manifest.metric(of: entry.network)
    let preparation = try manifest.preparation(steps == "none" ? nil : steps).map {
      "\($0.function)(\(($0.settings ?? [:]).sorted { $0.key < $1.key }))"
    }
    let signature = ExperimentSignature(
      worker: program.program,
      data: ([source] + settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        + preparation).joined(separator: " "),
      sizes: sizes, recipe: recipe, patience: patience,
      metric: manifest.recipe?.stopsBy)
    let kept = ExperimentRecord(jsonFile: "\(path).json")
    if let kept, kept.signature == signature,
      kept.result.history.count == recipe.epochs || kept.result.stoppedEarly == true
    {
      var result = kept.result
      let kept = Set((result.evaluations ?? [:]).keys).union((result.otherRankings ?? [:]).keys)
      if kept != Set(heldBack(data).map(\.name)) {
        try evaluate(&result, data, sizes, steps: steps, program: program, source: source)
        try ExperimentRecord(signature: signature, result: result).write(jsonFile: "\(path).json")
      }
      printLine("\(heading): \(Self.text(result)), kept from before")
      return result
    }
    let checkpoint = "\(path).safetensors"
    // an unfinished training of the same things goes on
    let unfinished = ExperimentSignature(jsonFile: "\(path).unfinished.json")
    let resumed =
      unfinished == signature
      ? try? ResumePoint(contentsOf: checkpoint + ".resume") : nil
    let prepared = try ExamplePreparation(
      steps, of: manifest, program: program, seed: recipe.seed)
    let run = TrainingRun(
      network: entry.network,
      configuration: sizes,
      recipe: recipe,
      training: try prepared.training(examples),
      validation: try prepared.other(data.split.validation), queries: data.split.queries,
      classes: data.classes,
      metric: metric, patience: patience, dataDescription: source,
      checkpoint: checkpoint, resumed: resumed, resumePath: checkpoint + ".resume",
      isInterrupted: isInterrupted)
    let line = ProgressLine(heading)
    let live = LiveCurve(planned: recipe.epochs, history: resumed?.history ?? [])
    defer {
      line.clear()
      live.clear()
    }
    let client = try WorkerClient(program, sharing: run.question)
    var signed = false
    var result: TrainingResult
    do {
      result = try run.run(in: client) { report, epoch in
        if let epoch {
          line.clear()
          live.show(epoch)
        }
        line.show(
          String(
            format: "epoch %d/%d  batch %d/%d  loss %.3f  %.0f examples/s", report.epoch,
            recipe.epochs,
            report.batch, report.batchCount, report.trainLoss, report.examplesPerSecond))
        if epoch != nil, !signed {
          signed = true
          try? signature.write(jsonFile: "\(path).unfinished.json")
        }
      }
    } catch let failure as WorkerFailure {
      throw TrainingFailure(failure, output: client.standardOutput)
    }
    line.clear()
    live.clear()
    client.terminate()
    try evaluate(&result, data, sizes, steps: steps, program: program, source: source)
    try ExperimentRecord(signature: signature, result: result).write(jsonFile: "\(path).json")
    for file in ["\(path).unfinished.json", checkpoint + ".resume"] {
      try? FileManager.default.removeItem(atPath: file)
    }
    printLine("\(heading): \(Self.text(result))")
    return result
  }

  /// The sets to evaluate on that the data have.
  private func heldBack(_ data: PreparedData) -> [(name: String, examples: ExampleSet)] {
    evaluates.compactMap { set in
      let examples =
        switch set {
        case .test: data.split.test
        case .holdOut: data.split.holdOut
        case .otherSource: data.questions?.other
        }
      return examples.map { (set.rawValue, $0) }
    }
  }

  /// Adds what the parameters that are on disk give on the sets that the training did not look at.
  private func evaluate(
    _ result: inout TrainingResult, _ data: PreparedData, _ settings: Settings, steps: String?,
    program: WorkerLauncher, source: String
  ) throws {
    let sets = heldBack(data)
    guard !sets.isEmpty else { return }
    let preparation = try ExamplePreparation(
      steps, of: manifest, program: program, seed: recipe.seed)
    let training = TrialTraining(
      network: entry.network, program: program, sets: data.split, classes: data.classes,
      metric: data.split.validation.targets.usualMetric, dataDescription: source)
    let file = "\(path).safetensors"
    guard result.rankings != nil else {
      result.evaluations = try sets.reduce(into: [:]) { figures, set in
        let examples = try preparation.other(set.examples)
        figures[set.name] = ValidationFigures(
          logits: try training.logits(settings, checkpoint: file, of: examples),
          labels: examples.labels, classes: data.classes)
      }
      return
    }
    result.otherRankings = try sets.reduce(into: [:]) { figures, set in
      let examples = try preparation.other(set.examples)
      let said = try training.predictions(settings, checkpoint: file, of: examples)
      figures[set.name] = try TrainingRun.rankings(
        TrainingRun.embeddings(said), of: examples, data.split.queries.map(\.ofAll),
        hasIntervals: true)
    }
  }

  private var heading: String { "\(place): \(entry.name), seed \(recipe.seed)" }

  private static func text(_ result: TrainingResult) -> String {
    if let rankings = result.rankings { return rankings.groups.line }
    return String(
      format: "val acc %.3f, best %.3f", result.validationAccuracy, result.bestValidationAccuracy)
  }
}
