import Assignment
import Foundation
import Judge
import RecurrentNetworksChecks
import Sandbox
import TestSupport
import Units
import WorkerPipe
import Workers
import XCTest

/// The same checks that students get, run against the Solutions: all must pass.
final class SolutionTests: XCTestCase {
  private func manifest(_ unit: any CourseUnit.Type) throws -> AssignmentManifest {
    let root = Repository.folder
    return try AssignmentManifest.read(
      root.appendingPathComponent("Assignments/\(unit.name)/assignment.yml").path)
  }

  private func solutions(_ manifest: AssignmentManifest) throws -> WorkerLauncher {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("\(manifest.unit)Reference").path
    return WorkerLauncher(
      program: program, sandbox: try Sandbox.select(SandboxTier.none),
      limits: manifest.limits.check, files: manifest.files)
  }

  private func judge(
    _ unit: any CourseUnit.Type, _ manifest: AssignmentManifest, _ reference: any Reference,
    seed: UInt64 = 7
  ) throws -> [CheckResult] {
    let session = JudgeSession(
      manifest: manifest, subjects: unit.facts.subjects,
      student: StudentPrograms(try solutions(manifest)), reference: reference,
      seed: seed, trainingThreads: 0
    ) { try SelfCheck.gradingData(unit.facts, manifest) }
    session.onEpoch = { [unowned self] in epochs.append($0) }
    return CheckRunner.run(unit.checks, session)
  }

  /// What the sessions said of their trainings.
  private var epochs: [String] = []

  /// A run that is to end soon trains those of one unit: `./rhythm release` trains each unit's in its copy.
  func testTheSolutionsPassEveryCheck() throws {
    let trained = Subset.one(of: Units.units.map { $0.name })
    for unit in Units.units {
      var manifest = try manifest(unit)
      if !trained.contains(unit.name) { manifest = manifest.withoutTraining }
      epochs = []
      let results = try judge(unit, manifest, ReferenceWorker(try solutions(manifest)))
      for result in results {
        XCTAssertEqual(result.outcome, .passed, "\(result.id): \(result.message)")
      }
      XCTAssertEqual(
        results.reduce(0) { $0 + $1.points }, manifest.maxScore, accuracy: 1e-9, unit.name)
      try requireEpochs(results, manifest)
    }
  }

  /// What is said while networks are trained: the epochs of each training from the first on, as many as there are points in
  /// its curve; where a network has a loss of its own, all of them, and a point for each training.
  private func requireEpochs(_ results: [CheckResult], _ manifest: AssignmentManifest) throws {
    let curves = results.filter { $0.curve != nil }
    var said = 0
    for check in curves {
      let points = try XCTUnwrap(check.curve).points
      let isOfLogits = manifest.network(named: check.curve?.network ?? "") != nil
      for attempt in Set(points.map(\.attempt)).sorted() {
        let training = attempt > 1 ? ", training \(attempt)" : ""
        let lines = epochs.filter { $0.hasPrefix("\(check.id)\(training), epoch ") }
        let planned = try XCTUnwrap(lines.first?.split(separator: " ").last.flatMap { Int($0) })
        let count = isOfLogits ? points.count { $0.attempt == attempt } : planned
        XCTAssertEqual(
          lines, (1...count).map { "\(check.id)\(training), epoch \($0) of \(planned)" })
        said += lines.count
      }
    }
    // by a loss of the network's own, a check whether it learns one batch trains as well
    let learning = manifest.tasks.flatMap(\.checks).filter { $0.kind == .learns }.map(\.id)
    let others = epochs.count { line in learning.contains { line.hasPrefix("\($0),") } }
    XCTAssertEqual(said + others, epochs.count)
  }

