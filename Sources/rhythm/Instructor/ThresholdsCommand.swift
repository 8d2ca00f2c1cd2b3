import ArgumentParser
import Batch
import ECG
import Foundation
import Judge
import Sandbox
import Synchronization

/// `rhythm thresholds`: how surely an accuracy check passes what has learned, and nothing else.
struct ThresholdsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thresholds",
    abstract: "Measure the accuracy checks over many seeds.",
    discussion: """
      Does what the accuracy checks do, for the Solutions or for other files in their place, with as \
      many seeds as asked for, and prints how often the goal was reached: of all checks, and of all \
      trainings in them. From the latter follows the probability that a check passes.
      """)

  @Option(help: "The unit.")
  var unit = "RecurrentNetworks"

  @Option(
    name: .customLong("network"), help: "A network, once for each (default: all with a recipe).")
  var networks: [String] = []

  @Option(help: "How many seeds, from --first-seed on.")
  var seeds = 30

  @Option(help: "The first seed.")
  var firstSeed: UInt64 = 1

  @Option(help: "Recordings: a store, an archive or a folder (default: the local store).")
  var data: String?

  @Option(help: "A folder of files that stand in place of the Solutions'.")
  var submission: String?

  @Option(help: "Another assignment file, to try recipes.")
  var assignment: String?

  @Option(help: "Seeds at the same time (default: the number of processors).")
  var jobs: Int?

  @Option(help: "Also write the curves of all trainings to this file.")
  var json: String?

  func validate() throws {
    guard seeds > 0, jobs ?? 1 > 0 else {
      throw ValidationError("--seeds and --jobs must be above zero.")
    }
  }

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let manifest = try AssignmentManifest.read(
        assignment ?? copy.assignment(unit) + "/assignment.yml")
      let names = networks.isEmpty ? manifest.recipes.keys.sorted() : networks
      for name in names where manifest.recipes[name] == nil {
        throw ManifestError(
          description: "there is no recipe for \(name); there are "
            + manifest.recipes.keys.sorted().joined(separator: ", "))
      }
      let worker = try worker(copy, manifest)
      let source = try RecordingSource.find(data)
      let prepared = try CourseData.prepare(try source.load())
      printLine(
        "\(source == .synthetic ? "synthetic" : "real") recordings, \(seeds) seeds from \(firstSeed)"
      )
      printLine(
        "network, goal: checks passed; trainings; a training fails; a check passes; batches")
      var trials: [RecipeFigures.Trial] = []
      for name in names {
        let figures = try measure(name, manifest, worker, prepared, source == .synthetic)
        trials += figures.trials
        if let json { try AtomicFile.write(JSONEncoder().encode(trials), to: json) }
        printLine(line(name, figures))
        for trial in figures.trials where !trial.passed {
          printLine("  seed \(trial.seed): best \(Self.percent(trial.best))")
        }
      }
    }
  }

  /// The worker: the Solutions', with the submission's files in place of theirs.
  private func worker(_ copy: WorkingCopy, _ manifest: AssignmentManifest) throws -> String {
    guard let submission else {
      return try copy.worker(unit: unit, solutions: true, manifest: manifest)
    }
    let builder = try WorkerBuilder(
      unit: unit, assignmentFolder: copy.solutions(unit), studentFiles: manifest.files,
      core: copy.core, sandbox: try Sandbox.select(SandboxTier.none),
      limits: manifest.limits.build, cacheFolder: copy.buildCache)
    var files: [String: [UInt8]] = [:]
    for name in manifest.files {
      files[name] = FileManager.default.contents(atPath: submission + "/" + name).map(Array.init)
    }
    guard !files.isEmpty else {
      throw ManifestError(
        description: "\(submission) holds none of \(manifest.files.joined(separator: ", "))")
    }
    switch try builder.build(files) {
    case .built(let worker): return worker
    case .rejected(let errors):
      throw ManifestError(
        description: "\(submission) does not compile: \(errors.first ?? "no reason")")
    }
  }

  private func measure(
    _ network: String, _ manifest: AssignmentManifest, _ worker: String, _ data: CourseData,
    _ isSynthetic: Bool
  ) throws -> RecipeFigures {
    let sandbox = try Sandbox.select(SandboxTier.none)
    let state = Mutex((next: 0, trials: [RecipeFigures.Trial](), failure: (any Error)?.none))
    let progress = ProgressLine("\(network):")
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
          program: worker, sandbox: sandbox, limits: manifest.limits.training, files: [])
        let session = JudgeSession(
          manifest: manifest, student: launcher, reference: ReferenceWorker(launcher), seed: seed,
          trainingThreads: 1
        ) {
          GradingData(data, selection: manifest.data, isSynthetic: isSynthetic, seed: seed)
        }
        do {
          let outcome = try session.trainStudent(
            network, configuration: ["binCount": 17, "stepCount": 40, "hiddenSize": 128])
          let trial = RecipeFigures.Trial(
            seed: seed, curve: session.curve ?? TrainingCurve(network: network, goal: 0),
            passed: outcome.accuracy >= outcome.minimum)
          state.withLock { $0.trials.append(trial) }
        } catch {
          state.withLock { $0.failure = error }
        }
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    let trials = state.withLock { $0.trials }.sorted { $0.seed < $1.seed }
    return RecipeFigures(trials, allowed: manifest.recipes[network]?.attempts ?? 1)
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
  }

  private static func percent(_ share: Double) -> String { String(format: "%.2f %%", share * 100) }
}
