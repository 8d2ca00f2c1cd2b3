import Assignment
import Building
import Files
import Foundation
import Intake

extension SubmissionGrader {
  /// Judges a task whose checks need those of another file that did not pass, with a stand-in in that
  /// file's place: a mistake in one task costs no other its points.
  ///
  /// A stand-in shares its process with the student's code. It is therefore not from the Solutions, and
  /// made of what every file may use: the program has no part of the core that the task's own has not.
  func judgeWithStandIns(
    _ job: Job, _ build: SubmissionBuild, into results: inout [CheckResult], _ spent: inout Double
  ) throws {
    for task in manifest.tasks
    where job.submission.files[task.file] != nil && build.broken[task.file] == nil {
      let failed = manifest.faultyFiles(
        below: task, Dictionary(results.map { ($0.id, $0) }) { $1 })
      guard !failed.isEmpty else { continue }
      var standIns: [String: [UInt8]] = [:]
      for file in failed {
        let path = "\(options.standInsFolder)/\(file)"
        guard let data = FileManager.default.contents(atPath: path) else {
          throw FileError.cannotRead(path: path, reason: "there is no such stand-in")
        }
        standIns[file] = [UInt8](data)
      }
      let own = manifest.program(of: task.file)
      let files = job.submission.files.filter {
        build.broken[$0.key] == nil && manifest.program(of: $0.key) == own
      }
      func built(_ files: [String: [UInt8]]) throws -> BuildOutcome {
        try builder.build(
          files, program: own, standIns: standIns, children: children, patience: job.patience,
          budget: build.budget)
      }
      var outcome = try built(files)
      // what another file takes from the one that is replaced is not this task's fault
      if case .built = outcome {} else { outcome = try built(files.filter { $0.key == task.file }) }
      guard case .built(let worker, _) = outcome else {
        // Who decides that no stand-in fits would decide what the network is compared with.
        let names = failed.joined(separator: ", ")
        for index in results.indices
        where results[index].task == task.id && results[index].outcome == .passed {
          results[index].points = 0
          results[index].outcome = .notRun
          results[index].message =
            "not judged: \(names) has not passed, and with the course's in its place \(task.file) does "
            + "not compile: use of \(names) only what the task names"
        }
        continue
      }
      // what is not this task's counts as passed here, so that it is run, and is not taken over
      let others = results.filter { $0.task != task.id }.map { result in
        var passed = result
        passed.outcome = Assignment.Outcome.passed
        return passed
      }
      let judged = try judge(job, [own: worker], others, &spent)
      if children.isCancelled { return }
      for index in results.indices where results[index].task == task.id {
        guard var result = judged.first(where: { $0.id == results[index].id }) else { continue }
        let remark = "with the course's \(failed.joined(separator: ", ")) in place of yours"
        result.message =
          result.outcome == .passed
          ? "\(result.message), \(remark)" : "(\(remark)) \(result.message)"
        // a line of the course's file is none of theirs
        if let place = result.place, failed.contains(place.file) { result.place = nil }
        results[index] = result
      }
    }
  }
}
