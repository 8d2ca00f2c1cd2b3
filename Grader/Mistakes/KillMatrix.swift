import Judge

/// Which checks caught which mistakes, and whether that is as the library wants it.
public struct KillMatrix: Sendable {
  /// An entry and what became of it.
  public struct Row: Sendable {
    /// The entry.
    public let entry: StudentMistake
    /// Its result.
    public let result: SubmissionResult
    /// The results of the tasks whose files it hands in.
    let checks: [CheckResult]

    init(_ entry: StudentMistake, _ result: SubmissionResult, _ manifest: AssignmentManifest) {
      self.entry = entry
      self.result = result
      let tasks = manifest.tasks.filter { entry.files[$0.file] != nil }.map(\.id)
      checks = result.checks.filter { tasks.contains($0.task) }
    }

    /// The checks that it cost its points at once: neither passed nor waiting for another.
    var caught: [CheckResult] {
      checks.filter { ![.passed, .notRun].contains($0.outcome) }
    }

    /// What is not as the library wants it, one sentence each.
    var problems: [String] {
      guard result.status == .graded || result.status == .notBuilt else {
        return ["\(entry.name) was not judged: \(result.notes.last ?? "")"]
      }
      if !entry.isRight, caught.isEmpty { return ["\(entry.name) survives: no check catches it"] }
      if let error = result.notes.first(where: { $0.contains(": error:") }) {
        return ["\(entry.name) does not compile: \(error)"]
      }
      var problems: [String] = []
      for check in checks {
        let isCaught = ![.passed, .notRun].contains(check.outcome)
        if entry.fails(check.id), !isCaught {
          problems.append(
            "\(entry.name) should be caught by \(check.id), which is \(check.outcome)")
        } else if !entry.fails(check.id), isCaught {
          problems.append(
            "\(entry.name) costs \(check.id), which it should not: \(Self.text(check))")
        } else if entry.isRight, check.outcome != .passed {
          problems.append("\(entry.name) is right, but \(check.id) is \(check.outcome)")
        }
      }
      if let says = entry.says, !Self.says(says, caught) {
        let instead = caught.first.map(Self.text) ?? ""
        problems.append("\(entry.name) should read \"\(says)\" and reads: \(instead)")
      }
      return problems
    }

    static func says(_ sentence: String, _ checks: [CheckResult]) -> Bool {
      checks.contains { text($0).contains(sentence) }
    }

    private static func text(_ check: CheckResult) -> String {
      check.message + (check.diagnosis.map { " — \($0)" } ?? "")
    }
  }

  /// In the order of the library.
  public let rows: [Row]
  /// Entries without a result.
  public let missing: [StudentMistake]
  let manifest: AssignmentManifest

  /// Takes the entries' results, by name.
  public init(
    _ entries: [StudentMistake], results: [SubmissionResult], manifest: AssignmentManifest
  ) {
    let results = Dictionary(results.map { ($0.submission, $0) }) { $1 }
    rows = entries.compactMap { entry in
      results[entry.name].map { Row(entry, $0, manifest) }
    }
    missing = entries.filter { results[$0.name] == nil }
    self.manifest = manifest
  }

  /// Everything that is not as it should be, one sentence each: survivors, right variants that
  /// failed, checks that were lost without need, sentences that did not appear.
  public var problems: [String] {
    missing.map { "\($0.name) has no result" } + rows.flatMap(\.problems)
  }

  /// The numbers in one line.
  public var summary: String {
    let mistakes = rows.filter { !$0.entry.isRight }
    let right = rows.filter(\.entry.isRight)
    let caught = mistakes.count { !$0.caught.isEmpty }
    let passed = right.count { $0.checks.allSatisfy { $0.outcome == .passed } }
    let named = mistakes.count { row in row.entry.says.map { Row.says($0, row.caught) } ?? false }
    return "\(caught) of \(mistakes.count) mistakes caught, \(named) named; "
      + "\(passed) of \(right.count) right variants pass"
  }

  /// The share of pairs of mistakes whose two sentences appeared, as a sentence; pairs that do not
  /// compile together do not count.
  public static func summary(
    of pairs: [MistakeLibrary.Pair], results: [SubmissionResult], manifest: AssignmentManifest
  ) -> String {
    let results = Dictionary(results.map { ($0.submission, $0) }) { $1 }
    let judged = pairs.compactMap { pair in
      results[pair.joined.name].map { (pair, Row(pair.joined, $0, manifest)) }
    }.filter { $0.1.result.notes.isEmpty }
    let caught = judged.count { !$0.1.caught.isEmpty }
    let named = judged.count { pair, row in
      [pair.first, pair.second].allSatisfy { Row.says($0.says ?? "", row.caught) }
    }
    return "\(caught) of \(judged.count) pairs of mistakes caught, both named in \(named)"
  }
}
