import ArgumentParser
import Assignment
import Building
import Examples
import Files
import Foundation
import Judge
import Proof
import Recordings
import Sandbox
import Synchronization
import Units
import Workers

/// `rhythm thresholds`: how surely an accuracy check passes what has learned, and nothing else.
struct ThresholdsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thresholds",
    abstract: "Measure the goals of trainings over many seeds.",
    discussion: """
      Does what the accuracy checks do, for the Solutions, for known mistakes or for other files in \
      their place, with as many seeds as asked for, and prints how often the goal was reached: of all \
      checks, and of all trainings in them. From the latter follows the probability that a check \
      passes. Of the trainings that miss the goal it prints how near they came.
      """)

  @OptionGroup var unit: UnitOption

  @Option(
    name: .customLong("network"), help: "A network, once for each (default: all with a recipe).")
  var networks: [String] = []

  @Option(parsing: .unconditional, help: "How many seeds, from --first-seed on.")
  var seeds = 30

  @Option(parsing: .unconditional, help: "The first seed.")
  var firstSeed: UInt64 = 1

  @Option(help: "Recordings: a store, an archive or a folder (default: the local store).")
  var data: String?

  @Option(help: "A folder of files that stand in place of the Solutions'.")
  var submission: String?

  @Option(
    parsing: .upToNextOption,
    help: "Known mistakes in place of the Solutions, such as convnet-mean-spectrum.")
  var mistakes: [String] = []

  @Option(help: "Another assignment file, to try recipes.")
  var assignment: String?

  @Option(
    parsing: .unconditional, help: "Seeds at the same time (default: the number of processors).")
  var jobs: Int?

  @Option(help: "Also write the curves of all trainings to this file.")
  var json: String?

  func validate() throws {
    guard seeds > 0, jobs ?? 1 > 0 else {
      throw ValidationError("--seeds and --jobs must be above zero.")
    }
    guard mistakes.isEmpty || (submission == nil && networks.isEmpty) else {
      throw ValidationError("--mistakes says which files and networks: leave out the others.")
    }
  }

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let manifest =
        try assignment.map(AssignmentManifest.read) ?? copy.unit(unit).manifest
      let subjects = try subjects(copy, manifest)
      for subject in subjects where manifest.goals?[subject.network] == nil {
        throw ManifestError(
          description: "there is no goal for \(subject.network); there are "
            + (manifest.goals ?? [:]).keys.sorted().joined(separator: ", "))
      }
      guard let data = try GradedData(of: manifest, .at(data)) else {
        throw ManifestError(description: "the unit \(manifest.unit) says nothing under data")
      }
      let source = data.source
      let prepared = try data.unit.prepared(from: source)
      printLine(
        "\(prepared.isSynthetic ? "synthetic" : "real") recordings, \(seeds) seeds from \(firstSeed)"
      )
      printLine(
        "network, goal: checks passed; trainings; a training fails; a check passes; batches; "
          + "best of a training that misses the goal")
      var trials: [RecipeFigures.Trial] = []
      for subject in subjects {
        let figures: RecipeFigures
        do {
          figures = try measure(subject, manifest, prepared, data.unit.kind.disguise)
        } catch let failure as WorkerFailure where !mistakes.isEmpty {
          printLine("\(subject.name): its training stops: \(failure)")
          continue
        }
        trials += figures.trials
        if let json { try AtomicFile.write(JSONEncoder().encode(trials), to: json) }
        printLine(line(subject.name, figures))
        for trial in figures.trials where !trial.passed {
          printLine("  seed \(trial.seed): best \(Self.percent(trial.best))")
        }
      }
    }
  }

  /// What is measured.
  private struct Subject {
    let name: String
    let network: String
    /// The program that trains it.
    let worker: String
  }

  private func subjects(_ copy: WorkingCopy, _ manifest: AssignmentManifest) throws -> [Subject] {
    let goals = manifest.goals ?? [:]
    guard !goals.isEmpty else {
      throw ManifestError(description: "the unit \(manifest.unit) says nothing under goals")
    }
    if !mistakes.isEmpty {
      let library = try copy.mistakes(manifest)
      return try mistakes.flatMap { name in
        guard let entry = library.entries.first(where: { $0.name == name }) else {
          throw ManifestError(
            description: "Grader/Units/\(manifest.unit)/Mistakes has no entry \(name)")
        }
        let worker = try build(
          entry.files.mapValues { Array($0.utf8) }, called: name, copy, manifest)
        let task = manifest.tasks.first { $0.name == entry.task }
        // A task may train what another one writes; a part that no goal trains by itself is in all that have one.
        let own = task?.checks.lazy.compactMap(\.goal).first ?? entry.task
        let networks = goals[own] == nil ? goals.keys.sorted() : [own]
        return networks.map {
          Subject(
            name: networks.count == 1 ? name : "\(name) in \($0)", network: $0, worker: worker)
        }
      }
    }
    let worker = try worker(copy, manifest)
    return (networks.isEmpty ? goals.keys.sorted() : networks).map {
      Subject(name: $0, network: $0, worker: worker)
    }
  }

  /// The worker: the Solutions', with the submission's files in place of theirs.
  private func worker(_ copy: WorkingCopy, _ manifest: AssignmentManifest) throws -> String {
    guard let submission else {
      return try copy.worker(unit: manifest.unit, solutions: true, manifest: manifest)
    }
    var files: [String: [UInt8]] = [:]
    for name in manifest.files {
      files[name] = FileManager.default.contents(atPath: submission + "/" + name).map(Array.init)
    }
    guard !files.isEmpty else {
      throw ManifestError(
        description: "\(submission) holds none of \(manifest.files.joined(separator: ", "))")
    }
    return try build(files, called: submission, copy, manifest)
  }

  private func build(
    _ files: [String: [UInt8]], called name: String, _ copy: WorkingCopy,
    _ manifest: AssignmentManifest
  ) throws -> String {
    let builder = try WorkerBuilder(
      manifest, assignmentFolder: copy.solutions(manifest.unit), core: copy.core,
      sandbox: try Sandbox.select(SandboxTier.none), cacheFolder: copy.buildCache)
    switch try builder.build(files) {
    case .built(let worker, _): return worker
    case .rejected(let errors):
      throw ManifestError(
        description: "\(name) does not compile: \(errors.first ?? "no reason")")
    case .usesReserved(let uses):
      throw ManifestError(description: "\(name): \(uses.map(\.sentence).joined(separator: "; "))")
    }
  }

  private func measure(
    _ subject: Subject, _ manifest: AssignmentManifest, _ data: PreparedData,
    _ disguise: Disguise
  ) throws -> RecipeFigures {
    let network = subject.network
    let sandbox = try Sandbox.select(SandboxTier.none)
    let state = Mutex((next: 0, trials: [RecipeFigures.Trial](), failure: (any Error)?.none))
    let progress = ProgressLine("\(subject.name):")
    defer { progress.clear() }
    let jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
    DispatchQueue.concurrentPerform(iterations: min(jobs, seeds)) { _ in
      while true {
        let index = state.withLock { state in
          defer { state.next += 1 }
          return state.failure == nil ? state.next : seeds
        }
        guard index < seeds else { return }
        let seed = firstSeed + UInt64(index)
        let launcher = WorkerLauncher(
          program: subject.worker, sandbox: sandbox, limits: manifest.limits.training, files: [])
        let session = JudgeSession(
          manifest: manifest, subjects: [], student: StudentPrograms(launcher),
          reference: ReferenceWorker(launcher), seed: seed, trainingThreads: 1,
          budget: AnswerBudget(seconds: .infinity)
        ) {
          GradingData(
            data.split, selection: try manifest.dataSelection(), isSynthetic: data.isSynthetic,
            seed: seed
          )
          .disguised(disguise, seed: seed)
        }
        do {
          let passed = try reaches(network, session, manifest, data.sizes)
          let trial = RecipeFigures.Trial(
            seed: seed, curve: session.curve ?? TrainingCurve(network: network, goal: 0),
            passed: passed)
          state.withLock { $0.trials.append(trial) }
        } catch {
          state.withLock { $0.failure = error }
        }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    let trials = state.withLock { $0.trials }.sorted { $0.seed < $1.seed }
    return RecipeFigures(trials, allowed: manifest.goals?[network]?.attempts ?? 1)
  }

  /// Does what the check does that has this goal.
  private func reaches(
    _ network: String, _ session: JudgeSession, _ manifest: AssignmentManifest,
    _ sizes: [String: Int]
  ) throws -> Bool {
    do {
      let unit = try Units.unit(named: manifest.unit)
      if try unit.reach(goal: network, session) != nil { return true }
    } catch is CheckFailure {
      return false
    }
    let outcome = try session.trainStudent(
      network, configuration: manifest.sizes(of: network, with: sizes), isRight: true)
    return outcome.accuracy >= outcome.minimum
  }

  private func line(_ network: String, _ figures: RecipeFigures) -> String {
    let goal = figures.trials.first?.curve.goal ?? 0
    let attempts = figures.attempts
    let steps = figures.trials.map(\.steps).sorted()
    return "\(network), \(Self.percent(goal)): \(figures.passes) of \(figures.trials.count); "
      + "\(attempts.all); \(Self.percent(figures.failure.share)) "
      + "(at most \(Self.percent(figures.failure.upper))); "
      + "\(Self.percent(figures.passing.share)) (at least \(Self.percent(figures.passing.lower))); "
      + "median \(steps[steps.count / 2]), most \(steps.last ?? 0)"
      + (figures.missed.map {
        "; median \(Self.percent($0.median)), highest \(Self.percent($0.highest)), "
          + "standard deviation \(Self.percent($0.deviation)) of \($0.count)"
      } ?? "")
  }

  private static func percent(_ share: Double) -> String { String(format: "%.2f %%", share * 100) }
}
