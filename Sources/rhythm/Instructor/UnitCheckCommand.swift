import ArgumentParser
import Assignment
import Building
import Foundation
import Grading
import Judge
import Proof
import Release
import Sandbox
import Units
import Workers
import XCTest

/// `rhythm unit check`: does everything hold that must hold of a unit?
struct UnitCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Prove a unit.",
    discussion: """
      Looks at the unit's files (every check is listed, every task has its heading, points, file and \
      three hints, every question its place; the stubs are what the Solutions give), at its programs \
      (what assignment.yml keeps for some files is in no other's, by their symbols), runs all checks on \
      the stubs, which must have no points, and on the Solutions, which must have all, by the reference \
      and by recorded answers, looks in a student's copy for lines of the Solutions and names of files \
      that it lacks, and grades every known mistake and right variant. The exit status is 1 when \
      something does not hold.
      """)

  @Argument(help: "The unit; by default the only one.")
  var unit: String?

  @Flag(help: "Leave out what trains, and the mistakes: some seconds in place of minutes.")
  var quick = false

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      if unit == nil, copy.units.count > 1 {
        throw ValidationError(
          "there are several units; name one: \(copy.units.joined(separator: " or ")).")
      }
      var option = UnitOption()
      option.name = unit
      let proof = try UnitProof(
        copy: copy, manifest: copy.unit(option).manifest, isQuick: quick)
      var count = 0
      for (name, step) in proof.steps {
        let problems = try step()
        problems.forEach(printError)
        printLine("\(problems.isEmpty ? "holds" : "fails"): \(name)")
        count += problems.count
      }
      guard count == 0 else { throw ExitCode(1) }
    }
  }
}

/// What must hold of a unit, step by step.
private struct UnitProof {
  private let copy: WorkingCopy
  private let manifest: AssignmentManifest
  private let isQuick: Bool
  private let known: any CourseUnit.Type

  init(copy: WorkingCopy, manifest: AssignmentManifest, isQuick: Bool) throws {
    self.copy = copy
    self.manifest = isQuick ? manifest.withoutTraining : manifest
    self.isQuick = isQuick
    known = try Units.unit(named: manifest.unit)
  }

  /// Each gives what does not hold, a sentence each.
  var steps: [(name: String, step: () throws -> [String])] {
    [
      ("manifest, handout, answers and checks fit together", files),
      ("Assignments is what Solutions gives", { try release.differences() }),
      ("what a task may not use is not in its program", parts),
      ("the stubs have 0 points", stubs), ("the Solutions have all points", solutions),
      ("recorded answers judge as the reference does", recorded),
      ("a student's copy has no line of the Solutions and names no file that it lacks", leaks),
    ] + (isQuick ? [] : [("mistakes are caught and named, right variants pass", mistakes)])
  }

  private var root: URL { URL(fileURLWithPath: copy.root) }
  private var release: UnitRelease { UnitRelease(unit: manifest.unit, root: root) }

  private func files() throws -> [String] {
    let tests = known.checks.flatMap { entry in
      entry.allTests.map { "\(entry.testCaseClass)/\($0.0)" }
    }
    // of the whole manifest, whatever is left out
    let whole = try AssignmentManifest.read(copy.manifestPath(manifest.unit))
    return try UnitFiles(whole, tests: tests, folder: copy.assignment(manifest.unit)).problems
  }

  private func parts() throws -> [String] {
    let toolchain = try Toolchain.find()
    let builder = try WorkerBuilder(
      manifest, assignmentFolder: copy.solutions(manifest.unit), core: copy.core,
      sandbox: Sandbox(tier: .none, toolchain: toolchain), cacheFolder: copy.buildCache)
    return try PartsProof(manifest, core: copy.core, toolchain: toolchain).problems(builder)
  }

  /// The results of the programs of a folder.
  private func results(
    solutions: Bool, reference: any Reference
  ) throws -> [CheckResult] {
    var workers: [String: WorkerLauncher] = [:]
    for program in manifest.programs {
      workers[program.name] = try SelfCheck.launcher(
        copy.worker(
          unit: manifest.unit, solutions: solutions, manifest: manifest, program: program),
        manifest)
    }
    let session = JudgeSession(
      manifest: manifest, subjects: known.facts.subjects, student: StudentPrograms(workers),
      reference: reference, seed: SelfCheck.publicSeed, trainingThreads: 0
    ) { try SelfCheck.gradingData(known.facts, manifest) }
    let progress = ProgressLine("checking")
    defer { progress.clear() }
    return CheckRunner.run(known.checks, session, begin: { progress.show($0.id) })
  }

  private func reference() throws -> ReferenceWorker {
    ReferenceWorker(
      try SelfCheck.launcher(
        copy.worker(unit: manifest.unit, solutions: true, manifest: manifest), manifest),
      mistakes: known.facts.mistakes)
  }

  private func stubs() throws -> [String] {
    try results(solutions: false, reference: reference()).filter { $0.points > 0 }.map {
      "\($0.id) gives \(TaskTable.points($0.points)) points for a stub"
    }
  }

  private func solutions() throws -> [String] {
    try results(solutions: true, reference: reference()).filter { $0.outcome != .passed }.map {
      "\($0.id) does not pass for the Solutions: \($0.message)"
    }
  }

  private func answers() throws -> [UInt8] {
    try AnswerRecording.record(
      manifest, known,
      solutions: try copy.trainingLauncher(unit: manifest.unit, solutions: true))
  }

  private func recorded() throws -> [String] {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("rhythm-answers-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(answers()).write(to: path)
    return try results(solutions: true, reference: RecordedReference(contentsOf: path.path))
      .filter { $0.outcome != .passed }.map {
        "\($0.id) does not pass by recorded answers: \($0.message)"
      }
  }

  private func leaks() throws -> [String] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("rhythm-copy-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try StudentCopy(root: root, unit: manifest.unit).write(
      to: folder, answers: (RecordedReference.path(ofUnit: manifest.unit), answers()))
    return try LeakScan(unit: manifest.unit, root: root, words: [copy.root + "/"])
      .findings(in: folder) + PathScan(root: root).findings(in: folder)
  }

  private func mistakes() throws -> [String] {
    let library = try copy.mistakes(manifest)
    let proof = MistakeProof(copy: copy, manifest: manifest, jobs: nil, seed: 11)
    return try proof.run(library, library.entries)(library.entries).problems
  }
}
