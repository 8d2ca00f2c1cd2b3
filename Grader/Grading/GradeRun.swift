import Assignment
import Building
import Files
import Foundation
import Gradebook
import Intake
import Judge
import People
import Publication
import Sandbox
import Synchronization

/// Grades a class: intake, build, judge, record, report.
public final class GradeRun: Sendable {
  private let options: GradeOptions
  private let gradebook: Gradebook
  private let children = Children()
  /// How many times the limits on the clock may pass when a submission is done again alone.
  static let patience = 2.0

  /// Prepares a run; nothing happens yet.
  public init(_ options: GradeOptions, gradebook: Gradebook) {
    self.options = options
    self.gradebook = gradebook
  }

  /// Stops as soon as possible: what is finished is kept, and the next run goes on from there.
  public func cancel() { children.cancel() }

  /// Whether `cancel()` was called.
  public var isCancelled: Bool { children.isCancelled }

  /// Grades all submissions: those whose files, under these conditions, have verdicts already are
  /// only looked up, and identical ones are judged once.
  ///
  /// - Parameter report: called from several threads.
  /// - Throws: `GradingError`, `ManifestError`, `GradebookError` when nothing can be graded at all.
  ///   What goes wrong with one submission is in its result.
  public func run(report: @escaping @Sendable (GradeEvent) -> Void) throws -> GradeSummary {
    let start = DispatchTime.now().uptimeNanoseconds
    Leftovers.remove(in: options.temporaryFolder, prefix: Self.prefix)
    let manifest = try Self.manifest(options)
    if let last = try gradebook.lastRun(), last.unit != manifest.unit {
      throw GradingError.otherUnit(folder: options.outputFolder, unit: last.unit)
    }
    let publisher = Publisher(
      gradebook: gradebook, folder: options.outputFolder, writeReports: options.writeReports)
    if options.publishes { try publisher.requireOwnPlaces(delivery: options.submissions.folder) }
    let delivery = try Self.delivery(options, manifest, gradebook)
    let submissions = delivery.submissions
    let builder = try WorkerBuilder(
      manifest, assignmentFolder: options.assignmentFolder, core: options.core,
      sandbox: options.sandbox, cacheFolder: options.cacheFolder)
    defer { CacheLimit.keep(options.cacheFolder) }
    let conditions = try Conditions(options, manifest, builder)
    let run = try gradebook.begin(conditions.run)
    try gradebook.remove(delivery.removed, run: run)
    if let report = try delivery.report(gradebook) { try gradebook.setIntake(report.json()) }
    let points = try HandPoints(gradebook)
    let ledger = Ledger(
      gradebook: gradebook, conditions: conditions, run: run,
      assembly: ResultAssembly(
        manifest: manifest, seed: options.seed, sandbox: options.sandbox.summary,
        recordings: options.recordings)
    ) { event in
      guard case .finished(let result, let worker) = event else { return report(event) }
      report(.finished(points.laid(over: result), worker: worker))
    }
    let stored = Dictionary(
      try gradebook.submissions().map { ($0.submission.name, $0) }
    ) { first, _ in first }

    var open: [Work] = []
    var known: [(Submission, Ledger.Known)] = []
    for work in Work.group(submissions) {
      if let verdicts = try ledger.find(work) {
        known += work.submissions.map { ($0, verdicts) }
      } else {
        open.append(work)
      }
    }
    report(.found(total: submissions.count, known: known.count))
    for (submission, verdicts) in known {
      try ledger.take(submission, verdicts, stored: stored[submission.name])
    }
    if !open.isEmpty { try grade(open, manifest, conditions, builder, ledger, report) }

    let finished = ledger.results
    let isComplete = finished.count == submissions.count
    try gradebook.end(run, isComplete ? .complete : .interrupted)
    let summary = GradeSummary(
      unit: manifest.unit, title: manifest.title, seed: options.seed,
      sandbox: options.sandbox.summary, total: submissions.count, complete: isComplete,
      elapsedSeconds: Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9,
      submissions: submissions.compactMap { finished[$0.name] },
      intake: try delivery.report(gradebook))
    if options.publishes {
      try publisher.publish(
        summary,
        assignment: PublishedAssignment(manifest, assignmentFolder: options.assignmentFolder),
        run: run)
    }
    return summary.with(points)
  }

  /// How the folders for requests to judges begin, one for each process.
  static let prefix = "rhythm-grade-"

  /// The assignment as a run's options want it.
  static func manifest(_ options: GradeOptions) throws -> AssignmentManifest {
    var manifest = try AssignmentManifest.read(options.assignmentFolder + "/assignment.yml")
    if let seconds = options.checkSeconds { manifest.limits.check.cpuSeconds = seconds }
    return options.withoutAccuracy ? manifest.withoutTraining : manifest
  }

  // MARK: What has to be judged

