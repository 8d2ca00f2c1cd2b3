import Assignment
import Building
import Foundation
import Grading
import Judge
import ModelSelectionChecks
import Release
import Sandbox
import TestSupport
import Workers
import XCTest

@testable import Proof
@testable import rhythm

/// The checks of the unit on features and searches, which is in no registry yet: what its Solutions, its stubs and wrong work
/// get from them.
final class ModelSelectionDraftTests: XCTestCase {
  private typealias Unit = ModelSelectionUnit
  private let scratch = Result { try Scratch() }
  private let folder = Repository.folder.appendingPathComponent("Assignments/\(Unit.name)")
  private let solutions = Repository.folder.appendingPathComponent("Solutions/\(Unit.name)")

  private func manifest() throws -> AssignmentManifest {
    try AssignmentManifest.read(folder.appendingPathComponent("draft.yml").path)
  }

  /// The Solutions' program with other files in it; without any the reference itself.
  private func program(_ files: [String: String] = [:]) throws -> String {
    guard !files.isEmpty else {
      return Program.products.appendingPathComponent("\(Unit.name)Reference").path
    }
    let builder = try WorkerBuilder(
      try manifest(), assignmentFolder: solutions.path, core: try WorkingCopy.find().core,
      sandbox: try Sandbox.select(SandboxTier.none), cacheFolder: scratch.get().path + "/cache")
    let outcome = try builder.build(files.mapValues { Array($0.utf8) })
    guard case .built(let worker, _) = outcome else { throw FixtureError("\(outcome)") }
    return worker
  }

  /// - Parameter task: the name of the task whose checks are run; nil for all.
  private func results(
    _ program: String, seed: UInt64 = 5, task: String? = nil
  ) throws -> [String: CheckResult] {
    var manifest = try manifest()
    if let task { manifest.tasks = manifest.tasks.filter { $0.name == task } }
    func launcher(_ program: String) throws -> WorkerLauncher {
      WorkerLauncher(
        program: program, sandbox: try Sandbox.select(SandboxTier.none),
        limits: manifest.limits.check, files: manifest.files)
    }
    let session = JudgeSession(
      manifest: manifest, subjects: Unit.facts.subjects,
      student: StudentPrograms(try launcher(program)),
      reference: ReferenceWorker(try launcher(self.program()), mistakes: Unit.facts.mistakes),
      seed: seed, trainingThreads: 1
    ) { throw CheckFailure("nothing is trained on recordings") }
    return Dictionary(
      uniqueKeysWithValues: CheckRunner.run(Unit.checks, session).map { ($0.id, $0) })
  }

  func testHandoutAnswerSheetAndChecksFitTogether() throws {
    let tests = Unit.checks.flatMap { entry in
      entry.allTests.map { "\(entry.testCaseClass)/\($0.0)" }
    }
    XCTAssertEqual(try UnitFiles(manifest(), tests: tests, folder: folder.path).problems, [])
    // all but what is trained on recordings
    XCTAssertEqual(try manifest().tasks.reduce(0) { $0 + $1.points }, 9.8, accuracy: 1e-9)
    XCTAssertEqual(try manifest().questions?.reduce(0) { $0 + $1.points }, 19)
  }

  func testTheSolutionsPass() throws {
    for seed in UInt64(1)...3 {
      let results = try results(program(), seed: seed)
      XCTAssertEqual(
        results.values.filter { $0.outcome != .passed }.map {
          "\($0.id): \($0.message) \($0.diagnosis ?? "")"
        }, [], "seed \(seed)")
      guard seed == 1 else { continue }
      let slowest = results.values.sorted { $0.seconds > $1.seconds }.prefix(6)
      print(
        slowest.map { "\($0.id) \(($0.seconds * 100).rounded() / 100) s" }.joined(separator: ", "))
    }
  }

