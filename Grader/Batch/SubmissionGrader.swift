import Foundation
import Judge
import Sandbox

/// Takes one submission from its files to its result.
struct SubmissionGrader: Sendable {
  let options: GradeOptions
  let manifest: AssignmentManifest
  let manifestPath: String
  let builder: WorkerBuilder
  let children: Children
  let workFolder: String

  /// The result; nil if the run was interrupted.
  func grade(_ submission: Submission) -> SubmissionResult? {
    if let problem = submission.problem {
      return result(
        submission, .notReadable, .notRun, "the submission cannot be read: \(problem)",
        notes: ["The submission cannot be read: \(problem)"])
    }
    let start = DispatchTime.now().uptimeNanoseconds
    func elapsed() -> Double { Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9 }
    let build: Build
    do {
      build = try self.build(submission)
    } catch {
      if children.isCancelled { return nil }
      return result(
        submission, .judgeFailed, .notRun, "not graded, by no fault of yours", notes: ["\(error)"])
    }
    guard let worker = build.worker else {
      var outcome = result(
        submission, .notBuilt, .notBuilt, "the code does not compile: \(build.errors.first ?? "")",
        notes: build.errors)
      outcome.seconds.build = elapsed()
      return outcome
    }
    let buildSeconds = elapsed()
    var judged: SubmissionResult
    do {
      judged = try judge(submission, worker: worker)
      if Self.isBrokenAsAWhole(judged) { try judgeApart(submission, build, into: &judged) }
    } catch {
      if children.isCancelled { return nil }
      judged = result(
        submission, .judgeFailed, .notRun, "not graded, by no fault of yours", notes: ["\(error)"])
    }
    if children.isCancelled { return nil }
    withhold(build, from: &judged)
    if !build.forbidden.isEmpty { refuse(build, in: &judged) }
    judged.seconds.build = buildSeconds
    if judged.seconds.judge == 0 { judged.seconds.judge = elapsed() - buildSeconds }
    return judged
  }

  // MARK: The build

  private struct Build {
    /// The worker's path; nil where nothing could be built.
    var worker: String?
    /// The files that do not compile, in whose place the worker has the stubs.
    var broken: Set<String> = []
    var errors: [String] = []
    /// The files that use what they should write, each with a sentence.
    var forbidden: [String: String] = [:]
  }

