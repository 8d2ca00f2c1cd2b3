import ArgumentParser
import Batch
import ECG
import Foundation
import Judge
import Rainbow
import Sandbox

/// `rhythm grade`: a whole class in one command.
struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade",
    abstract: "Grade a folder of submissions.",
    discussion: """
      Each folder, zip or tar.gz in DIR is one submission. Results, a table and a report are \
      written to the output folder. The exit status is 0 when every submission has a result, 1 \
      when something could not be graded, 130 after Ctrl-C.
      """)

  /// `--sandbox`.
  enum Confinement: String, ExpressibleByArgument, CaseIterable {
    case auto, bubblewrap, landlock, none
  }

  @Argument(help: "The folder of submissions.")
  var folder: String

  @Option(name: .customLong("out"), help: "The folder for results and reports.")
  var output: String

  @Option(help: "The unit that was handed in.")
  var unit = "RecurrentNetworks"

  @Option(help: "Submissions at the same time (default: the number of processors).")
  var jobs: Int?

  @Option(help: "Recordings: a store, an archive or a folder (default: the local store).")
  var data: String?

  @Option(help: "What test cases are drawn from (default: a new secret one).")
  var seed: UInt64?

  @Option(
    help: """
      How student code is confined: bubblewrap, landlock, none, or auto for the first of the first \
      two that works.
      """)
  var sandbox = Confinement.auto

  @Option(help: "Also write the whole result to this file.")
  var json: String?

  /// Whether to leave a local store aside, as the demonstration does.
  var onlySynthetic = false

  /// What is read from the command line; `onlySynthetic` is not.
  enum CodingKeys: CodingKey { case folder, output, unit, jobs, data, seed, sandbox, json }

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs must be from 1 to 1024, not \(jobs).")
    }
    // Anything else could leave the folder of units.
    guard unit.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }), !unit.isEmpty else {
      throw ValidationError("--unit must be the name of a unit such as RecurrentNetworks.")
    }
  }

  func run() throws {
    try reportingFailure { _ = try graded() }
  }

  /// Grades, prints the table and gives the summary.
  ///
  /// - Throws: the exit status, when something could not be graded.
  func graded() throws -> GradeSummary {
    let choice: SandboxTier? =
      switch sandbox {
      case .auto: nil
      case .bubblewrap: .bubblewrap
      case .landlock: .landlock
      case .none: SandboxTier.none
      }
    let copy = try WorkingCopy.find()
    let confinement = try Sandbox.select(choice).selfTested()
    printError("sandbox: \(confinement.summary)")
    // what does not depend on the submissions comes first, so that a wrong path costs no time
    guard FileManager.default.fileExists(atPath: folder) else {
      throw BatchError.cannotRead(path: folder, reason: "there is no such folder")
    }
    // JSON readers keep whole numbers up to 2^53.
    let seed = seed ?? UInt64.random(in: 1..<1 << 53)
    let manifest = try AssignmentManifest.read(copy.assignment(unit) + "/assignment.yml")
    let gradingData = try prepareData(manifest, seed: seed)
    defer { try? FileManager.default.removeItem(atPath: gradingData) }
    let options = GradeOptions(
      submissionsFolder: folder, outputFolder: output, assignmentFolder: copy.assignment(unit),
      core: copy.core, judgeCommand: [copy.tool, "judge"],
      referenceWorkerPath: try copy.worker(unit: unit, solutions: true, manifest: manifest),
      gradingDataPath: gradingData, seed: seed, sandbox: confinement,
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, cacheFolder: copy.buildCache)
    let run = GradeRun(options)
    let progress = GradeProgress(isTerminal: isatty(STDERR_FILENO) == 1)
    let signals = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { run.cancel() }
      source.resume()
      return source
    }
    defer { signals.forEach { $0.cancel() } }
    let summary: GradeSummary
    do {
      defer { progress.finish() }
      summary = try run.run { progress.take($0) }
    }
    if let json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try AtomicFile.write(encoder.encode(summary), to: json)
    }
    GradeTable(summary: summary, reportPath: output + "/report/index.html").print()
    if run.isCancelled { throw ExitCode(130) }
    if summary.ourFailures > 0 || !summary.complete { throw ExitCode(1) }
    return summary
  }

  /// The chunks of the accuracy checks in a file of their own, drawn once for the whole run.
  private func prepareData(_ manifest: AssignmentManifest, seed: UInt64) throws -> String {
    let source = onlySynthetic ? .synthetic : try RecordingSource.find(data)
    let progress = ProgressLine("reading")
    defer { progress.clear() }
    let prepared = try CourseData.prepare(try source.load(progress: progress.show))
    progress.clear()
    printError("accuracy checks use \(source.description)")
    let path = NSTemporaryDirectory() + "/rhythm-data-\(UUID().uuidString)"
    try GradingData(
      prepared, selection: manifest.data, isSynthetic: source == .synthetic, seed: seed
    ).write(to: path)
    chmod(path, 0o600)
    return path
  }
}
