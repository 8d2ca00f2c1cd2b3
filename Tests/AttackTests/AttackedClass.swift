import Assignment
import Building
import Foundation
import Gradebook
import Grading
import Judge
import Publication
import Recordings
import Reports
import Sandbox
import TestSupport
import WorkerPipe
import Workers
import XCTest

@testable import rhythm

/// A class of attackers, with some honest submissions among them, graded in one run.
final class AttackedClass {
  let folder: String
  let baits: Baits
  let solutions: [String: String]
  let unit: AttackedUnit
  private let copy: WorkingCopy
  private let products: String
  private var sandbox: Sandbox?

  var submissions: String { folder + "/class" }
  var assignment: String { folder + "/Assignments/" + unit.name }
  var reference: String { "\(products)/\(unit.name)Reference" }
  var gradingData: String { folder + "/grading-data" }

  /// - Parameter manifest: the tasks of the run; without it the unit's own.
  init(_ unit: AttackedUnit, manifest: String? = nil) throws {
    self.unit = unit
    folder =
      URL(fileURLWithPath: "/tmp").resolvingSymlinksInPath().path
      + "/rhythm-corpus-\(UUID().uuidString)"
    let manager = FileManager.default
    for name in ["class", "tmp", "Assignments"] {
      try manager.createDirectory(
        atPath: folder + "/" + name, withIntermediateDirectories: true)
    }
    baits = try Baits(folder: folder)
    copy = try WorkingCopy.find()
    products = URL(fileURLWithPath: copy.tool).deletingLastPathComponent().path
    let assignment = "\(folder)/Assignments/\(unit.name)"
    try manager.copyItem(atPath: unit.assignment, toPath: assignment)
    try manifest?.write(
      toFile: assignment + "/assignment.yml", atomically: true, encoding: .utf8)
    var solutions: [String: String] = [:]
    for file in try AssignmentManifest.read(assignment + "/assignment.yml").files {
      solutions[file] = try String(contentsOfFile: "\(unit.solutions)/\(file)", encoding: .utf8)
    }
    self.solutions = solutions
  }

  deinit { remove() }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// The checks of the run.
  var checks: Set<String> {
    get throws {
      let manifest = try AssignmentManifest.read(assignment + "/assignment.yml")
      return Set(manifest.tasks.flatMap(\.checks).map(\.id))
    }
  }

  /// Confines the next run, of a class of its own, by a tier, or skips the test.
  func use(_ tier: SandboxTier) throws {
    if let reason = Sandbox.probe(tier) {
      throw XCTSkip("\(tier.rawValue) does not work here: \(reason)")
    }
    sandbox = try Sandbox.select(tier).selfTested()
    for name in try FileManager.default.contentsOfDirectory(atPath: submissions) {
      try FileManager.default.removeItem(atPath: submissions + "/" + name)
    }
  }

  /// Hands a submission in.
  func add(_ name: String, _ files: [String: String]) throws {
    let place = submissions + "/" + name
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    for (file, text) in files {
      try text.write(toFile: place + "/" + file, atomically: false, encoding: .utf8)
    }
  }

  func add(_ attack: Attack, _ more: [String: String] = [:]) throws {
    let places = [
      "@REFERENCE@": reference, "@TOOL@": products + "/rhythm", "@DATA@": gradingData,
      "@ASSIGNMENT@": assignment, "@CLASS@": submissions, "@RECORDED@": recorded,
    ]
    try add(
      "attack-" + attack.name,
      try attack.files(
        solutions: solutions, baits: baits.replacements(places.merging(more) { $1 })))
  }

  /// The reference's answers to the LSTM's values for the public seed, by the inputs, as
  /// `recorded-answers` wants them: what a student can find out at home.
  private lazy var recorded: String = {
    (try? recordedAnswers()) ?? ""
  }()

  private func recordedAnswers() throws -> String {
    let manifest = try AssignmentManifest.read(assignment + "/assignment.yml")
    let solutions = WorkerLauncher(
      program: reference, sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(),
      files: manifest.files)
    let listener = Listener(ReferenceWorker(solutions))
    let session = JudgeSession(
      manifest: manifest, subjects: unit.unit.facts.subjects,
      student: StudentPrograms(solutions), reference: listener, seed: 2017,
      trainingThreads: 1
    ) { throw CheckFailure("nothing trains") }
    _ = CheckRunner.run(unit.unit.checks, session)
    return listener.answers.joined(separator: ";")
  }

