import Foundation

/// The tasks of a unit with points and state, as text.
public struct TaskTable {
  /// The table.
  public let text: String

  /// Makes the table from the results so far.
  public init(_ manifest: AssignmentManifest, _ results: [String: CheckResult]) {
    var lines = ["Task   What                             Points  State"]
    var total = 0.0
    for task in manifest.tasks {
      let done = task.checks.compactMap { results[$0.id] }
      let points = done.reduce(0) { $0 + $1.points }
      total += points
      lines.append(
        Self.column(task.id, 7) + Self.column(task.title, 31)
          + Self.right("\(Self.points(points))/\(Self.points(task.points))", 8) + "  "
          + Self.state(task, done, below: manifest.faultyFiles(below: task, results)))
    }
    lines.append(
      Self.column("", 7) + Self.column("all tasks", 31)
        + Self.right("\(Self.points(total))/\(Self.points(manifest.maxScore))", 8))
    text = lines.joined(separator: "\n")
  }

  private static func state(
    _ task: AssignmentManifest.Task, _ results: [CheckResult], below: [String]
  ) -> String {
    guard !results.isEmpty else { return "not checked" }
    if results.count == task.checks.count, results.allSatisfy({ $0.outcome == .passed }) {
      return "done"
    }
    if let stub = results.first(where: { $0.outcome == .notImplemented }) {
      let place = stub.message.split(separator: " ").last.map(String.init) ?? ""
      guard place.contains("/\(task.file):") else { return "waits for another task: \(place)" }
      return results.contains { $0.outcome == .passed }
        ? "started: \(place)" : "not started: \(place)"
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

  private static func column(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 1))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
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