  /// Whatever a task stands on: of the files as they are handed out none has begun.
  func testAnUntouchedStubIsNotStarted() throws {
    for unit in Units.units {
      let manifest = try manifest(unit)
      let stubs = WorkerLauncher(
        program: Program.products.appendingPathComponent(unit.name).path,
        sandbox: try Sandbox.select(SandboxTier.none), limits: manifest.limits.check,
        files: manifest.files)
      let session = JudgeSession(
        manifest: manifest, subjects: unit.facts.subjects, student: StudentPrograms(stubs),
        reference: ReferenceWorker(try solutions(manifest)), seed: 7, trainingThreads: 0
      ) { throw CheckFailure("nothing trains") }
      let results = CheckRunner.run(unit.checks, session)
      for task in manifest.tasks {
        let own = results.filter { $0.task == task.id }
        XCTAssertEqual(own.count, task.checks.count)
        for result in own {
          XCTAssertEqual(result.outcome, .notImplemented, result.id)
          XCTAssertEqual(result.place?.file, task.file, result.id)
        }
      }
      let states = TaskTable(manifest, session.results).text.split(separator: "\n")
        .filter { $0.contains("not started: Assignments/\(unit.name)/") }
      XCTAssertEqual(states.count, manifest.tasks.count, unit.name)
    }
  }

  /// The numbers that the Solutions start with, from other seeds: a check of a distribution fails right numbers with
  /// a probability of at most `StartDistribution.level`. With RHYTHMLAB_SEEDS more seeds than a test has time for.
  func testRightStartsPassForManySeeds() throws {
    for unit in Units.units {
      var manifest = try manifest(unit)
      for place in manifest.tasks.indices {
        manifest.tasks[place].checks.removeAll { ![.parameters, .start].contains($0.kind) }
      }
      manifest.tasks.removeAll(where: \.checks.isEmpty)
      let reference = ReferenceWorker(try solutions(manifest))
      let seeds = MistakeMargins.seeds(5)
      var count = 0
      for seed in seeds {
        for result in try judge(unit, manifest, reference, seed: seed) {
          XCTAssertEqual(result.outcome, .passed, "\(result.id), seed \(seed): \(result.message)")
          count += 1
        }
      }
      print("\(unit.name): \(seeds.count) seeds, \(count) checks of parameters and starts")
      XCTAssertGreaterThanOrEqual(count, 2 * seeds.count)
    }
  }

  func testKeptResultsCountWhereTheChecksTheyNeedHavePassed() throws {
    let manifest = try manifest(RecurrentNetworksUnit.self).withoutTraining
    XCTAssertEqual(manifest.maxScore, 11.4, accuracy: 1e-9)
    func kept(_ id: String, _ outcome: Outcome) -> CheckResult {
      CheckResult(
        id: id, task: "", points: 0, maxPoints: 0, outcome: outcome, message: "kept")
    }
    let session = JudgeSession(
      manifest: manifest, subjects: RecurrentNetworksUnit.facts.subjects,
      student: StudentPrograms(try solutions(manifest)),
      reference: ReferenceWorker(try solutions(manifest)), seed: 7, trainingThreads: 0
    ) { throw CheckFailure("nothing trains") }
    var run: [String] = []
    let results = CheckRunner.run(
      RecurrentNetworksUnit.checks, session,
      keeping: [
        kept("rnn.shapes", .notBuilt), kept("rnn.values", .passed), kept("lstm.values", .failed),
      ], begin: { run.append($0.id) })
    let byCheck = Dictionary(uniqueKeysWithValues: results.map { ($0.id, $0) })
    XCTAssertEqual(byCheck["rnn.shapes"]?.outcome, .notBuilt)
    // its need does not hold any more, so it is not kept
    XCTAssertEqual(byCheck["rnn.values"]?.outcome, .notRun)
    XCTAssertEqual(byCheck["lstm.values"]?.message, "kept")
    XCTAssertEqual(byCheck["lstm.gradients"]?.outcome, .passed)
    XCTAssertFalse(run.contains("lstm.values"))
    XCTAssertTrue(run.contains("lstm.gradients"))
  }

  /// Recorded answers judge as the Solutions' worker does, and name the same mistakes.
  func testRecordedAnswersTakeTheReferencesPlace() throws {
    for unit in Subset.one(of: Units.units.map { $0.name }) {
      try requireRecordedAnswers(try Units.unit(named: unit))
    }
  }

