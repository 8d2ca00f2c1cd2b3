import Assignment
import Building
import Files
import Foundation
import Gradebook
import Intake
import Judge
import Publication
import Sandbox
import Workers

/// Takes a student's files to their verdicts.
struct SubmissionGrader: Sendable {
  let options: GradeOptions
  let manifest: AssignmentManifest
  let conditions: Conditions
  let builder: WorkerBuilder
  let children: Children
  /// Where requests and results lie; nobody else may look into it.
  let workFolder: String
  let data: RunData

  /// How far the grading of some files came.
  enum Outcome: Sendable {
    /// Every check has a verdict.
    case judged([Verdict], StoredBuild)
    /// A limit on the clock passed, for which a busy machine may be the reason: to be done again
    /// when nothing else runs. The verdicts that hold are here, and the seconds that workers were
    /// waited for.
    case unsettled([Verdict], answerSeconds: Double)
    /// It was our fault, in a sentence.
    case failed(String)
    /// The run was interrupted.
    case interrupted
  }

  /// What is graded, and how.
  struct Job {
    let submission: Submission
    /// The hash of its files.
    let files: String
    /// How many times limits on the clock may pass; beyond 1 they count.
    let patience: Double
    /// Is told what goes on.
    let doing: (String) -> Void
  }

  /// Builds the files and asks the judge for the verdicts that are missing.
  ///
  /// - Parameters:
  ///   - usable: verdicts that hold where the checks that they need have passed.
  ///   - answered: seconds that workers were waited for in an earlier pass.
  func grade(_ job: Job, usable: [Verdict], answered: Double = 0) -> Outcome {
    let start = DispatchTime.now().uptimeNanoseconds
    do {
      job.doing("building")
      let build = try SubmissionBuild(
        job.submission, manifest, builder: builder, children: children, patience: job.patience)
      var stored = StoredBuild(
        errors: build.errors + build.warnings,
        seconds: Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9,
        cpuSeconds: build.budget.taken)
      let withheld = build.withheld
      guard !build.workers.isEmpty else {
        return .judged(conditions.verdicts(withheld, files: job.files), stored)
      }
      var spent = answered
      let kept = usable.compactMap(result) + withheld
      var results = try judge(job, build.workers, kept, &spent)
      if children.isCancelled { return .interrupted }
      if Self.isBrokenAsAWhole(results), try judgeApart(job, build, into: &results, &spent) {
        stored.errors.append(
          "nothing worked with all files together, so each was judged by itself")
      }
      if children.isCancelled { return .interrupted }
      dropForeignPlaces(job, &results, build)
      for result in withheld {
        results.removeAll { $0.id == result.id }
        results.append(result)
      }
      try judgeWithStandIns(job, build, into: &results, &spent)
      if children.isCancelled { return .interrupted }
      let settled = results.filter { job.patience > 1 || $0.timeLimit != .clock }
      let verdicts = conditions.verdicts(results, files: job.files)
      guard settled.count == results.count else {
        let holding = Set(settled.map(\.id))
        return .unsettled(
          verdicts.filter { $0.key.blocked.isEmpty && holding.contains($0.key.check) },
          answerSeconds: spent)
      }
      return .judged(verdicts, stored)
    } catch let timeout as BuildTimedOut {
      return children.isCancelled
        ? .interrupted
        : job.patience > 1
          ? .failed(timeout.description) : .unsettled(usable, answerSeconds: answered)
    } catch {
      return children.isCancelled ? .interrupted : .failed("\(error)")
    }
  }

  /// A verdict as the judge knows it.
  private func result(_ verdict: Verdict) -> CheckResult? {
    guard
      let task = manifest.tasks.first(where: { $0.checks.contains { $0.id == verdict.key.check } }),
      let check = task.checks.first(where: { $0.id == verdict.key.check })
    else { return nil }
    return CheckResult(verdict, of: check, in: task)
  }

  // MARK: The judge

