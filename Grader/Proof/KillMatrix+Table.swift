import Assignment

extension KillMatrix {
  /// How a check ended, as a sign; where that depends on the draw it is always the same one.
  private static func sign(_ check: CheckResult, _ row: MatrixRow) -> String {
    switch check.outcome {
    case .notRun: row.isCaughtBefore(check) ? "✗" : "–"
    case _ where row.entry.may.contains(check.id): "○"
    case .passed: "·"
    default: "✗"
    }
  }

  private func rows(of task: AssignmentManifest.Task) -> [MatrixRow] {
    rows.filter { $0.entry.task == task.name }.sorted { !$0.entry.isRight && $1.entry.isRight }
  }

  /// What became of a task's own checks, and the signs of the others that were lost.
  private func signs(_ row: MatrixRow, _ task: AssignmentManifest.Task) -> (
    own: [String], other: String
  ) {
    let others = row.checks.filter {
      $0.task != task.id && ($0.outcome != .passed || row.entry.may.contains($0.id))
    }
    return (
      task.checks.map { check in
        row.checks.first { $0.id == check.id }.map { Self.sign($0, row) } ?? "?"
      },
      others.map { "\(Self.sign($0, row)) \($0.id)" }.joined(separator: ", ")
    )
  }

  /// For a terminal: a line for each entry, the task's checks in the order of `assignment.yml`.
  public var text: String {
    manifest.tasks.compactMap { task in
      let rows = rows(of: task)
      guard !rows.isEmpty else { return nil }
      let width = rows.map(\.entry.name.count).max() ?? 0
      let lines = rows.map { row in
        let (own, other) = signs(row, task)
        return "  " + row.entry.name.padding(to: width) + "  " + own.joined(separator: " ")
          + (other.isEmpty ? "" : "  \(other)")
      }
      return "\(task.name): \(task.checks.map(\.title).joined(separator: ", "))\n"
        + lines.joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// For the documentation: a table for each task.
  public var markdown: String {
    manifest.tasks.compactMap { task in
      let rows = rows(of: task)
      guard !rows.isEmpty else { return nil }
      let titles = task.checks.map(\.title)
      let lines = rows.map { row in
        let (own, other) = signs(row, task)
        let says = (row.entry.says ?? "").unicodeScalars.map { $0 == "|" ? "\\|" : String($0) }
          .joined()
        return "| \(row.entry.name) | \(own.joined(separator: " | ")) | \(other) | \(says) |"
      }
      return """
        ### \(task.name)

        | | \(titles.joined(separator: " | ")) | elsewhere | what the student reads |
        |---|\(titles.map { _ in ":-:|" }.joined())---|---|
        \(lines.joined(separator: "\n"))
        """
    }.joined(separator: "\n\n")
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