  private func requireRecordedAnswers(_ unit: any CourseUnit.Type) throws {
    // the checks that train ask the reference nothing
    let manifest = try manifest(unit).withoutTraining
    func compares(_ check: AssignmentManifest.Check) -> Bool {
      [.values, .exact].contains(check.kind)
    }
    for task in manifest.tasks {
      XCTAssertTrue(
        task.checks.contains { compares($0) || $0.kind == .distribution },
        "\(unit.name), \(task.id)")
    }
    let values = Set(manifest.tasks.flatMap(\.checks).filter(compares).map(\.id))
    let live = ReferenceWorker(try solutions(manifest), mistakes: unit.facts.mistakes)
    let recorder = RecordingReference(live)
    _ = try judge(unit, manifest, recorder)
    let path = NSTemporaryDirectory() + "/answers-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    // compressed at each call
    let recording = try recorder.recording
    try Data(recording).write(to: URL(fileURLWithPath: path))

    let recorded = try RecordedReference(contentsOf: path)
    for result in try judge(unit, manifest, recorded) {
      XCTAssertEqual(result.outcome, .passed, "\(result.id): \(result.message)")
    }
    // what is judged by probabilities or played takes long, and is none of what is compared below
    var comparing = manifest
    for place in comparing.tasks.indices {
      comparing.tasks[place].checks.removeAll {
        [.start, .distribution, .property].contains($0.kind)
      }
    }
    // another seed asks for other numbers and sizes, which the recording cannot have
    let drawn = Set(manifest.tasks.flatMap(\.checks).filter { $0.kind == .values }.map(\.id))
    let others = try judge(unit, comparing, recorded, seed: 8).filter { drawn.contains($0.id) }
    XCTAssertEqual(others.count, drawn.count)
    for result in others { XCTAssertNotEqual(result.outcome, .passed, result.id) }

    // single mistakes of every experiment of a value check, of every model that has a book
    let watcher = Watcher(live)
    _ = try judge(unit, comparing, watcher)
    let known = (unit.facts.mistakes?.named ?? [:]).keys.filter { !live.mistakes(of: $0).isEmpty }
    XCTAssertTrue(
      Set(known).isSubset(of: watcher.places.filter { values.contains($0.2.check) }.map(\.0)),
      "\(known)")
    var compared = 0
    // a check of values may ask for gradients too, of which the first experiment is kept
    for (model, experiment, place) in watcher.places
    where values.contains(place.check) && (experiment.upstream.isEmpty || place.number == 0) {
      for mistake in live.mistakes(of: model)
      where mistake.isSingle && !mistake.showsOnlyInGradients {
        XCTAssertEqual(
          recorded.results(of: model, with: mistake, experiment, at: place)?.map(Bits.init),
          live.results(of: model, with: mistake, experiment, at: place)?.map(Bits.init),
          "\(place), \(mistake)")
        compared += 1
      }
    }
    XCTAssertGreaterThanOrEqual(compared, 100)
    print("recorded answers of \(unit.name): \(recording.count) bytes")
    XCTAssertLessThan(recording.count, 2_000_000)
  }

  /// A tensor by its bits: a mistake's results may be no numbers, which are not equal to themselves.
  private struct Bits: Equatable {
    let name: String
    let shape: [Int]
    let values: [UInt32]
    let integers: [Int32]?

    init(_ tensor: PipeTensor) {
      (name, shape) = (tensor.name, tensor.shape)
      (values, integers) = (tensor.values.map(\.bitPattern), tensor.integers)
    }
  }

  /// Notes for which experiments mistakes may be asked.
  private final class Watcher: Reference {
    private let source: ReferenceWorker
    var places: [(String, ModelCheck.Experiment, QuestionPlace)] = []

    init(_ source: ReferenceWorker) { self.source = source }

    func answer(
      _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
      at place: QuestionPlace
    ) throws -> [PipeTensor] { try source.answer(question, about: subject, tensors, at: place) }

    func mistakes(of model: String) -> [KnownMistake] { source.mistakes(of: model) }

    func results(
      of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
      at place: QuestionPlace
    ) -> [PipeTensor]? { source.results(of: model, with: mistake, experiment, at: place) }

    func gradients(
      of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
      at place: QuestionPlace
    ) -> [PipeTensor]? { source.gradients(of: model, with: mistake, experiment, at: place) }

    func prepareMistakes(
      of model: String, _ experiment: ModelCheck.Experiment, at place: QuestionPlace,
      shapes: [[Int]]?
    ) throws { places.append((model, experiment, place)) }
  }
}
