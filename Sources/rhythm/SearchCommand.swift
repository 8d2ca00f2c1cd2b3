import ArgumentParser
import Assignment
import Examples
import Experiments
import Files
import Foundation
import Metrics
import Recordings
import Search
import Tracking
import Training
import Workers

/// `rhythm search`: a study of what a network is best trained with.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Search for what a network is best trained with.",
    discussion: """
      The space stands under searches in assignment.yml; what --set decides is not searched for. Each trial trains on the training set, is stopped by the \
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
    help: "Who proposes points; student is the function proposal of Worker.swift.")
  var how = Proposer.usual

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
      let space = try space(of: search, manifest)
      let study = try study(
        search, in: space, of: unit, manifest, UnitData(of: manifest, chosen: dataChoices), copy,
        chosen: choices.settings.chosen.filter { dataChoices[$0.key] == nil })
      try study.run(
        trials: trials ?? search.trials, jobs: jobs ?? together, tracking: tracking.store(),
        holdOut: holdoutLater ? .later : openHoldoutAgain ? .again : .once)
    }
  }

  /// What is searched: the parameters that `--set` does not decide.
  private func space(
    of search: AssignmentManifest.Search, _ manifest: AssignmentManifest
  ) throws -> SearchSpace {
    let chosen = choices.settings.chosen
    let whole = SearchSpace(search)
    let space = whole.without(chosen.keys)
    let decided = whole.parameters.map(\.name).filter { chosen[$0] != nil }
    guard !space.parameters.isEmpty else {
      throw ManifestError(
        description: "the search for \(search.network): --set decides all of "
          + "\(decided.joined(separator: ", ")), and nothing is left to search for; leave one out, "
          + "or train with ./rhythm train")
    }
    for name in space.parameters.map(\.name)
    where name == "preparation" || manifest.isOfPreparation(name) {
      throw ManifestError(
        description: "the search for \(search.network): \(name) would make other examples for each "
          + "trial, and a study's are the same for all: give it with --set")
    }
    if !decided.isEmpty {
      printLine(
        "not searched for: " + decided.map { "\($0) \(chosen[$0] ?? "")" }.joined(separator: ", "))
    }
    return space
  }

  private func study(
    _ search: AssignmentManifest.Search, in space: SearchSpace, of unit: UnitManifest,
    _ manifest: AssignmentManifest, _ data: UnitData, _ copy: WorkingCopy,
    chosen: [String: String]
  ) throws -> RunningStudy {
    let name = search.network
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
      worker: program.program, space: space, proposer: how, together: together,
      metric: metric, patience: search.patience ?? manifest.recipe?.patience,
      configuration: manifest.settings(of: name, with: prepared.sizes),
      recipe: try manifest.recipe(
        epochs: planned, on: (sets.training, .all), seed: seed, threads: 0),
      chosen: chosen)
    return RunningStudy(
      study: try Study(folder: out, identity: identity), training: training, manifest: manifest,
      sizes: prepared.sizes, threads: threads, holdOut: { try steps.other(holdOut) })
  }
}

extension Proposer: ExpressibleByArgument {}
