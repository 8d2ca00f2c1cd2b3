import Assignment
import Foundation
import Gradebook

/// Makes a submission's result of its verdicts: here the points come in, so that a changed point
/// value needs no judge.
struct ResultAssembly: Sendable {
  let manifest: AssignmentManifest
  let seed: UInt64
  let sandbox: String
  /// What kind of recordings accuracy checks use, in words.
  let recordings: String?

  func result(_ graded: GradedSubmission) -> SubmissionResult {
    let submission = graded.submission
    let verdicts = Dictionary(graded.verdicts.map { ($0.key.check, $0) }) { first, _ in first }
    let missing = missingMessage(submission)
    let checks = manifest.tasks.flatMap { task in
      task.checks.map { check in
        guard let verdict = verdicts[check.id] else {
          return CheckResult(
            id: check.id, task: task.id, points: 0, maxPoints: check.points, outcome: .notRun,
            message: missing)
        }
        return CheckResult(verdict, of: check, in: task)
      }
    }
    var notes = submission.notes + (graded.build?.errors ?? [])
    if submission.status == .notReadable {
      notes.append("The submission cannot be read: \(submission.remark)")
    } else if submission.status == .noCode {
      notes.append(missing)
    }
    var result = SubmissionResult(
      submission: submission.name, members: submission.members, status: submission.status,
      score: checks.reduce(0) { $0 + $1.points }, maxScore: manifest.maxScore, seed: seed,
      sandbox: sandbox,
      seconds: .init(
        build: graded.build?.seconds ?? 0, judge: checks.reduce(0) { $0 + $1.seconds },
        compilerCPU: graded.build?.cpuSeconds),
      checks: checks, notes: notes)
    if submission.status == .judgeFailed { result.details = submission.remark }
    let said = (graded.build?.errors ?? []).compactMap { CompilerMessage($0) }
    result.compilerMessages = said.isEmpty ? nil : said
    result.late = submission.late
    result.files = submission.files
    result.recordings = recordings
    return result
  }

  private func missingMessage(_ submission: StoredSubmission) -> String {
    switch submission.status {
    case .notReadable: "the submission cannot be read: \(submission.remark)"
    case .noCode: "no code was handed in: \(submission.remark)"
    case .judgeFailed: "not graded, by no fault of yours"
    case .graded, .notBuilt: "not run yet: the check is new"
    }
  }
}
