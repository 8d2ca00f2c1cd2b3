import Assignment
import Gradebook
import Judge

extension CheckResult {
  /// What a kept verdict is worth in an assignment.
  init(
    _ verdict: Verdict, of check: AssignmentManifest.Check,
    in task: AssignmentManifest.Task
  ) {
    self.init(
      id: check.id, task: task.id, points: verdict.outcome == .passed ? check.points : 0,
      maxPoints: check.points, outcome: verdict.outcome, message: verdict.message,
      diagnosis: verdict.diagnosis, findings: verdict.figures.findings, details: verdict.details,
      difference: verdict.figures.difference, curve: verdict.figures.curve,
      seconds: verdict.seconds)
    mistakes = verdict.figures.mistakes
    checkHash = verdict.key.checkHash
    place = verdict.figures.place
  }
}
