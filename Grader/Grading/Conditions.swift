import Assignment
import Building
import Files
import Foundation
import Gradebook
import Judge
import Sandbox

/// What the verdicts of a run depend on beside the student's files, as hashes.
struct Conditions: Sendable {
  /// Of core, toolchain, course, judge, limits, sandbox and seed.
  let environment: String
  /// The same with the recordings, for checks that train.
  let trainingEnvironment: String
  /// Of each check: the source of its class, and its entry in the assignment file but for the
  /// points, which change no verdict.
  let checks: [String: String]
  /// What the gradebook keeps of the run.
  let run: Run

  private let manifest: AssignmentManifest

  init(_ options: GradeOptions, _ manifest: AssignmentManifest, _ builder: WorkerBuilder) throws {
    let sources = CheckSources(folder: options.checksFolder)
    var checks: [String: String] = [:]
    for task in manifest.tasks {
      for check in task.checks {
        let name = check.test.split(separator: "/").first.map(String.init) ?? check.test
        var parts = [sources.hash(ofClass: name), check.id, check.test, check.title, task.file]
        parts += check.needs ?? []
        if check.trains {
          parts.append(try Self.json(manifest.data))
          parts.append(try Self.json(check.goal.flatMap { manifest.goals?[$0] }))
        }
        checks[check.id] = ContentHash.of(parts)
      }
    }
    let toolchain = Self.version(options.sandbox.toolchain, in: options.temporaryFolder)
    let limits = try Self.json(manifest.limits)
    let environment = ContentHash.of([
      manifest.unit, builder.coreHash, builder.courseHash, options.judgeHash, toolchain, limits,
      options.sandbox.tier.rawValue, "\(options.seed)", try Self.json(manifest.parts),
      try Self.json(manifest.reserved),
      try Self.json(manifest.standIns),
    ])
    self.checks = checks
    self.environment = environment
    trainingEnvironment = ContentHash.of([environment, options.dataIdentity])
    self.manifest = manifest
    run = Run(
      command: options.command, unit: manifest.unit, seed: options.seed,
      sandbox: options.sandbox.tier.rawValue, data: options.dataSource, course: builder.courseHash,
      core: builder.coreHash, judge: options.judgeHash, toolchain: toolchain, limits: limits,
      environment: environment, checks: try Self.json(checks), jobs: options.jobs,
      withoutAccuracy: options.withoutAccuracy)
  }

  /// What makes the verdict of a check on some files the same one.
  func key(
    _ check: AssignmentManifest.Check, files: String, blocked: String
  ) -> Verdict.Key {
    Verdict.Key(
      files: files, check: check.id, checkHash: checks[check.id] ?? "",
      environment: check.trains ? trainingEnvironment : environment, blocked: blocked)
  }

  /// The verdicts for the results of a judge, in the assignment's order.
  func verdicts(_ results: [CheckResult], files: String) -> [Verdict] {
    let byCheck = Dictionary(results.map { ($0.id, $0) }) { first, _ in first }
    let passed = Set(results.filter { $0.outcome == .passed }.map(\.id))
    return manifest.tasks.flatMap(\.checks).compactMap { check in
      byCheck[check.id].map {
        Verdict(
          key: key(check, files: files, blocked: Self.blocked(check, passed)), outcome: $0.outcome,
          message: $0.message, diagnosis: $0.diagnosis, details: $0.details, seconds: $0.seconds,
          figures: .init(
            difference: $0.difference, curve: $0.curve, findings: $0.findings,
            mistakes: $0.mistakes, place: $0.place))
      }
    }
  }

  /// What of some verdicts holds under these conditions.
  ///
  /// - Returns: a verdict for each check, or nil when one is missing; and those that hold if the
  ///   checks that they need pass.
  func find(
    _ known: [Verdict.Key: Verdict], files: String
  ) -> (all: [Verdict]?, usable: [Verdict]) {
    var passed: Set<String> = []
    var found: [Verdict] = []
    var usable: [Verdict] = []
    var isComplete = true
    for check in manifest.tasks.flatMap(\.checks) {
      if let verdict = known[key(check, files: files, blocked: "")] { usable.append(verdict) }
      let blocked = Self.blocked(check, passed)
      guard let verdict = known[key(check, files: files, blocked: blocked)] else {
        isComplete = false
        continue
      }
      found.append(verdict)
      if verdict.outcome == .passed { passed.insert(check.id) }
    }
    return (isComplete ? found : nil, usable)
  }

  private static func blocked(_ check: AssignmentManifest.Check, _ passed: Set<String>) -> String {
    (check.needs ?? []).filter { !passed.contains($0) }.joined(separator: ",")
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// What `swiftc --version` says in its first line; empty where it does not run, which a build
  /// then says more about.
  private static func version(_ toolchain: Toolchain, in temporaryFolder: String) -> String {
    // The compiler leaves an empty folder behind each time.
    let folder = Leftovers.name(in: temporaryFolder, prefix: GradeRun.prefix)
    try? AtomicFile.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard
      let child = try? ChildProcess(
        [toolchain.compiler, "--version"],
        environment: ProcessInfo.processInfo.environment.merging(["TMPDIR": folder]) { $1 },
        limits: Limits())
    else { return "" }
    _ = child.wait()
    return child.standardOutput.text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
  }
}