  /// In a student's copy answers are recorded: the same passes there, and the same is called by its name.
  func testRecordedAnswersSayTheSame() throws {
    let manifest = try manifest()
    func launcher(_ program: String) throws -> WorkerLauncher {
      WorkerLauncher(
        program: program, sandbox: try Sandbox.select(SandboxTier.none),
        limits: manifest.limits.check, files: manifest.files)
    }
    // what learns a batch asks the reference nothing
    let asked = manifest.withoutTraining
    let path = try scratch.get().path + "/recorded"
    let bytes = try AnswerRecording.record(
      manifest, Unit.self, solutions: launcher(program()))
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    print("recorded answers: \(bytes.count) bytes")
    func results(_ program: String) throws -> [CheckResult] {
      CheckRunner.run(
        Unit.checks,
        JudgeSession(
          manifest: asked, subjects: Unit.facts.subjects,
          student: StudentPrograms(try launcher(program)),
          reference: try RecordedReference(contentsOf: path), seed: SelfCheck.publicSeed,
          trainingThreads: 1
        ) { throw CheckFailure("nothing trains") })
    }
    XCTAssertEqual(
      try results(program()).filter { $0.outcome != .passed }.map { "\($0.id): \($0.message)" }, [])
    let entries = try library().entries.filter {
      ["wavelets-without-root", "auroc-logits", "stopping-or-equal", "parzen-no-clip"].contains(
        $0.name)
    }
    XCTAssertEqual(entries.count, 4)
    let edited = entries.reduce(into: [String: String]()) { files, entry in
      files.merge(entry.files.filter { entry.edits[$0.key] != nil }) { $1 }
    }
    let wrong = try results(program(edited)).filter { $0.outcome == .failed }
    for entry in entries {
      for check in entry.fails {
        XCTAssertTrue(wrong.contains { $0.id == check }, "\(entry.name): \(check)")
      }
      XCTAssertTrue(
        wrong.contains { $0.diagnosis == entry.says }, "\(entry.name): \(wrong.map(\.diagnosis))")
    }
  }

  private func library() throws -> MistakeLibrary {
    try MistakeLibrary(
      folder: Repository.folder.appendingPathComponent("Grader/Units/\(Unit.name)/Mistakes"),
      solutions: solutions, manifest: manifest(), known: Unit.facts.mistakeSentences)
  }

  /// What stands in for a file that other tasks need passes that file's own checks.
  func testStandInsPass() throws {
    let manifest = try manifest()
    XCTAssertEqual(manifest.standIns?.count, 2)
    let files = try (manifest.standIns ?? []).reduce(into: [String: String]()) { files, name in
      files[name] = try String(
        contentsOf: Repository.folder.appendingPathComponent(
          "Grader/Units/\(Unit.name)/StandIns/\(name)"), encoding: .utf8)
    }
    let results = try results(program(files))
    XCTAssertEqual(
      results.values.filter { $0.outcome != .passed }.map { "\($0.id): \($0.message)" }, [])
  }