  private func grade(
    _ open: [Work], _ manifest: AssignmentManifest, _ conditions: Conditions,
    _ builder: WorkerBuilder, _ ledger: Ledger, _ report: @escaping @Sendable (GradeEvent) -> Void
  ) throws {
    // What does not even compile untouched must not be blamed on students.
    let proof = PartsProof(
      manifest, core: options.core, toolchain: options.sandbox.toolchain)
    for program in manifest.programs {
      let outcome = try builder.build([:], program: program, children: children, patience: 2)
      switch outcome {
      case .rejected(let errors): throw BuildError.untouchedFails(unit: manifest.unit, errors)
      case .usesReserved(let uses):
        throw BuildError.untouchedFails(unit: manifest.unit, uses.map(\.sentence))
      case .built(let worker, _): try proof.require(of: worker, program, cache: options.cacheFolder)
      }
    }
    let work = Leftovers.name(in: options.temporaryFolder, prefix: Self.prefix)
    try AtomicFile.createFolder(work)
    chmod(work, 0o700)
    defer { try? FileManager.default.removeItem(atPath: work) }
    let grader = SubmissionGrader(
      options: options, manifest: manifest, conditions: conditions, builder: builder,
      children: children, workFolder: work,
      data: RunData(file: work + "/data", prepare: options.prepareData))
    let again = try pass(open, jobs: options.jobs, patience: 1, grader, ledger, report)
    // A limit on the clock passed while others ran beside: only what passes it alone counts.
    guard !again.isEmpty, !children.isCancelled else { return }
    report(.alone(again.reduce(0) { $0 + $1.submissions.count }))
    _ = try pass(again, jobs: 1, patience: Self.patience, grader, ledger, report)
  }

  /// Grades the parts of a list side by side.
  ///
  /// - Returns: those that are to be done again.
  private func pass(
    _ list: [Work], jobs: Int, patience: Double, _ grader: SubmissionGrader, _ ledger: Ledger,
    _ report: @escaping @Sendable (GradeEvent) -> Void
  ) throws -> [Work] {
    struct State {
      var next = 0
      var again: [Work] = []
      var failure: (any Error)?
    }
    let state = Mutex(State())
    let all = DispatchGroup()
    for worker in 0..<max(1, min(jobs, list.count)) {
      all.enter()
      // Threads of our own: each spends its life waiting for processes.
      let thread = Thread { [children] in
        defer { all.leave() }
        while !children.isCancelled {
          let index = state.withLock {
            $0.next += 1
            return $0.next - 1
          }
          guard index < list.count, let first = list[index].submissions.first else { return }
          var work = list[index]
          do {
            let job = SubmissionGrader.Job(
              submission: first, files: work.files, patience: patience
            ) { report(.working(worker: worker, submission: first.name, doing: $0)) }
            let outcome = grader.grade(
              job, usable: try ledger.usable(work), answered: work.answerSeconds)
            if case .interrupted = outcome { return }
            if case .unsettled(let verdicts, let seconds) = outcome {
              (work.settled, work.answerSeconds) = (verdicts, seconds)
              state.withLock { [work] in $0.again.append(work) }
            } else {
              try ledger.take(work, outcome, worker: worker)
            }
          } catch {
            // The disk is full or the folder is gone: going on would lose every further result.
            state.withLock { $0.failure = $0.failure ?? error }
            children.cancel()
          }
        }
      }
      thread.start()
    }
    all.wait()
    let (again, failure) = state.withLock { ($0.again, $0.failure) }
    if let failure { throw failure }
    return again
  }
}

extension Gradebook {
  /// What the last `grade` found in the delivery; nil before the first. A regrade takes nothing in, and what was not
  /// understood then still is not.
  public func intakeReport() throws -> IntakeReport? {
    try intake().flatMap { try? JSONDecoder().decode(IntakeReport.self, from: $0) }
  }
}

/// Submissions with the same files, which are graded as one.
struct Work: Sendable {
  /// The hash of the files; empty for submissions that cannot be read.
  let files: String
  var submissions: [Submission]
  /// Verdicts of an earlier pass that hold.
  var settled: [Verdict] = []
  /// Seconds that its workers were waited for in that pass.
  var answerSeconds = 0.0

  /// The submissions, identical ones together, in the order of the first of each.
  static func group(_ submissions: [Submission]) -> [Work] {
    var works: [Work] = []
    var places: [String: Int] = [:]
    for submission in submissions {
      let files = submission.filesHash
      if let place = places[files] {
        works[place].submissions.append(submission)
      } else {
        places[files] = works.count
        works.append(Work(files: files, submissions: [submission]))
      }
    }
    return works
  }
}

extension Submission {
  /// A submission from the gradebook.
  init(_ stored: StoredSubmission, files: [String: [UInt8]]) {
    self.init(
      name: stored.name, files: files, notes: stored.notes,
      problem: [.notReadable, .noCode].contains(stored.status) ? stored.remark : nil)
    isWithoutCode = stored.status == .noCode
    members = stored.members
    late = stored.late
    if let record = try? JSONDecoder().decode(SubmissionRecord.self, from: stored.record) {
      people = record.people.map { person in
        let line = record.listed?.first { !$0.marks.isDisjoint(with: person.marks) }
        return Member(person: person, source: .platform, student: line)
      }
      elsewhere = record.elsewhere ?? []
      attempt = record.attempt
      submitted = record.submitted
      hasOwnClock = record.hasOwnClock ?? false
      answers = record.answers
      platform = record.platform ?? .plain
    }
  }
}
