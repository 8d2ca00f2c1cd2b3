import Assignment
import Foundation
import Gradebook
import Intake
import Judge
import Publication
import Synchronization

/// Enters what a run finds into the gradebook, and gathers the results.
final class Ledger: Sendable {
  /// The verdicts on some files, which may be those of an earlier run.
  struct Known: Sendable {
    let verdicts: [Verdict]
    let build: StoredBuild?
  }

  private let gradebook: Gradebook
  private let conditions: Conditions
  private let run: Int64
  private let assembly: ResultAssembly
  private let report: @Sendable (GradeEvent) -> Void
  private let state = Mutex<[String: SubmissionResult]>([:])

  init(
    gradebook: Gradebook, conditions: Conditions, run: Int64, assembly: ResultAssembly,
    report: @escaping @Sendable (GradeEvent) -> Void
  ) {
    self.gradebook = gradebook
    self.conditions = conditions
    self.run = run
    self.assembly = assembly
    self.report = report
  }

  /// The results so far, by submission.
  var results: [String: SubmissionResult] { state.withLock { $0 } }

  /// All verdicts on some files, if every check has one; files that cannot be read need none.
  func find(_ work: Work) throws -> Known? {
    if work.files.isEmpty { return Known(verdicts: [], build: nil) }
    guard
      let all = conditions.find(try gradebook.verdicts(on: work.files), files: work.files).all,
      let build = try gradebook.build(work.files, environment: conditions.environment)
    else { return nil }
    return Known(verdicts: all, build: build)
  }

  /// The verdicts on some files that hold.
  func usable(_ work: Work) throws -> [Verdict] {
    let known = try gradebook.verdicts(on: work.files)
    return conditions.find(known, files: work.files).usable + work.settled
  }

  /// Takes a submission whose verdicts are known; nothing is written when the gradebook has it so.
  func take(_ submission: Submission, _ known: Known, stored: GradedSubmission?) throws {
    let graded = graded(submission, known.verdicts, known.build)
    if var stored {
      stored.run = run
      stored.verdicts.sort { $0.key.check < $1.key.check }
      var own = graded
      own.verdicts.sort { $0.key.check < $1.key.check }
      if stored == own { return finish(assembly.result(graded), worker: nil) }
    }
    try record(submission, graded)
    finish(assembly.result(graded), worker: nil)
  }

  /// Takes what the grading of some files gave, for all submissions that consist of them.
  func take(_ work: Work, _ outcome: SubmissionGrader.Outcome, worker: Int) throws {
    for submission in work.submissions {
      let graded =
        switch outcome {
        case .judged(let verdicts, let build): graded(submission, verdicts, build)
        case .failed(let reason): graded(submission, [], nil, failure: reason)
        case .unsettled, .interrupted: graded(submission, [], nil, failure: "not finished")
        }
      try record(submission, graded)
      finish(assembly.result(graded), worker: worker)
    }
  }

  private func graded(
    _ submission: Submission, _ verdicts: [Verdict], _ build: StoredBuild?, failure: String? = nil
  ) -> GradedSubmission {
    let status: SubmissionResult.Status =
      submission.problem != nil
      ? (submission.isWithoutCode ? .noCode : .notReadable)
      : failure != nil
        ? .judgeFailed : verdicts.allSatisfy { $0.outcome == .notBuilt } ? .notBuilt : .graded
    return GradedSubmission(
      submission: StoredSubmission(
        name: submission.name, members: submission.members,
        files: submission.filesHash,
        notes: submission.notes, status: status, remark: submission.problem ?? failure ?? "",
        attempt: submission.attempt ?? 1, late: submission.late,
        record: (try? OutputFolder.json(SubmissionRecord(submission))) ?? Data()),
      verdicts: verdicts, build: build, run: run)
  }

  private func record(_ submission: Submission, _ graded: GradedSubmission) throws {
    try gradebook.record(
      graded, contents: submission.files, environment: conditions.environment)
  }

  private func finish(_ result: SubmissionResult, worker: Int?) {
    state.withLock { $0[result.submission] = result }
    report(.finished(result, worker: worker))
  }
}
