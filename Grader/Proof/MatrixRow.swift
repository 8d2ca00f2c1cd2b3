import Assignment

/// An entry of the library and what the checks made of it.
struct MatrixRow: Sendable {
  let entry: StudentMistake
  /// The results of the tasks whose files it hands in.
  let checks: [CheckResult]
  /// The entry's task, as results name it.
  private let task: String?
  private let manifest: AssignmentManifest

  init(_ entry: StudentMistake, _ result: SubmissionResult, _ manifest: AssignmentManifest) {
    self.entry = entry
    task = manifest.tasks.first { $0.name == entry.task }?.id
    self.manifest = manifest
    let tasks = manifest.tasks.filter { entry.files[$0.file] != nil }.map(\.id)
    checks = result.checks.filter { tasks.contains($0.task) }
  }

  /// The checks that it failed: neither passed nor waiting for another.
  var caught: [CheckResult] { checks.filter(Self.isCaught) }

  private static func isCaught(_ check: CheckResult) -> Bool {
    ![.passed, .notRun].contains(check.outcome)
  }

  /// Whether a check that must catch it was not run, for one that may do so did so before: which of them
  /// comes first is the draw's.
  func isCaughtBefore(_ check: CheckResult) -> Bool {
    guard entry.fails(check.id), check.outcome == .notRun else { return false }
    let needed = manifest.checksNeeded(
      by: manifest.tasks.flatMap(\.checks).filter { $0.id == check.id })
    return caught.contains { needed.contains($0.id) && entry.may.contains($0.id) }
  }

  /// Whether it does not even compile.
  var isBroken: Bool { checks.contains { $0.outcome == .notBuilt } }

  /// Whether it is called by its name in the feedback.
  var isNamed: Bool { names(entry) }

  /// Whether a mistake is called by its name in the feedback; what a check waits for is part of it.
  func names(_ mistake: StudentMistake) -> Bool {
    checks.contains { check in
      guard check.outcome != .passed else { return false }
      switch mistake.called {
      case nil: return false
      case .known(let name): return check.mistakes?.contains(name) ?? false
      // what stands first is what is believed: words below another cause lead nobody to theirs
      case .words(let words):
        let first = check.diagnosis ?? Self.text(check)
        return words.contains { first.contains($0) }
      }
    }
  }

  /// What is not as the library wants it, one sentence each.
  var problems: [String] {
    if let broken = checks.first(where: { $0.outcome == .notBuilt }) {
      return ["\(entry.name): \(broken.message)"]
    }
    if !entry.isRight, caught.isEmpty { return ["\(entry.name) survives: no check catches it"] }
    var problems = checks.compactMap(problem)
    if !isNamed, let wanted {
      problems.append(
        "\(entry.name) should \(wanted) and reads: \(caught.first.map(Self.text) ?? "")")
    }
    return problems
  }

  /// What the feedback should do, if anything is wrong.
  private var wanted: String? {
    switch entry.called {
    case nil: nil
    case .known(let name): "be called \(name)"
    case .words(let words): "read \(words.map { "\"\($0)\"" }.joined(separator: " or "))"
    }
  }

  private func problem(_ check: CheckResult) -> String? {
    guard !entry.may.contains(check.id) else { return nil }
    let ended = "\(check.id) is \(check.outcome.rawValue) (\(Self.text(check)))"
    switch (entry.fails(check.id), Self.isCaught(check)) {
    case (true, false):
      return isCaughtBefore(check) ? nil : "\(entry.name) should be caught, but \(ended)"
    case (false, true): return "\(entry.name) should not cost this, but \(ended)"
    case (false, false) where check.task != task && check.outcome == .notRun:
      return "\(entry.name) should leave another task alone, but \(ended)"
    default:
      return entry.isRight && check.outcome != .passed
        ? "\(entry.name) is right, but \(ended)" : nil
    }
  }

  private static func text(_ check: CheckResult) -> String {
    ([check.message] + (check.findings ?? [])).joined(separator: ". ")
      + (check.diagnosis.map { " — \($0)" } ?? "")
  }
}
