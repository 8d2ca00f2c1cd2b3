import Foundation
import Judge
import Sandbox
import Synchronization

/// What a run needs to know.
public struct GradeOptions: Sendable {
  /// One folder or archive per submission.
  public var submissionsFolder: String
  /// Where results go.
  public var outputFolder: String
  /// `Assignments/<Unit>`, with `assignment.yml`.
  public var assignmentFolder: String
  /// The prebuilt core.
  public var core: CoreProducts
  /// Program and first arguments of the judge; `--request FILE` follows.
  public var judgeCommand: [String]
  /// The worker linked with the solutions.
  public var referenceWorkerPath: String
  /// The chunks of the run's accuracy checks, as `GradingData` writes them.
  public var gradingDataPath: String
  /// What the judge draws its cases from.
  public var seed: UInt64
  /// How workers and builds are confined.
  public var sandbox: Sandbox
  /// Submissions at the same time.
  public var jobs: Int
  /// Built workers, kept between runs.
  public var cacheFolder: String

  /// Describes a run.
  public init(
    submissionsFolder: String, outputFolder: String, assignmentFolder: String,
    core: CoreProducts, judgeCommand: [String], referenceWorkerPath: String,
    gradingDataPath: String,
    seed: UInt64, sandbox: Sandbox, jobs: Int, cacheFolder: String
  ) {
    self.submissionsFolder = submissionsFolder
    self.outputFolder = outputFolder
    self.assignmentFolder = assignmentFolder
    self.core = core
    self.judgeCommand = judgeCommand
    self.referenceWorkerPath = referenceWorkerPath
    self.gradingDataPath = gradingDataPath
    self.seed = seed
    self.sandbox = sandbox
    self.jobs = jobs
    self.cacheFolder = cacheFolder
  }
}

/// Grades a class: intake, build, judge, record, report.
public final class GradeRun: Sendable {
  private let options: GradeOptions
  private let children = Children()

  /// Prepares a run; nothing happens yet.
  public init(_ options: GradeOptions) {
    self.options = options
  }

  /// Stops as soon as possible: running submissions have no result, finished ones keep theirs.
  public func cancel() {
    children.cancel()
  }

  /// Whether `cancel()` was called.
  public var isCancelled: Bool { children.isCancelled }

  /// Grades all submissions.
  ///
  /// - Parameter report: called from several threads.
  /// - Throws: `BatchError`, `ManifestError` when nothing can be graded at all. What goes wrong
  ///   with one submission is in its result.
  public func run(report: @escaping @Sendable (GradeEvent) -> Void) throws -> GradeSummary {
    let start = DispatchTime.now().uptimeNanoseconds
    let manifestPath = options.assignmentFolder + "/assignment.yml"
    let manifest = try AssignmentManifest.read(manifestPath)
    let intake = try Intake(folder: options.submissionsFolder, files: manifest.files)
    let output = OutputFolder(
      path: options.outputFolder, names: FileNames.make(intake.submissions.map(\.name)))
    try output.create()
    let builder = try WorkerBuilder(
      unit: manifest.unit, assignmentFolder: options.assignmentFolder,
      studentFiles: manifest.files, core: options.core, sandbox: options.sandbox,
      limits: manifest.limits.build, cacheFolder: options.cacheFolder)
    // What does not even compile untouched must not be blamed on students.
    if case .rejected(let errors) = try builder.build([:], children: children) {
      throw BatchError.buildFailed(
        reason: "the untouched files of \(manifest.unit) do not compile either: "
          + errors.joined(separator: "; "))
    }
    let work = URL(fileURLWithPath: NSTemporaryDirectory())
      .appendingPathComponent("rhythm-grade-" + UUID().uuidString).path
    try AtomicFile.createFolder(work)
    chmod(work, 0o700)
    defer { try? FileManager.default.removeItem(atPath: work) }
    let grader = SubmissionGrader(
      options: options, manifest: manifest, manifestPath: manifestPath, builder: builder,
      children: children, workFolder: work)

    report(.found(total: intake.submissions.count))
    let submissions = intake.submissions
    let shared = Mutex(Shared(results: .init(repeating: nil, count: submissions.count)))
    let all = DispatchGroup()
    for _ in 0..<max(1, min(options.jobs, submissions.count)) {
      all.enter()
      // Threads of our own: each spends its life waiting for processes.
      let thread = Thread { [children] in
        defer { all.leave() }
        while !children.isCancelled {
          let index = shared.withLock {
            $0.next += 1
            return $0.next - 1
          }
          guard index < submissions.count else { return }
          report(.started(submissions[index].name))
          guard let result = grader.grade(submissions[index]) else { return }
          do {
            try output.write(result)
            shared.withLock { $0.results[index] = result }
            report(.finished(result))
          } catch {
            // The disk is full or the folder is gone: going on would lose every further result.
            shared.withLock { $0.failure = $0.failure ?? error }
            children.cancel()
          }
        }
      }
      thread.start()
    }
    all.wait()
    let (results, failure) = shared.withLock { ($0.results, $0.failure) }
    if let failure { throw failure }
    let finished = results.compactMap { $0 }
    let summary = GradeSummary(
      unit: manifest.unit, title: manifest.title, seed: options.seed,
      sandbox: options.sandbox.summary, total: submissions.count,
      complete: finished.count == submissions.count,
      elapsedSeconds: Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9,
      submissions: finished, unrecognised: intake.unrecognised)
    try output.write(summary, manifest: manifest)
    return summary
  }

  private struct Shared {
    var next = 0
    var results: [SubmissionResult?]
    var failure: (any Error)?
  }
}