  /// Asks a judge for all checks but those that are kept.
  ///
  /// - Parameters:
  ///   - workers: the submission's programs.
  ///   - spent: the seconds that workers were waited for so far.
  /// - Throws: `JudgeFailure` without an answer that fits.
  func judge(
    _ job: Job, _ workers: [StudentProgram: String], _ kept: [CheckResult], _ spent: inout Double
  ) throws -> [CheckResult] {
    // The names are not guessable, in case a worker runs unconfined.
    let stem = workFolder + "/" + UUID().uuidString
    let holding = Set(kept.map(\.id))
    let trains = manifest.tasks.flatMap(\.checks).contains { $0.trains && !holding.contains($0.id) }
    let submission = job.submission
    let request = JudgeRequest(
      unit: manifest.unit,
      workerPaths: Dictionary(uniqueKeysWithValues: workers.map { ($0.name, $1) }),
      referenceWorkerPath: options.referenceWorkerPath,
      manifestPath: options.assignmentFolder + "/assignment.yml",
      seed: SeededNumbers.seed(of: options.seed, content: job.files),
      sandbox: options.sandbox.tier, gradingDataPath: trains ? try data.path() : "",
      resultPath: stem + ".result.json", submission: submission.name, members: submission.members,
      withoutAccuracy: options.withoutAccuracy, kept: kept,
      checkSeconds: options.checkSeconds, patience: job.patience, answered: spent)
    try AtomicFile.write(OutputFolder.json(request), to: stem + ".request.json")
    defer {
      for suffix in [".request.json", ".result.json"] { unlink(stem + suffix) }
    }
    job.doing("starting the judge")
    let limits = judgeLimits(job.patience)
    let child = try ChildProcess(
      ChildProcess.endingWithParent(options.judgeCommand + ["--request", stem + ".request.json"]),
      environment: ProcessInfo.processInfo.environment.merging(WorkerClient.environment) { $1 },
      limits: limits)
    let ending = children.wait(for: child) {
      // The judge names each check on a line of its own.
      if let check = child.standardOutput.text.split(whereSeparator: \.isNewline).last {
        job.doing(String(check))
      }
    }
    let said = child.standardError.text.split(separator: "\n").suffix(3).joined(separator: " ")
    if let exceeded = ending.exceeded {
      throw JudgeFailure(description: "the judge \(exceeded.sentence(limits)): \(said)")
    }
    // The file decides, not the exit status: without a whole answer nothing is graded.
    guard let data = FileManager.default.contents(atPath: request.resultPath) else {
      throw JudgeFailure(description: "the judge left no result (\(ending.summary)): \(said)")
    }
    guard ending.isSuccess else {
      throw JudgeFailure(description: "the judge ended with \(ending.summary): \(said)")
    }
    let answer: JudgeAnswer
    do {
      answer = try JSONDecoder().decode(JudgeAnswer.self, from: data)
    } catch {
      throw JudgeFailure(description: "the judge's result is not valid: \(error)")
    }
    let expected = manifest.tasks.flatMap { $0.checks.map(\.id) }
    guard answer.submission == submission.name,
      answer.checks.map(\.id).sorted() == expected.sorted()
    else {
      throw JudgeFailure(description: "the judge's result does not fit the submission")
    }
    spent = answer.answered
    return answer.checks
  }

  /// Nothing passed, and not because nothing was begun.
  private static func isBrokenAsAWhole(_ results: [CheckResult]) -> Bool {
    results.allSatisfy { $0.outcome != .passed }
      && (results.contains { ![.notImplemented, .notRun, .notBuilt].contains($0.outcome) }
        // a worker that answers nothing of use leaves every check waiting
        || results.allSatisfy { $0.outcome == .notRun })
  }

  /// A line of a stub that stands in for a student's file is none of theirs.
  private func dropForeignPlaces(
    _ job: Job, _ results: inout [CheckResult], _ build: SubmissionBuild
  ) {
    for index in results.indices {
      guard let place = results[index].place else { continue }
      let id = results[index].id
      let task = manifest.tasks.first { $0.checks.contains { $0.id == id } }
      let isTheirs = task.map { task in
        job.submission.files[place.file] != nil && build.holds(place.file, for: task)
      }
      if isTheirs != true { results[index].place = nil }
    }
  }

  /// Judges each file with stubs beside it. One file can break the worker for all tasks: by
  /// replacing `malloc`, or by what it does when the program is loaded.
  ///
  /// - Returns: whether anything passed.
  private func judgeApart(
    _ job: Job, _ build: SubmissionBuild, into results: inout [CheckResult], _ spent: inout Double
  ) throws -> Bool {
    let files = job.submission.files.filter { build.broken[$0.key] == nil }
    guard files.count > 1 else { return false }
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      let program = manifest.program(of: name)
      let built = try builder.build(
        [name: bytes], program: program, children: children, patience: job.patience,
        budget: build.budget)
      guard case .built(let worker, _) = built else { continue }
      let tasks = manifest.tasks.filter { $0.file == name }.map(\.id)
      let others = results.filter { !tasks.contains($0.task) }
      let alone = try judge(job, [program: worker], others, &spent)
      if children.isCancelled { return false }
      for index in results.indices where tasks.contains(results[index].task) {
        let check = alone.first { $0.id == results[index].id }
        if let check, check.outcome == .passed { results[index] = check }
      }
    }
    return results.contains { $0.outcome == .passed }
  }

  /// Generous: the judge limits each check and all of them together, and while a worker waits for a
  /// processor the clock stands here too; this only catches a judge that hangs.
  private func judgeLimits(_ patience: Double) -> Limits {
    let (check, training) = (manifest.limits.check, manifest.limits.training)
    return Limits(
      cpuSeconds: 1e8, wallSeconds: manifest.limits.submission.answerSeconds + 300,
      memoryBytes: 3 * max(check.memoryBytes, training.memoryBytes) + (8 << 30),
      processes: 4 * max(check.processes, training.processes) + 512,
      outputBytes: 256 << 10)
  }

  private struct JudgeFailure: Error, CustomStringConvertible {
    let description: String
  }
}
