import Building
import Files
import Foundation
import Gradebook
import Intake
import Judge

/// Judges one submission again under the seed of its run, to see whether the verdicts are the same.
public final class Replay: Sendable {
  /// A check, before and now.
  public struct Row: Sendable {
    /// The check's name.
    public let check: String
    /// What the gradebook has; nil for a check that is new.
    public let kept: Verdict?
    /// What the judge says now.
    public let now: Verdict
    /// Whether it ended the same way.
    public var agrees: Bool { kept?.outcome == now.outcome }
  }

  private let options: GradeOptions
  private let gradebook: Gradebook
  private let children = Children()

  /// Prepares a replay; the options are those of the submission's run.
  public init(_ options: GradeOptions, gradebook: Gradebook) {
    self.options = options
    self.gradebook = gradebook
  }

  /// Stops as soon as possible.
  public func cancel() { children.cancel() }

  /// Judges the submission again, every check of it.
  ///
  /// - Returns: a row for each check, and what is not as it was in that run (the core, a check, …).
  /// - Throws: `GradebookError.unknownSubmission`, `GradingError` when it cannot be judged.
  public func run(
    _ name: String, doing: @escaping (String) -> Void = { _ in }
  ) throws -> (rows: [Row], changes: [String]) {
    let graded = try gradebook.submission(name)
    let files = graded.submission.files
    guard !graded.verdicts.isEmpty else {
      throw GradingError.cannotReplay(
        submission: name, reason: "it was not judged then: \(graded.submission.remark)")
    }
    let manifest = try GradeRun.manifest(options)
    let builder = try WorkerBuilder(
      manifest, assignmentFolder: options.assignmentFolder, core: options.core,
      sandbox: options.sandbox, cacheFolder: options.cacheFolder)
    defer { CacheLimit.keep(options.cacheFolder) }
    let conditions = try Conditions(options, manifest, builder)
    let work = Leftovers.name(in: options.temporaryFolder, prefix: GradeRun.prefix)
    try AtomicFile.createFolder(work)
    chmod(work, 0o700)
    defer { try? FileManager.default.removeItem(atPath: work) }
    let grader = SubmissionGrader(
      options: options, manifest: manifest, conditions: conditions, builder: builder,
      children: children, workFolder: work,
      data: RunData(file: work + "/data", prepare: options.prepareData))
    let submission = Submission(graded.submission, files: try gradebook.contents(files))
    for patience in [1, GradeRun.patience] {
      let job = SubmissionGrader.Job(
        submission: submission, files: files, patience: patience, doing: doing)
      switch grader.grade(job, usable: []) {
      case .unsettled: continue
      case .interrupted: throw CancellationError()
      case .failed(let reason): throw GradingError.cannotReplay(submission: name, reason: reason)
      case .judged(let verdicts, _):
        let kept = Dictionary(graded.verdicts.map { ($0.key.check, $0) }) { first, _ in first }
        return (
          verdicts.map { Row(check: $0.key.check, kept: kept[$0.key.check], now: $0) },
          try changes(since: graded, conditions)
        )
      }
    }
    throw GradingError.cannotReplay(submission: name, reason: "it did not finish in time")
  }

  private func changes(since graded: GradedSubmission, _ conditions: Conditions) throws -> [String]
  {
    guard let then = try gradebook.run(graded.run) else { return [] }
    let now = conditions.run
    var changes: [String] = []
    for (name, before, after) in [
      ("the core", then.core, now.core), ("the judge or its reference", then.judge, now.judge),
      ("the unit's own files", then.course, now.course), ("the limits", then.limits, now.limits),
      ("the toolchain", then.toolchain, now.toolchain),
    ] where before != after { changes.append(name) }
    changes += graded.verdicts.map(\.key).filter {
      conditions.checks[$0.check].map { [key = $0] in $0 != key.checkHash } ?? true
    }.map { "the check \($0.check)" }
    return changes
  }
}
