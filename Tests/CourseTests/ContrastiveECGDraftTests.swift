import Assignment
import Building
import ContrastiveECGChecks
import Foundation
import Grading
import Judge
import Release
import Sandbox
import TestSupport
import Workers
import XCTest

@testable import Proof
@testable import rhythm

/// The checks of the unit on diagnoses that no label named, which is in no registry yet: what its Solutions, its stubs and
/// wrong work get from them.
final class ContrastiveECGDraftTests: XCTestCase {
  private typealias Unit = ContrastiveECGUnit
  private let scratch = Result { try Scratch() }
  private let folder = Repository.folder.appendingPathComponent("Assignments/\(Unit.name)")
  private let solutions = Repository.folder.appendingPathComponent("Solutions/\(Unit.name)")
  private let checks = Repository.folder.appendingPathComponent("Grader/Units/\(Unit.name)")

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

  private func launcher(_ program: String) throws -> WorkerLauncher {
    let manifest = try manifest()
    return WorkerLauncher(
      program: program, sandbox: try Sandbox.select(SandboxTier.none),
      limits: manifest.limits.check, files: manifest.files)
  }

  /// - Parameter task: the name of the task whose checks are run; nil for all.
  private func results(
    _ program: String, seed: UInt64 = 5, task: String? = nil, reference: (any Reference)? = nil
  ) throws -> [String: CheckResult] {
    // what trains on records has a test of its own
    var manifest = try manifest().withoutTraining
    if let task { manifest.tasks = manifest.tasks.filter { $0.name == task } }
    let session = JudgeSession(
      manifest: manifest, subjects: Unit.facts.subjects,
      student: StudentPrograms(try launcher(program)),
      reference: try reference
        ?? ReferenceWorker(launcher(self.program()), mistakes: Unit.facts.mistakes),
      seed: seed, trainingThreads: 1
    ) { throw CheckFailure("nothing is trained on recordings") }
    return Dictionary(
      uniqueKeysWithValues: CheckRunner.run(Unit.checks, session).map { ($0.id, $0) })
  }

  private func failures(_ results: [String: CheckResult]) -> [String] {
    results.values.filter { $0.outcome != .passed }.map {
      "\($0.id): \($0.message) \($0.diagnosis ?? "") \($0.details ?? "")"
    }.sorted()
  }

  func testHandoutAnswerSheetAndChecksFitTogether() throws {
    let tests = Unit.checks.flatMap { entry in
      entry.allTests.map { "\(entry.testCaseClass)/\($0.0)" }
    }
    XCTAssertEqual(try UnitFiles(manifest(), tests: tests, folder: folder.path).problems, [])
    XCTAssertEqual(try manifest().tasks.reduce(0) { $0 + $1.points }, 10, accuracy: 1e-9)
    XCTAssertEqual(try manifest().questions?.reduce(0) { $0 + $1.points }, 16)
  }

  func testTheSolutionsPass() throws {
    for seed in UInt64(1)...3 {
      let results = try results(program(), seed: seed)
      XCTAssertEqual(failures(results), [], "seed \(seed)")
      guard seed == 1 else { continue }
      let slowest = results.values.sorted { $0.seconds > $1.seconds }.prefix(6)
      print(
        slowest.map { "\($0.id) \(($0.seconds * 100).rounded() / 100) s" }.joined(separator: ", "))
    }
  }

  /// A whole training on synthetic records, seen and described diagnoses: with RHYTHMLAB_SEEDS, of so many seeds.
  func testTheGoalIsReached() throws {
    let environment = ProcessInfo.processInfo.environment
    guard let seeds = environment["RHYTHMLAB_SEEDS"].flatMap(UInt64.init) else {
      throw XCTSkip("a training takes a minute: RHYTHMLAB_SEEDS says of how many seeds")
    }
    let manifest = try manifest()
    let facts = Unit.facts
    let data = try XCTUnwrap(facts.data)
    let selection = try manifest.dataSelection()
    let split = try data.examples(selection.settingsOfChecks)
    for seed in 1...seeds {
      var limited = manifest
      limited.tasks = limited.tasks.map { task in
        var task = task
        task.checks = task.checks.filter { $0.id == "contrast.goal" }
        return task
      }
      let session = JudgeSession(
        manifest: limited, subjects: facts.subjects,
        student: StudentPrograms(try launcher(program())),
        reference: ReferenceWorker(try launcher(program())), seed: seed, trainingThreads: 1
      ) {
        GradingData(split, selection: selection, isSynthetic: true, seed: seed)
          .disguised(data.disguise, seed: seed)
      }
      let result = try XCTUnwrap(CheckRunner.run(Unit.checks, session).first)
      print("seed \(seed): \(result.message) in \(result.seconds.rounded()) s")
      XCTAssertEqual(result.outcome, .passed, result.message)
    }
  }

