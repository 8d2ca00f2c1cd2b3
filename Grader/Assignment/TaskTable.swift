import Foundation

/// The tasks of a unit with points and state, as text.
public struct TaskTable {
  private let table: TextTable

  /// The table, as wide as it is.
  public var text: String { table.text }

  /// The table, no wider than so many columns; nil where there is no such limit.
  public func text(columns: Int?) -> String { table.text(columns: columns) }

  /// Makes the table from the results so far.
  public init(_ manifest: AssignmentManifest, _ results: [String: CheckResult]) {
    var lines: [[String]] = []
    var total = 0.0
    for task in manifest.tasks {
      let done = task.checks.compactMap { results[$0.id] }
      let points = done.reduce(0) { $0 + $1.points }
      total += points
      lines.append([
        task.id, task.title, "\(Self.points(points))/\(Self.points(task.points))",
        Self.state(
          task, done, unit: manifest.unit, below: manifest.faultyFiles(below: task, results)),
      ])
    }
    lines.append([
      "", "all tasks", "\(Self.points(total))/\(Self.points(manifest.maxScore))", "",
    ])
    table = TextTable(
      ["Task", "What", "Points", "State"], lines, kinds: [.name, .name, .number, .name])
  }

  private static func state(
    _ task: AssignmentManifest.Task, _ results: [CheckResult], unit: String, below: [String]
  ) -> String {
    guard !results.isEmpty else { return "not checked" }
    if results.count == task.checks.count, results.allSatisfy({ $0.outcome == .passed }) {
      return "done"
    }
    if let stub = results.first(where: { $0.outcome == .notImplemented }) {
      let place = stub.place.map { ": Assignments/\(unit)/\($0)" } ?? ""
      guard stub.place.map({ $0.file == task.file }) != false else {
        return "waits for another task" + place
      }
      return (results.contains { $0.outcome == .passed } ? "started" : "not started") + place
    }
    let wrong = results.filter { ![.passed, .notRun].contains($0.outcome) }
    let titles = wrong.compactMap { result in
      task.checks.first { $0.id == result.id }.map { check in
        check.title + (result.outcome == .failed ? "" : " (\(result.outcome.words))")
      }
    }
    if titles.isEmpty {
      return results.contains { $0.outcome == .notRun }
        ? "waits for another task" : "checked in part"
    }
    let cause = below.isEmpty ? "" : ", perhaps by \(below.joined(separator: " and "))"
    return "not right yet\(cause): " + titles.joined(separator: ", ")
  }

  /// Points without needless zeros.
  public static func points(_ value: Double) -> String {
    let text = String(format: "%.2f", value)
    return text.hasSuffix(".00")
      ? String(text.dropLast(3)) : text.hasSuffix("0") ? String(text.dropLast()) : text
  }
}

extension Outcome {
  /// The outcome in words.
  public var words: String {
    switch self {
    case .passed: "passed"
    case .failed: "failed"
    case .crashed: "crashed"
    case .timedOut: "timed out"
    case .notImplemented: "not started"
    case .notRun: "not run"
    case .notBuilt: "not built"
    }
  }
}
