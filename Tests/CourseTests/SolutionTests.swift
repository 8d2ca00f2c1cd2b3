import Assignment
import Foundation
import Judge
import Recordings
import RecurrentNetworksChecks
import Sandbox
import TestSupport
import WorkerPipe
import Workers
import XCTest

/// The same checks that students get, run against the Solutions: all must pass.
final class SolutionTests: XCTestCase {
  private func manifest() throws -> AssignmentManifest {
    let root = Repository.folder
    return try AssignmentManifest.read(
      root.appendingPathComponent("Assignments/RecurrentNetworks/assignment.yml").path)
  }

  private func solutions(_ manifest: AssignmentManifest) throws -> WorkerLauncher {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("RecurrentNetworksReference").path
    return WorkerLauncher(
      program: program, sandbox: try Sandbox.select(SandboxTier.none),
      limits: manifest.limits.check, files: manifest.files)
  }

  private func judge(
    _ manifest: AssignmentManifest, _ reference: any Reference, seed: UInt64 = 7
  ) throws -> [CheckResult] {
    let session = JudgeSession(
      manifest: manifest, subjects: RecurrentNetworksUnit.facts.subjects,
      student: StudentPrograms(try solutions(manifest)), reference: reference,
      seed: seed, trainingThreads: 0
    ) {
      GradingData(
        try SpectrogramChunks().prepared(from: .synthetic).split,
        selection: try manifest.dataSelection(),
        isSynthetic: true, seed: seed
      ).disguised(SpectrogramChunks().disguise, seed: seed)
    }
    session.onEpoch = { [unowned self] in epochs.append($0) }
    return CheckRunner.run(RecurrentNetworksUnit.checks, session)
  }

  /// What the sessions said of their trainings.
  private var epochs: [String] = []

  func testTheSolutionsPassEveryCheck() throws {
    let manifest = try manifest()
    let results = try judge(manifest, ReferenceWorker(try solutions(manifest)))
    for result in results {
      XCTAssertEqual(result.outcome, .passed, "\(result.id): \(result.message)")
    }
    XCTAssertEqual(results.reduce(0) { $0 + $1.points }, manifest.maxScore)
    // one line for each point of a curve
    XCTAssertEqual(epochs.count, results.reduce(0) { $0 + ($1.curve?.points.count ?? 0) })
    for network in ["convnet", "lstmnet", "builtin"] {
      let first = epochs.first { $0.hasPrefix(network) } ?? ""
      XCTAssertNotNil(first.wholeMatch(of: /\w+\.accuracy, epoch 1 of \d+/), first)
    }
  }

  /// The manifest without the checks that train, which ask the reference nothing.
  private func withoutTraining() throws -> AssignmentManifest {
    try manifest().withoutTraining
  }

  func testKeptResultsCountWhereTheChecksTheyNeedHavePassed() throws {
    let manifest = try withoutTraining()
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
    let manifest = try withoutTraining()
    let values = Set(manifest.tasks.flatMap(\.checks).filter { $0.kind == .values }.map(\.id))
    XCTAssertEqual(values.count, 5)
    let live = ReferenceWorker(try solutions(manifest), mistakes: VariantBook.recurrentNetworks)
    let recorder = RecordingReference(live)
    _ = try judge(manifest, recorder)
    let path = NSTemporaryDirectory() + "/answers-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(recorder.recording).write(to: URL(fileURLWithPath: path))

    let recorded = try RecordedReference(contentsOf: path)
    for result in try judge(manifest, recorded) {
      XCTAssertEqual(result.outcome, .passed, "\(result.id): \(result.message)")
    }
    // another seed asks for other numbers and sizes, which the recording cannot have
    for result in try judge(manifest, recorded, seed: 8) where values.contains(result.id) {
      XCTAssertNotEqual(result.outcome, .passed, result.id)
    }

    // single mistakes of every experiment of a value check, of every model that has a book
    let watcher = Watcher(live)
    _ = try judge(manifest, watcher)
    XCTAssertEqual(
      Set(watcher.places.map(\.0)), ["RNN", "LSTM", "ConvNet", "LSTMNet", "BuiltinLSTMNet"])
    var compared = 0
    for (model, experiment, place) in watcher.places where values.contains(place.check) {
      for mistake in live.mistakes(of: model)
      where mistake.isSingle && !mistake.showsOnlyInGradients {
        let expected = live.results(of: model, with: mistake, experiment, at: place)
        XCTAssertEqual(
          recorded.results(of: model, with: mistake, experiment, at: place), expected,
          "\(place), \(mistake)")
        compared += 1
      }
    }
    XCTAssertGreaterThanOrEqual(compared, 100)
    let size = try recorder.recording.count
    print("recorded answers: \(size) bytes")
    XCTAssertLessThan(size, 2_000_000)
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