  /// The students' files are those of the Solutions without what stands between the marks.
  func testStubsAreMadeFromTheSolutions() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: solutions.path)
    where name.hasSuffix(".swift") {
      let source = try String(
        contentsOf: solutions.appendingPathComponent(name), encoding: .utf8)
      XCTAssertEqual(
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8),
        try StubGenerator.stub(of: source, file: name), name)
    }
  }

  func testStubsAreNotStarted() throws {
    let results = try results(Program.products.appendingPathComponent(Unit.name).path)
    XCTAssertEqual(results.values.filter { $0.outcome != .notImplemented }.map(\.message), [])
  }

  /// Files in which mistakes have nothing to do with each other: the search, which stands on others, is none of them.
  private static let leaves: Set<String> = [
    "WaveletFeatures.swift", "Augmentation.swift", "StackedLinearModel.swift",
    "EarlyStopping.swift",
    "MacroAUROC.swift", "RandomSearch.swift", "ParzenEstimator.swift",
    "Evaluation.swift",
  ]

  /// Mistakes cost what they should and are called by their names, and right variants cost nothing: of each leaf's tasks
  /// one mistake and one variant, and with RHYTHMLAB_SEEDS all there are (of the task RHYTHMLAB_TASK), the right ones with
  /// so many seeds.
  func testTheLibraryIsJudgedAsItSays() throws {
    let manifest = try manifest()
    let library = try library()
    XCTAssertGreaterThan(library.entries.count { !$0.isRight }, 40)
    XCTAssertGreaterThan(library.entries.count(where: \.isRight), 15)
    let environment = ProcessInfo.processInfo.environment
    let only = environment["RHYTHMLAB_TASK"]
    let seeds = environment["RHYTHMLAB_SEEDS"].flatMap(UInt64.init) ?? 0
    var entries = library.entries.filter { only == nil || $0.task == only }
    if environment["RHYTHMLAB_SEEDS"] == nil {
      var seen: [String: Int] = [:]
      entries = entries.filter { entry in
        seen["\(entry.task) \(entry.isRight)", default: 0] += 1
        return seen["\(entry.task) \(entry.isRight)"] == 1
      }
    }
    // one program for those that have nothing to do with each other
    var programs: [(files: [String: String], entries: [StudentMistake])] = []
    for entry in entries {
      let own = entry.files.filter { entry.edits[$0.key] != nil }
      let place = programs.firstIndex { program in
        Set(own.keys).union(program.files.keys).isSubset(of: Self.leaves)
          && own.keys.allSatisfy { program.files[$0] == nil }
      }
      if let place {
        programs[place].files.merge(own) { $1 }
        programs[place].entries.append(entry)
      } else {
        programs.append((own, [entry]))
      }
    }
    if environment["RHYTHMLAB_SEEDS"] == nil { programs = Array(programs.prefix(2)) }
    for (files, entries) in programs {
      let program = try program(files)
      for entry in entries {
        // no right work may fail, whatever is drawn
        for seed in UInt64(8)..<(entry.isRight ? 8 + seeds : 8) {
          let failed = try results(program, seed: seed, task: entry.task).values.filter {
            $0.outcome != .passed
          }
          XCTAssertEqual(failed.map(\.message), [], "\(entry.name), seed \(seed)")
        }
        let results = try results(program, seed: 7, task: entry.task)
        let judged = SubmissionResult(
          submission: entry.name, members: [], status: .graded, score: 0, maxScore: 0, seed: 7,
          sandbox: "none", seconds: .init(), checks: Array(results.values), notes: [])
        let matrix = KillMatrix(
          [entry], places: [entry.name: entry.name], results: [judged], manifest: manifest)
        XCTAssertEqual(matrix.problems, [], entry.name)
      }
    }
    print("\(programs.reduce(0) { $0 + $1.entries.count }) entries in \(programs.count) programs")
  }

  /// Each of the sample class loses what it should by its own fault, and nothing else but what waits for that: here
  /// nothing stands in for a file. One of them, and with RHYTHMLAB_SEEDS all.
  func testTheSampleClassLosesWhatItShould() throws {
    let all = try SampleClass(
      file: Repository.folder.appendingPathComponent("Grader/Units/\(Unit.name)/class.yml"))
    XCTAssertEqual(all.members.count, 8)
    let manifest = try manifest()
    let place = try URL(fileURLWithPath: scratch.get().path + "/class")
    try all.write(to: place, solutions: solutions, stubs: folder, files: manifest.files)
    let chosen = all.members.filter { $0.base == .solutions && $0.changes != nil }
    let isWhole = ProcessInfo.processInfo.environment["RHYTHMLAB_SEEDS"] != nil
    for member in isWhole ? chosen[...] : chosen.prefix(1) {
      let files = try manifest.files.reduce(into: [String: String]()) { files, name in
        files[name] = try String(
          contentsOf: place.appendingPathComponent("\(member.name)/\(name)"), encoding: .utf8)
      }
      let results = try results(program(files))
      for result in results.values {
        let isLost = member.loses.contains {
          $0.hasSuffix("*") ? result.id.hasPrefix($0.dropLast()) : $0 == result.id
        }
        XCTAssertTrue(
          isLost ? result.outcome != .passed : [.passed, .notRun].contains(result.outcome),
          "\(member.name): \(result.id) is \(result.outcome): \(result.message)")
      }
    }
  }
}