  /// In a student's copy answers are recorded: the same passes there, and the same is called by its name.
  func testRecordedAnswersSayTheSame() throws {
    let path = try scratch.get().path + "/recorded"
    let bytes = try AnswerRecording.record(
      manifest(), Unit.self, solutions: launcher(program()))
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    print("recorded answers: \(bytes.count) bytes")
    func results(_ program: String) throws -> [String: CheckResult] {
      try self.results(
        program, seed: SelfCheck.publicSeed, reference: RecordedReference(contentsOf: path))
    }
    XCTAssertEqual(failures(try results(program())), [])
    let entries = try library().entries.filter {
      [
        "triplet-exchanged", "mining-upper-bound-included", "contrast-sum-of-halves",
        "ranking-through-ties",
      ].contains($0.name)
    }
    XCTAssertEqual(entries.count, 4)
    let edited = entries.reduce(into: [String: String]()) { files, entry in
      files.merge(entry.files.filter { entry.edits[$0.key] != nil }) { $1 }
    }
    let wrong = try results(program(edited)).values.filter { $0.outcome == .failed }
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
      folder: checks.appendingPathComponent("Mistakes"), solutions: solutions,
      manifest: manifest(), known: Unit.facts.mistakeSentences)
  }

  /// What stands in for a file that other tasks need passes that file's own checks.
  func testStandInsPass() throws {
    let names = try XCTUnwrap(manifest().standIns)
    XCTAssertEqual(names.count, 2)
    let files = try names.reduce(into: [String: String]()) { files, name in
      files[name] = try String(
        contentsOf: checks.appendingPathComponent("StandIns/\(name)"), encoding: .utf8)
    }
    XCTAssertEqual(failures(try results(program(files))), [])
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

  /// Files in which mistakes have nothing to do with each other: the encoder is a part of the model.
  private static let leaves: Set<String> = [
    "TripletLoss.swift", "Mining.swift", "ContrastiveLoss.swift", "ZeroShot.swift",
    "RankingMetrics.swift",
  ]

  /// Mistakes cost what they should and are called by their names, and right variants cost nothing: a part of them by
  /// the seed, with RHYTHMLAB_SEEDS all there are (of the task RHYTHMLAB_TASK, or RHYTHMLAB_ENTRY alone), the right ones with
  /// so many seeds.
  func testTheLibraryIsJudgedAsItSays() throws {
    let manifest = try manifest()
    let library = try library()
    XCTAssertGreaterThan(library.entries.count { !$0.isRight }, 110)
    XCTAssertGreaterThan(library.entries.count(where: \.isRight), 25)
    let environment = ProcessInfo.processInfo.environment
    let only = environment["RHYTHMLAB_TASK"]
    let single = environment["RHYTHMLAB_ENTRY"]
    let seeds = environment["RHYTHMLAB_SEEDS"].flatMap(UInt64.init) ?? 0
    var entries = library.entries.filter {
      (only == nil || $0.task == only) && (single == nil || $0.name == single)
    }
    if seeds == 0, single == nil { entries = Subset.oneOfEvery(24, of: entries) }
    // one program for those that have nothing to do with each other
    var programs: [(files: [String: String], entries: [StudentMistake])] = []
    for entry in entries {
      let own = entry.files.filter { entry.edits[$0.key] != nil }
      let place = programs.firstIndex { program in
        let names = Set(own.keys).union(program.files.keys)
        return names.subtracting(Self.leaves).count <= 1
          && own.keys.allSatisfy { program.files[$0] == nil }
          && (names.isSubset(of: Self.leaves) || !names.contains("ZeroShot.swift"))
      }
      if let place {
        programs[place].files.merge(own) { $1 }
        programs[place].entries.append(entry)
      } else {
        programs.append((own, [entry]))
      }
    }
    for (files, entries) in programs {
      let program = try program(files)
      for entry in entries {
        // no right work may fail, whatever is drawn
        for seed in UInt64(8)..<(entry.isRight ? 8 + seeds : 8) {
          XCTAssertEqual(
            failures(try results(program, seed: seed, task: entry.task)), [],
            "\(entry.name), seed \(seed)")
        }
        let results = try results(program, seed: 7, task: entry.task)
        let judged = SubmissionResult(
          submission: entry.name, members: [], status: .graded, score: 0, maxScore: 0, seed: 7,
          sandbox: "none", seconds: .init(), checks: Array(results.values), notes: [])
        let matrix = KillMatrix(
          [entry], places: [entry.name: entry.name], results: [judged], manifest: manifest)
        XCTAssertEqual(
          matrix.problems, [],
          "\(entry.name): \(matrix.problems.isEmpty ? [] : failures(results))")
      }
    }
    print("\(programs.reduce(0) { $0 + $1.entries.count }) entries in \(programs.count) programs")
  }

  /// Each of the sample class loses what it should by its own fault, and nothing else but what waits for that: here
  /// nothing stands in for a file. One of them, and with RHYTHMLAB_SEEDS all.
  func testTheSampleClassLosesWhatItShould() throws {
    let all = try SampleClass(file: checks.appendingPathComponent("class.yml"))
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
