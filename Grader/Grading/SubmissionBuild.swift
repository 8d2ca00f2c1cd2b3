import Assignment
import Building
import Foundation
import Intake

/// The programs of a submission, built from what compiles of it: a file with errors gives way to its
/// stub, and the others are judged.
struct SubmissionBuild {
  /// The paths of the workers; a program of which nothing could be built is missing.
  private(set) var workers: [StudentProgram: String] = [:]
  /// The files that do not compile in the program of their own tasks, with what to tell of each.
  private(set) var broken: [String: Fault] = [:]
  /// What the compiler said.
  private(set) var errors: [String] = []
  /// What the compiler warned of in the student's files.
  private(set) var warnings: [String] = []
  let budget: CompilerBudget

  /// Why a file's tasks are not judged.
  enum Fault: Sendable {
    /// It does not compile.
    case doesNotCompile(String, at: SourcePlace?)
    /// It uses what it is to write.
    case usesReserved(String, at: SourcePlace?)
  }

  private let manifest: AssignmentManifest
  private let builder: WorkerBuilder
  private let children: Children
  private let patience: Double

  /// Bytes of a file that are still taken for written by hand.
  private static let longest = 1 << 20

  /// Builds all programs.
  ///
  /// - Throws: what the builder throws where the fault is not the student's.
  init(
    _ submission: Submission, _ manifest: AssignmentManifest, builder: WorkerBuilder,
    children: Children, patience: Double
  ) throws {
    self.manifest = manifest
    self.builder = builder
    self.children = children
    self.patience = patience
    budget = CompilerBudget(seconds: manifest.limits.submission.compilerSeconds)
    for (name, bytes) in submission.files.sorted(by: { $0.key < $1.key })
    where bytes.count > Self.longest {
      let sentence =
        "\(name) has \(bytes.count >> 10) KiB; files of at most \(Self.longest >> 10) KiB are compiled"
      broken[name] = .doesNotCompile(sentence, at: nil)
      errors.append(sentence)
    }
    for program in manifest.programs { try build(program, submission.files) }
  }

  private mutating func build(_ program: StudentProgram, _ files: [String: [UInt8]]) throws {
    // what is broken in its own program is not tried again in a larger one
    var files = files.filter { broken[$0.key] == nil }
    while true {
      let outcome = try builder.build(
        files, program: program, children: children, patience: patience, budget: budget)
      switch outcome {
      case .built(let path, let warned):
        workers[program] = path
        warnings += warned.map { PlainText.cleaned($0) }.filter { !warnings.contains($0) }
        return
      case .usesReserved(let uses):
        for use in uses {
          files[use.file] = nil
          // in a program that is not its own a file gives way, and loses nothing
          guard manifest.program(of: use.file) == program else { continue }
          broken[use.file] = .usesReserved(use.sentence, at: use.place)
          errors.append(use.sentence)
        }
      case .rejected(let said):
        let said = said.map { PlainText.cleaned($0) }
        var faulty = files.keys.filter { name in said.contains { $0.hasPrefix(name + ":") } }
        if faulty.isEmpty { faulty = try brokenAlone(files, program) }
        note(faulty, said, in: program)
        guard !faulty.isEmpty else { return }
        for name in faulty { files[name] = nil }
      }
    }
  }

  /// Notes which files are at fault, and what the compiler said of them.
  private mutating func note(_ faulty: [String], _ said: [String], in program: StudentProgram) {
    errors += said.filter { !errors.contains($0) }
    for name in faulty.sorted() {
      let own = said.filter { $0.hasPrefix(name + ":") }
      if own.isEmpty { errors.append("\(name): \(said.first ?? "it does not compile")") }
      // in a program that is not its own a file gives way, and loses nothing
      guard manifest.program(of: name) == program else { continue }
      let reserved = own.lazy.compactMap { [manifest] error in
        manifest.reservedName(in: error, file: name).map { (name: $0, error: error) }
      }
      if let reserved = reserved.first {
        let use = ReservedUse(
          file: name, name: reserved.name, at: CompilerMessage(reserved.error)?.place)
        broken[name] = .usesReserved(use.sentence, at: use.place)
        errors.append(use.sentence)
      } else {
        broken[name] = .doesNotCompile(
          own.first ?? said.first ?? name,
          at: own.lazy.compactMap { CompilerMessage($0)?.place }.first)
      }
    }
  }

  /// The files that do not even compile with stubs beside them: for errors without a place, as of a
  /// linker or of a compiler that was stopped.
  private func brokenAlone(
    _ files: [String: [UInt8]], _ program: StudentProgram
  ) throws -> [String] {
    let names = manifest.files(of: program).filter { files[$0] != nil }.sorted()
    return try names.enumerated().filter { place, name in
      guard let bytes = files[name] else { return false }
      // the last shares are for what compiles, together and in the other programs
      let share = budget.share(of: names.count - place + manifest.programs.count)
      // with nothing left to try by, what was not shown to compile does not
      guard share.left > 0 else { return true }
      let outcome = try builder.build(
        [name: bytes], program: program, children: children, patience: patience, budget: share)
      return if case .rejected = outcome { true } else { false }
    }.map(\.element)
  }

  /// Whether a file is in a task's program, and no stub in its place.
  func holds(_ file: String, for task: AssignmentManifest.Task) -> Bool {
    broken[file] == nil && manifest.program(of: file) == manifest.program(of: task.file)
  }

  /// The checks of tasks that have no program to be judged in: they have no points, whatever the stubs
  /// do.
  var withheld: [CheckResult] {
    manifest.tasks.flatMap { task -> [CheckResult] in
      let isBuilt = workers[manifest.program(of: task.file)] != nil
      let fault = broken[task.file]
      guard !isBuilt || fault != nil else { return [] }
      return task.checks.map { check in
        let (outcome, message, place): (Assignment.Outcome, String, SourcePlace?) =
          switch fault {
          case .usesReserved(let sentence, let place): (.failed, sentence, place)
          case .doesNotCompile(let error, let place):
            (.notBuilt, "the code does not compile: \(error)", place)
          case nil: (.notBuilt, "the code does not compile: \(errors.first ?? task.file)", nil)
          }
        var result = CheckResult(
          id: check.id, task: task.id, points: 0, maxPoints: check.points, outcome: outcome,
          message: message)
        result.place = place
        return result
      }
    }
  }
}
