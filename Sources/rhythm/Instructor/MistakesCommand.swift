import ArgumentParser
import Assignment
import Files
import Foundation
import Gradebook
import Grading
import Proof
import Recordings
import Sandbox

/// `rhythm mistakes`: the proof of the checks.
struct MistakesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mistakes",
    abstract: "Prove the checks: which of them catches which known mistake?",
    discussion: """
      Writes every entry of Grader/Units/UNIT/Mistakes as a submission, grades all of them as ./rhythm grade \
      does (without accuracy: no mistake needs it to be caught), and prints a table of mistakes by \
      checks: ✗ caught, · passed, – not run. The exit status is 1 when a mistake survives, is not \
      called by its name or costs a check that it should not, or a right variant does not pass; \
      130 after Ctrl-C, and the same --seed then goes on from there.
      """)

  @Option(help: "Only the entries of one task, by its name.")
  var task: String?

  @Option(parsing: .upToNextOption, help: "Only the entries of these names.")
  var only: [String] = []

  @Option(
    parsing: .unconditional,
    help: "Submissions at the same time (default: the number of processors).")
  var jobs: Int?

  @Option(parsing: .unconditional, help: "What test cases are drawn from (default: a new one).")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "So many pairs of mistakes at once, drawn by the seed, are judged as well.")
  var pairs = 20

  @Option(help: "Write the table into this Markdown file, below its heading for it.")
  var out: String?

  @OptionGroup var unit: UnitOption

  func validate() throws {
    try validateJobs(jobs)
    if pairs < 0 { throw ValidationError("--pairs must not be negative.") }
  }

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let manifest = try copy.unit(unit).manifest
      let library = try copy.mistakes(manifest)
      if let out { try prepare(MatrixDocument(path: out)) }
      let entries = try chosen(library.entries, manifest)
      let proof = MistakeProof(
        copy: copy, manifest: manifest, jobs: jobs,
        seed: seed ?? UInt64.random(in: 1..<1 << 53))
      let sample = library.pairs(of: entries, count: pairs, seed: proof.seed)
      let matrix = try proof.run(library, entries + sample.map(\.joined))
      let whole = matrix(entries)
      printLine(whole.text)
      for problem in whole.problems { printError(problem) }
      printLine(whole.summary)
      if !sample.isEmpty { printLine(matrix(sample.map(\.joined)).summary(of: sample)) }
      if let out { try MatrixDocument(path: out).write(whole) }
      guard whole.problems.isEmpty else { throw ExitCode(1) }
    }
  }

  private func prepare(_ document: MatrixDocument) throws {
    if task != nil || !only.isEmpty, document.hasMatrix {
      throw MistakesCommandError(
        description: "\(document.path) has a table already, and a part would take its place: "
          + "leave out --task and --only, or name a new file")
    }
    try AtomicFile.prepare(for: document.path)
  }

  private func chosen(
    _ entries: [StudentMistake], _ manifest: AssignmentManifest
  ) throws -> [StudentMistake] {
    if let task, !manifest.tasks.contains(where: { $0.name == task }) {
      throw MistakesCommandError(
        description: "there is no task \(task): "
          + "there are \(manifest.tasks.map(\.name).joined(separator: ", "))")
    }
    if let name = only.first(where: { name in !entries.contains { $0.name == name } }) {
      throw MistakesCommandError(
        description: "there is no entry \(name) in Grader/Units/\(manifest.unit)/Mistakes")
    }
    return entries.filter {
      (task == nil || $0.task == task) && (only.isEmpty || only.contains($0.name))
    }
  }
}

/// Why the entries cannot be chosen; one sentence.
private struct MistakesCommandError: Error, CustomStringConvertible {
  let description: String
}