  /// Takes back what was handed in.
  func empty() throws {
    try FileManager.default.removeItem(atPath: submissions)
    try FileManager.default.createDirectory(
      atPath: submissions, withIntermediateDirectories: true)
  }

  /// How the checks end where one submission's files are compiled and judged with a seed that is no
  /// secret, as a self-check is.
  func judgedAlone(seed: UInt64) throws -> [Outcome] {
    guard let sandbox else { throw SandboxError.noToolchain }
    let manifest = try AssignmentManifest.read(assignment + "/assignment.yml")
    let name = try XCTUnwrap(FileManager.default.contentsOfDirectory(atPath: submissions).first)
    var files: [String: [UInt8]] = [:]
    for file in manifest.files {
      files[file] = FileManager.default.contents(atPath: "\(submissions)/\(name)/\(file)")
        .map { [UInt8]($0) }
    }
    let builder = try WorkerBuilder(
      manifest, assignmentFolder: assignment, core: copy.core, sandbox: sandbox,
      cacheFolder: folder + "/cache")
    guard case .built(let worker, _) = try builder.build(files, program: manifest.programs[0])
    else {
      throw CheckFailure("it does not compile")
    }
    let reference = WorkerLauncher(
      program: reference, sandbox: try Sandbox.select(SandboxTier.none), limits: Limits(), files: []
    )
    let session = JudgeSession(
      manifest: manifest, subjects: unit.unit.facts.subjects,
      student: StudentPrograms(
        WorkerLauncher(
          program: worker, sandbox: sandbox, limits: manifest.limits.check, files: [])),
      reference: ReferenceWorker(reference), seed: seed, trainingThreads: 1
    ) { throw CheckFailure("nothing trains") }
    return CheckRunner.run(unit.unit.checks, session).map(\.outcome)
  }

  /// Grades everything, as `rhythm grade` does.
  func grade(seed: UInt64, withoutAccuracy: Bool = false) throws -> GradeSummary {
    // the judges' temporary files, so that what stays can be told from other runs'
    setenv("TMPDIR", folder + "/tmp", 1)
    defer { unsetenv("TMPDIR") }
    guard let sandbox else { throw SandboxError.noToolchain }
    let out = folder + "/out"
    var options = GradeOptions(
      command: "grade", submissions: .folder(submissions), outputFolder: out,
      assignmentFolder: assignment, checksFolder: unit.checksFolder, judgeHash: "judge",
      core: copy.core, judgeCommand: ["\(products)/\(unit.judge[0])"] + unit.judge.dropFirst(),
      referenceWorkerPath: reference, dataSource: "", dataIdentity: "synthetic",
      prepareData: { [gradingData] in
        try FileManager.default.copyItem(atPath: gradingData, toPath: $0)
      }, withoutAccuracy: withoutAccuracy, seed: seed, sandbox: sandbox, jobs: 4,
      cacheFolder: folder + "/cache", publishes: true)
    options.writeReports = { [assignment] in
      let pages = try ClassFolder(path: $0, assignmentFolder: assignment)
      try pages.writeReports(try pages.read())
    }
    return try GradeRun(options, gradebook: Gradebook(folder: out)).run { _ in }
  }
}

/// Passes questions on and writes down the inputs and the answers.
private final class Listener: Reference {
  private let source: any Reference
  private(set) var answers: [String] = []

  init(_ source: any Reference) { self.source = source }

  func answer(
    _ question: Request.Question, about subject: Request.Subject, _ tensors: [PipeTensor],
    at place: QuestionPlace
  ) throws -> [PipeTensor] {
    let answer = try source.answer(question, about: subject, tensors, at: place)
    if question.kind == .forward, let input = tensors.first(where: { $0.name == "input" }),
      let W_xi = tensors.first(where: { $0.name == "parameter:W_xi" })
    {
      // inputs of zeros are those of several experiments, with other parameters
      let key = (input.values.prefix(4) + W_xi.values.prefix(2)).map(\.description)
        .joined(separator: ",")
      answers += answer.map {
        "\($0.name) \(key)|\($0.values.map(\.description).joined(separator: ","))"
      }
    }
    return answer
  }

  func mistakes(of model: String) throws -> [KnownMistake] { [] }

  func results(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { nil }

  func gradients(
    of model: String, with mistake: KnownMistake, _ experiment: ModelCheck.Experiment,
    at place: QuestionPlace
  ) -> [PipeTensor]? { nil }
}
