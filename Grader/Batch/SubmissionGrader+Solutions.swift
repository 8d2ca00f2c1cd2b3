import Foundation
import Intake
import Judge

extension SubmissionGrader {
  /// Judges a task whose checks need those of another file that did not pass, with the Solutions'
  /// file in its place: a mistake in one task costs no other its points.
  func judgeWithSolutions(
    _ submission: Submission, _ build: Build, _ patience: Double,
    into results: inout [CheckResult], _ doing: (String) -> Void
  ) throws {
    guard let folder = options.solutionsFolder else { return }
    for task in manifest.tasks where submission.files[task.file] != nil {
      let failed = failedFiles(neededBy: task, results)
      guard !failed.isEmpty else { continue }
      var files = submission.files.filter { !build.broken.contains($0.key) || $0.key == task.file }
      for file in failed {
        guard let data = FileManager.default.contents(atPath: folder + "/" + file) else {
          throw BatchError.cannotRead(path: folder + "/" + file, reason: "there is no solution")
        }
        files[file] = [UInt8](data)
      }
      guard
        case .built(let worker) = try builder.build(files, children: children, patience: patience)
      else { continue }
      // what is not this task's counts as passed here, so that it is run, and is not taken over
      let others = results.filter { $0.task != task.id }.map { result in
        var passed = result
        passed.outcome = Judge.Outcome.passed
        return passed
      }
      let judged = try judge(submission, worker, others, patience, doing)
      if children.isCancelled { return }
      for index in results.indices where results[index].task == task.id {
        guard var result = judged.first(where: { $0.id == results[index].id }) else { continue }
        let remark = "with the course's \(failed.joined(separator: ", ")) in place of yours"
        result.message =
          result.outcome == .passed
          ? "\(result.message), \(remark)" : "(\(remark)) \(result.message)"
        results[index] = result
      }
    }
  }

  /// The files of other tasks with checks that a task's need and that did not pass.
  private func failedFiles(
    neededBy task: AssignmentManifest.Task, _ results: [CheckResult]
  ) -> [String] {
    let needed = Set(task.checks.flatMap { $0.needs ?? [] })
    let files = manifest.tasks.filter { other in
      other.file != task.file
        && other.checks.contains { check in
          needed.contains(check.id)
            && results.contains { $0.id == check.id && $0.outcome != .passed }
        }
    }.map(\.file)
    return Set(files).sorted()
  }
}