  /// Builds what compiles: a file with errors gives way to its stub, and the others are judged.
  private func build(_ submission: Submission) throws -> Build {
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
      switch try builder.build(files, children: children) {
      case .built(let path):
        build.worker = path
        return build
      case .rejected(let errors):
        let errors = errors.map { PlainText.cleaned($0) }
        var broken = files.keys.filter { name in errors.contains { $0.hasPrefix(name + ":") } }
        if broken.isEmpty { broken = try brokenAlone(files) }
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
  private func brokenAlone(_ files: [String: [UInt8]]) throws -> [String] {
    try files.keys.sorted().filter { name in
      guard let bytes = files[name] else { return false }
      if case .rejected = try builder.build([name: bytes], children: children) { return true }
      return false
    }
  }

  /// Tasks of files that use what they should write have no points for it.
  private func refuse(_ build: Build, in result: inout SubmissionResult) {
    for index in result.checks.indices {
      let check = result.checks[index].id
      guard let task = manifest.tasks.first(where: { $0.checks.contains { $0.id == check } }),
        let sentence = build.forbidden[task.file], result.checks[index].points > 0
      else { continue }
      result.checks[index].points = 0
      result.checks[index].outcome = .failed
      result.checks[index].message = sentence
    }
    result.notes += build.forbidden.values.sorted()
    result.score = result.checks.reduce(0) { $0 + $1.points }
  }

  /// The tasks of files that do not compile have no points, whatever the stubs did.
  private func withhold(_ build: Build, from result: inout SubmissionResult) {
    guard !build.broken.isEmpty else { return }
    result.notes += build.errors
    for index in result.checks.indices {
      let check = result.checks[index].id
      guard let task = manifest.tasks.first(where: { $0.checks.contains { $0.id == check } }),
        build.broken.contains(task.file)
      else { continue }
      let error = build.errors.first { $0.hasPrefix(task.file + ":") } ?? task.file
      result.checks[index].points = 0
      result.checks[index].outcome = .notBuilt
      result.checks[index].message = "the code does not compile: \(error)"
    }
    result.score = result.checks.reduce(0) { $0 + $1.points }
  }

  // MARK: The judge

  private func judge(_ submission: Submission, worker: String) throws -> SubmissionResult {
    // The names are not guessable, in case a worker runs unconfined.
    let stem = workFolder + "/" + UUID().uuidString
    let request = JudgeRequest(
      unit: manifest.unit, workerPath: worker, referenceWorkerPath: options.referenceWorkerPath,
      manifestPath: manifestPath, seed: options.seed, sandbox: options.sandbox.tier,
      gradingDataPath: options.gradingDataPath, resultPath: stem + ".result.json",
      submission: submission.name, members: submission.members)
    try AtomicFile.write(OutputFolder.json(request), to: stem + ".request.json")
    defer {
      for suffix in [".request.json", ".result.json"] { unlink(stem + suffix) }
    }
    let limits = judgeLimits
    let child = try ChildProcess(
      ChildProcess.endingWithParent(options.judgeCommand + ["--request", stem + ".request.json"]),
      environment: ProcessInfo.processInfo.environment, limits: limits)
    let ending = children.wait(for: child)
    let said = child.standardError.text.split(separator: "\n").suffix(3).joined(separator: " ")
    if let exceeded = ending.exceeded {
      throw JudgeFailure(description: "the judge \(exceeded.sentence(limits)): \(said)")
    }
    // The file decides, not the exit status: without a whole answer nothing is graded.
    guard let data = FileManager.default.contents(atPath: request.resultPath) else {
      throw JudgeFailure(
        description: "the judge left no result (\(ending.summary)): \(said)")
    }
    guard ending.isSuccess else {
      throw JudgeFailure(description: "the judge ended with \(ending.summary): \(said)")
    }
    var answer: SubmissionResult
    do {
      answer = try JSONDecoder().decode(SubmissionResult.self, from: data)
    } catch {
      throw JudgeFailure(description: "the judge's result is not valid: \(error)")
    }
    let expected = manifest.tasks.flatMap { $0.checks.map(\.id) }
    guard answer.submission == submission.name,
      answer.checks.map(\.id).sorted() == expected.sorted(),
      answer.score.isFinite, answer.score <= maxScore + 1e-9
    else {
      throw JudgeFailure(description: "the judge's result does not fit the submission")
    }
    answer.notes = submission.notes + answer.notes
    answer.sandbox = options.sandbox.summary
    return answer
  }

  /// Nothing passed, and not because nothing was begun.
  private static func isBrokenAsAWhole(_ result: SubmissionResult) -> Bool {
    result.checks.allSatisfy { $0.outcome != .passed }
      && result.checks.contains { ![.notImplemented, .notRun, .notBuilt].contains($0.outcome) }
  }

  /// Judges each file with stubs beside it. One file can break the worker for all tasks: by replacing
  /// `malloc`, or by what it does when the program is loaded.
  private func judgeApart(
    _ submission: Submission, _ build: Build, into result: inout SubmissionResult
  ) throws {
    let files = submission.files.filter { !build.broken.contains($0.key) }
    guard files.count > 1 else { return }
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      guard case .built(let worker) = try builder.build([name: bytes], children: children) else {
        continue
      }
      let tasks = manifest.tasks.filter { $0.file == name }.map(\.id)
      let alone = try judge(submission, worker: worker)
      for index in result.checks.indices where tasks.contains(result.checks[index].task) {
        let check = alone.checks.first { $0.id == result.checks[index].id }
        if let check, check.outcome == .passed { result.checks[index] = check }
      }
    }
    result.score = result.checks.reduce(0) { $0 + $1.points }
    if result.score > 0 {
      result.notes.append("nothing worked with all files together, so each was judged by itself")
    }
  }

  /// Generous: the judge limits each check itself; this only catches a judge that hangs.
  private var judgeLimits: Limits {
    let (check, training) = (manifest.limits.check, manifest.limits.training)
    let checks = Double(manifest.tasks.reduce(0) { $0 + $1.checks.count })
    return Limits(
      cpuSeconds: 1e8,
      wallSeconds: (max(check.wallSeconds, training.wallSeconds) + 10) * max(1, checks) + 300,
      memoryBytes: 3 * max(check.memoryBytes, training.memoryBytes) + (8 << 30),
      processes: 4 * max(check.processes, training.processes) + 512,
      outputBytes: 256 << 10)
  }

  private struct JudgeFailure: Error, CustomStringConvertible {
    let description: String
  }

  // MARK: Results without a judge

  private var maxScore: Double { manifest.tasks.reduce(0) { $0 + $1.points } }

  private func result(
    _ submission: Submission, _ status: SubmissionResult.Status, _ outcome: Outcome,
    _ message: String, notes: [String]
  ) -> SubmissionResult {
    let checks = manifest.tasks.flatMap { task in
      task.checks.map {
        CheckResult(
          id: $0.id, task: task.id, points: 0, maxPoints: $0.points, outcome: outcome,
          message: message)
      }
    }
    return SubmissionResult(
      submission: submission.name, members: submission.members, status: status, score: 0,
      maxScore: maxScore, seed: options.seed, sandbox: options.sandbox.summary,
      seconds: .init(), checks: checks, notes: submission.notes + notes)
  }
}
