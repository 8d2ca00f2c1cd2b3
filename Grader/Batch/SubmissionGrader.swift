import Foundation
import Gradebook
import Intake
import Judge
import Sandbox

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
    /// when nothing else runs. The verdicts that hold are here.
    case unsettled([Verdict])
    /// It was our fault, in a sentence.
    case failed(String)
    /// The run was interrupted.
    case interrupted
  }

  /// Builds the files and asks the judge for the verdicts that are missing.
  ///
  /// - Parameters:
  ///   - usable: verdicts that hold where the checks that they need have passed.
  ///   - patience: how many times limits on the clock may pass; beyond 1 they count.
  ///   - doing: is told what goes on.
  func grade(
    _ submission: Submission, files: String, usable: [Verdict], patience: Double,
    doing: (String) -> Void
  ) -> Outcome {
    let start = DispatchTime.now().uptimeNanoseconds
    do {
      doing("building")
      let build = try build(submission, patience)
      var stored = StoredBuild(
        errors: build.errors + build.forbidden.values.sorted(),
        seconds: Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9,
        cpuSeconds: build.cpuSeconds)
      let withheld = withheld(build)
      guard let worker = build.worker else {
        return .judged(conditions.verdicts(withheld, files: files), stored)
      }
      let kept = usable.compactMap(result) + withheld
      var results = try judge(submission, worker, kept, patience, doing)
      if children.isCancelled { return .interrupted }
      if Self.isBrokenAsAWhole(results),
        try judgeApart(submission, build, patience, into: &results, doing)
      {
        stored.errors.append(
          "nothing worked with all files together, so each was judged by itself")
      }
      if children.isCancelled { return .interrupted }
      for result in withheld {
        results.removeAll { $0.id == result.id }
        results.append(result)
      }
      try judgeWithSolutions(submission, build, patience, into: &results, doing)
      if children.isCancelled { return .interrupted }
      refuse(build, in: &results)
      let settled = results.filter { patience > 1 || !isOfTheClock($0) }
      guard settled.count == results.count else {
        let verdicts = conditions.verdicts(results, files: files)
        let holding = Set(settled.map(\.id))
        return .unsettled(
          verdicts.filter { $0.key.blocked.isEmpty && holding.contains($0.key.check) })
      }
      return .judged(conditions.verdicts(results, files: files), stored)
    } catch let timeout as BuildTimedOut {
      return children.isCancelled
        ? .interrupted : patience > 1 ? .failed(timeout.description) : .unsettled(usable)
    } catch {
      return children.isCancelled ? .interrupted : .failed("\(error)")
    }
  }

  /// Whether the clock and not the processor's time stopped a check.
  private func isOfTheClock(_ result: CheckResult) -> Bool {
    result.outcome == .timedOut
      && ![manifest.limits.check, manifest.limits.training].contains {
        result.message.contains(ExceededLimit.cpuSeconds.sentence($0))
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

  // MARK: The build

  struct Build {
    /// The worker's path; nil where nothing could be built.
    var worker: String?
    /// The files that do not compile, in whose place the worker has the stubs.
    var broken: Set<String> = []
    var errors: [String] = []
    /// Processor seconds of the compiler.
    var cpuSeconds = 0.0
    /// The files that use what they should write, each with a sentence.
    var forbidden: [String: String] = [:]
  }

  /// Builds what compiles: a file with errors gives way to its stub, and the others are judged.
  private func build(_ submission: Submission, _ patience: Double) throws -> Build {
    var build = Build()
    var files = submission.files
    for (name, bytes) in files {
      let text = String(decoding: bytes, as: UTF8.self)
      if let word = ReservedNames.violation(
        in: text, file: name, reserved: manifest.reserved ?? [:])
      {
        build.forbidden[name] = "\(name) uses \(word), which is the core's: write it yourself"
      }
    }
    while true {
      let outcome = try builder.build(files, children: children, patience: patience) {
        build.cpuSeconds += $0
      }
      switch outcome {
      case .built(let path):
        build.worker = path
        return build
      case .rejected(let errors):
        let errors = errors.map { PlainText.cleaned($0) }
        var broken = files.keys.filter { name in errors.contains { $0.hasPrefix(name + ":") } }
        if broken.isEmpty { broken = try brokenAlone(files, patience) }
        build.errors +=
          errors
          + broken.filter { name in !errors.contains { $0.hasPrefix(name + ":") } }
          .map { "\($0): \(errors.first ?? "it does not compile")" }
        guard !broken.isEmpty else { return build }
        for name in broken { files[name] = nil }
        build.broken.formUnion(broken)
      }
    }
  }

  /// The files that do not even compile with stubs beside them: for errors without a place, as of a
  /// linker or of a compiler that was stopped.
  private func brokenAlone(_ files: [String: [UInt8]], _ patience: Double) throws -> [String] {
    try files.keys.sorted().filter { name in
      guard let bytes = files[name] else { return false }
      if case .rejected = try builder.build([name: bytes], children: children, patience: patience) {
        return true
      }
      return false
    }
  }

  /// The checks of tasks whose files do not compile: they have no points, whatever the stubs do.
  private func withheld(_ build: Build) -> [CheckResult] {
    let tasks =
      build.worker == nil
      ? manifest.tasks : manifest.tasks.filter { build.broken.contains($0.file) }
    return tasks.flatMap { task in
      let error =
        build.errors.first { $0.hasPrefix(task.file + ":") } ?? build.errors.first ?? task.file
      return task.checks.map {
        CheckResult(
          id: $0.id, task: task.id, points: 0, maxPoints: $0.points, outcome: .notBuilt,
          message: "the code does not compile: \(error)")
      }
    }
  }

  // MARK: The judge

  func judge(
    _ submission: Submission, _ worker: String, _ kept: [CheckResult], _ patience: Double,
    _ doing: (String) -> Void
  ) throws -> [CheckResult] {
    // The names are not guessable, in case a worker runs unconfined.
    let stem = workFolder + "/" + UUID().uuidString
    let holding = Set(kept.map(\.id))
    let trains = manifest.tasks.flatMap(\.checks).contains { $0.trains && !holding.contains($0.id) }
    let request = JudgeRequest(
      unit: manifest.unit, workerPath: worker, referenceWorkerPath: options.referenceWorkerPath,
      manifestPath: options.assignmentFolder + "/assignment.yml", seed: options.seed,
      sandbox: options.sandbox.tier, gradingDataPath: trains ? try data.path() : "",
      resultPath: stem + ".result.json", submission: submission.name, members: submission.members,
      withoutAccuracy: options.withoutAccuracy, kept: kept, patience: patience)
    try AtomicFile.write(OutputFolder.json(request), to: stem + ".request.json")
    defer {
      for suffix in [".request.json", ".result.json"] { unlink(stem + suffix) }
    }
    doing("starting the judge")
    let limits = judgeLimits(patience)
    let child = try ChildProcess(
      ChildProcess.endingWithParent(options.judgeCommand + ["--request", stem + ".request.json"]),
      environment: ProcessInfo.processInfo.environment, limits: limits)
    let ending = children.wait(for: child) {
      // The judge names each check on a line of its own.
      if let check = child.standardOutput.text.split(whereSeparator: \.isNewline).last {
        doing(String(check))
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
    let answer: SubmissionResult
    do {
      answer = try JSONDecoder().decode(SubmissionResult.self, from: data)
    } catch {
      throw JudgeFailure(description: "the judge's result is not valid: \(error)")
    }
    let expected = manifest.tasks.flatMap { $0.checks.map(\.id) }
    guard answer.submission == submission.name,
      answer.checks.map(\.id).sorted() == expected.sorted()
    else {
      throw JudgeFailure(description: "the judge's result does not fit the submission")
    }
    return answer.checks
  }

  /// Nothing passed, and not because nothing was begun.
  private static func isBrokenAsAWhole(_ results: [CheckResult]) -> Bool {
    results.allSatisfy { $0.outcome != .passed }
      && (results.contains { ![.notImplemented, .notRun, .notBuilt].contains($0.outcome) }
        // a worker that answers nothing of use leaves every check waiting
        || results.allSatisfy { $0.outcome == .notRun })
  }

  /// Judges each file with stubs beside it. One file can break the worker for all tasks: by
  /// replacing `malloc`, or by what it does when the program is loaded.
  ///
  /// - Returns: whether anything passed.
  private func judgeApart(
    _ submission: Submission, _ build: Build, _ patience: Double,
    into results: inout [CheckResult], _ doing: (String) -> Void
  ) throws -> Bool {
    let files = submission.files.filter { !build.broken.contains($0.key) }
    guard files.count > 1 else { return false }
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      let built = try builder.build([name: bytes], children: children, patience: patience)
      guard case .built(let worker) = built else { continue }
      let tasks = manifest.tasks.filter { $0.file == name }.map(\.id)
      let alone = try judge(submission, worker, [], patience, doing)
      if children.isCancelled { return false }
      for index in results.indices where tasks.contains(results[index].task) {
        let check = alone.first { $0.id == results[index].id }
        if let check, check.outcome == .passed { results[index] = check }
      }
    }
    return results.contains { $0.outcome == .passed }
  }

  /// Tasks of files that use what they should write have no points for it, and the reason is said
  /// before any other.
  private func refuse(_ build: Build, in results: inout [CheckResult]) {
    for index in results.indices where results[index].outcome != .notBuilt {
      let task = manifest.tasks.first { $0.id == results[index].task }
      guard let sentence = task.flatMap({ build.forbidden[$0.file] }) else { continue }
      let old = results[index]
      results[index] = CheckResult(
        id: old.id, task: old.task, points: 0, maxPoints: old.maxPoints, outcome: .failed,
        message: sentence, details: old.details, seconds: old.seconds)
    }
  }

  /// Generous: the judge limits each check itself, and while a worker waits for a processor the clock
  /// stands here too; this only catches a judge that hangs.
  private func judgeLimits(_ patience: Double) -> Limits {
    let (check, training) = (manifest.limits.check, manifest.limits.training)
    let checks = Double(manifest.tasks.reduce(0) { $0 + $1.checks.count })
    let longest = max(check.wallSeconds, training.wallSeconds) * patience + 10
    return Limits(
      cpuSeconds: 1e8, wallSeconds: longest * max(1, checks) + 300,
      memoryBytes: 3 * max(check.memoryBytes, training.memoryBytes) + (8 << 30),
      processes: 4 * max(check.processes, training.processes) + 512,
      outputBytes: 256 << 10)
  }

  private struct JudgeFailure: Error, CustomStringConvertible {
    let description: String
  }
}
