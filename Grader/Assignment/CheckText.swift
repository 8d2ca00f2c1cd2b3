/// What a student reads of one check, the same in `swift test` and `./rhythm check`: the
/// likely cause, what was compared with which numbers, and where to look.
public struct CheckText {
  /// The lines; the first begins with the check's name.
  public let lines: [String]
  /// How many of the first lines say what is wrong and why: what to read where there is little time.
  public let weighty: Int

  /// Describes a result.
  ///
  /// - Parameters:
  ///   - results: those of all checks so far: what stands on another task's file may be wrong by it alone.
  ///   - columns: how wide a line is at most.
  public init(
    _ result: CheckResult, _ manifest: AssignmentManifest,
    among results: [String: CheckResult] = [:],
    columns: Int = 98
  ) {
    let task = manifest.tasks.first { $0.id == result.task }
    guard [.failed, .crashed, .timedOut, .notBuilt].contains(result.outcome) else {
      lines = ["\(result.id): \(result.message)"]
      weighty = 1
      return
    }
    var lines = ["\(result.id): \(result.outcome == .failed ? "not right" : result.outcome.words)"]
    let below = task.map { manifest.faultyFiles(below: $0, results) } ?? []
    if !below.isEmpty {
      let files = below.joined(separator: " and ")
      lines += Self.lines(
        "this may follow from \(files), \(below.count == 1 ? "which is" : "which are") not right yet: look "
          + "there first. When it is graded, the course's \(below.count == 1 ? "stands" : "stand") in place "
          + "of yours, and a mistake there costs nothing here", columns)
    }
    // the cause before the numbers: who knows it needs no more
    if let diagnosis = result.diagnosis {
      lines += Self.lines("\(below.isEmpty ? "" : "else the ")likely cause: \(diagnosis)", columns)
    }
    let cause = lines.count
    lines += Self.lines(result.message, columns)
    weighty = result.diagnosis == nil && below.isEmpty ? lines.count : cause
    for finding in result.findings ?? [] {
      lines += Self.lines(finding, columns, first: "  - ")
    }
    let first = manifest.tasks.first { $0.file == below.first }
    if let task = first ?? task {
      lines.append(
        "  look at: Assignments/\(manifest.unit)/\(task.file), and Task \(task.id) in Instructions.md; "
          + "./rhythm hint \(task.name)")
    }
    self.lines = lines
  }

  /// The lines as one text.
  public var text: String { lines.joined(separator: "\n") }

  /// The lines of a text at an indentation, each of at most so many columns.
  private static func lines(_ text: String, _ columns: Int, first: String = "  ") -> [String] {
    LineBreaks.wrapped(text, to: columns - first.count)
      .split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { number, line in
        (number == 0 ? first : String(repeating: " ", count: first.count)) + line
      }
  }
}
