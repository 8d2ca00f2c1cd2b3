import Assignment

/// Which checks caught which mistakes, and whether that is as the library wants it.
public struct KillMatrix: Sendable {
  /// In the order of the library.
  let rows: [MatrixRow]
  private let missing: [StudentMistake]
  let manifest: AssignmentManifest

  /// Takes the entries' results.
  ///
  /// - Parameters:
  ///   - places: the submission of each entry, as `MistakeLibrary.write` gives them.
  ///   - results: of the submissions.
  ///   - manifest: the checks that were run.
  public init(
    _ entries: [StudentMistake], places: [String: String], results: [SubmissionResult],
    manifest: AssignmentManifest
  ) {
    let judged = results.filter { [.graded, .notBuilt].contains($0.status) }
    let results = Dictionary(judged.map { ($0.submission, $0) }) { $1 }
    func result(_ entry: StudentMistake) -> SubmissionResult? {
      places[entry.name].flatMap { results[$0] }
    }
    rows = entries.compactMap { entry in result(entry).map { MatrixRow(entry, $0, manifest) } }
    missing = entries.filter { result($0) == nil }
    self.manifest = manifest
  }

  /// Everything that is not as it should be, one sentence each: survivors, right variants that
  /// failed, checks that were lost without need, sentences that did not appear.
  public var problems: [String] {
    missing.map { "\($0.name) was not judged" } + rows.flatMap(\.problems)
  }

  /// The numbers in one line.
  public var summary: String {
    let mistakes = rows.filter { !$0.entry.isRight }
    let right = rows.filter(\.entry.isRight)
    let passed = right.count { $0.checks.allSatisfy { $0.outcome == .passed } }
    return "\(mistakes.count { !$0.caught.isEmpty }) of \(mistakes.count) mistakes caught, "
      + "\(mistakes.count(where: \.isNamed)) called by their names; "
      + "\(passed) of \(right.count) right variants pass"
  }

  /// What became of two mistakes at once, in one line; those that do not compile together do not
  /// count.
  public func summary(of pairs: [MistakeLibrary.Pair]) -> String {
    let judged = pairs.compactMap { pair in
      rows.first { $0.entry.name == pair.joined.name && !$0.isBroken }.map { (pair, $0) }
    }
    let named = judged.count { pair, row in
      [pair.first, pair.second].allSatisfy(row.names)
    }
    // a mistake that the other one hides changes no number, so that nothing can name it
    let half = judged.count { pair, row in
      [pair.first, pair.second].count(where: row.names) == 1
    }
    return "\(judged.count { !$0.1.caught.isEmpty }) of \(judged.count) pairs of mistakes caught: "
      + "\(named) called by both names, \(half) by one of them, "
      + "\(judged.count - named - half) by the place"
  }
}
