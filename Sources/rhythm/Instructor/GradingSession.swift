import Assignment
import Files
import Foundation
import Gradebook
import Grading
import Judge
import Publication
import Recordings
import Reports
import Sandbox

/// What the commands that grade have in common: options from the working copy, the recordings, the
/// progress line, Ctrl-C.
struct GradingSession {
  let copy: WorkingCopy
  let unit: String
  /// The folder of results.
  let output: String

  /// Describes a run over the working copy as it is now.
  func options(
    command: String, submissions: GradeOptions.Submissions, data: GradedData?, seed: UInt64,
    sandbox: Sandbox, jobs: Int?, withoutAccuracy: Bool, publishes: Bool
  ) throws -> GradeOptions {
    let manifest = try AssignmentManifest.read(copy.assignment(unit) + "/assignment.yml")
    var options = GradeOptions(
      command: command, submissions: submissions, outputFolder: output,
      assignmentFolder: copy.assignment(unit), checksFolder: copy.root + "/Grader/Units/" + unit,
      judgeHash: ContentHash.ofSources(
        in: [
          "Grader/Assignment", "Grader/Judge", "Grader/Workers", "Sources/Files", "Sources/Metrics",
          "Sources/Recordings", "Sources/Training",
        ]
        .map { "\(copy.root)/\($0)" }
          + [copy.solutions(unit), copy.root + "/Grader/Units/\(unit)/StandIns"]),
      core: copy.core, judgeCommand: copy.judge,
      referenceWorkerPath: try copy.worker(unit: unit, solutions: true, manifest: manifest),
      dataSource: data?.path ?? "", dataIdentity: data?.identity ?? "none",
      prepareData: { path in
        guard let data else { throw WorkingCopyError.nothingToTrainOn(manifest.unit) }
        try data.prepare(try manifest.dataSelection(), seed: seed, to: path)
      },
      withoutAccuracy: withoutAccuracy, seed: seed, sandbox: sandbox,
      jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, cacheFolder: copy.buildCache,
      publishes: publishes)
    options.writeReports = reportWriter()
    if !withoutAccuracy, let data {
      options.recordings =
        try data.unit.kind.isSynthetic(data.source) ? "synthetic recordings" : "real recordings"
    }
    return options
  }

  /// Writes the pages of an output folder.
  func reportWriter() -> @Sendable (String) throws -> Void {
    let assignment = copy.assignment(unit)
    return { path in
      let folder = try ClassFolder(path: path, assignmentFolder: assignment)
      try folder.writeReports(try folder.read())
    }
  }

  /// The options of an earlier run, for the working copy as it is now.
  func options(
    of run: Run, command: String, jobs: Int? = nil, publishes: Bool = false
  ) throws -> GradeOptions {
    guard let seed = UInt64(run.seed), let tier = SandboxTier(rawValue: run.sandbox) else {
      throw GradebookError.damaged(
        path: output, reason: "run \(run.id ?? 0) has no seed or sandbox of this version")
    }
    let manifest = try AssignmentManifest.read(copy.manifestPath(unit))
    let data = try GradedData(of: manifest, run.data.isEmpty ? .synthetic : .at(run.data))
    return try options(
      command: command, submissions: .gradebook, data: data, seed: seed,
      sandbox: try uninterrupted { try Sandbox.select(tier).selfTested() }, jobs: jobs,
      withoutAccuracy: run.withoutAccuracy,
      publishes: publishes)
  }

  /// The session of a folder that was graded before, and its last run.
  static func resume(
    _ output: String, _ gradebook: Gradebook
  ) throws -> (session: GradingSession, last: Run) {
    guard let last = try gradebook.lastRun() else {
      throw GradebookError.missing(folder: output)
    }
    let session = GradingSession(copy: try WorkingCopy.find(), unit: last.unit, output: output)
    return (session, last)
  }

  /// Runs, with progress on standard error; Ctrl-C stops it.
  func run(_ options: GradeOptions, _ gradebook: Gradebook) throws -> (GradeSummary, stopped: Bool)
  {
    let run = GradeRun(options, gradebook: gradebook)
    let progress = GradeProgress(isTerminal: Console.error.takesControlCodes)
    let summary = try stoppable(run.cancel) {
      defer { progress.finish() }
      return try run.run { progress.take($0) }
    }
    return (summary, run.isCancelled)
  }
}

extension WorkingCopy {
  /// The command that judges a submission: this tool, which knows the units of its registry, or the program
  /// that `RHYTHMLAB_JUDGE` names, for a course with other units.
  fileprivate var judge: [String] {
    ProcessInfo.processInfo.environment["RHYTHMLAB_JUDGE"].map { [$0] } ?? [tool, "judge"]
  }
}

extension WorkingCopyError {
  /// A check trains, and the unit says nothing of data.
  fileprivate static func nothingToTrainOn(_ unit: String) -> WorkingCopyError {
    WorkingCopyError(
      description:
        "the unit \(unit) says nothing under data in assignment.yml, so nothing is trained")
  }
}
