/// What a student reads of one check, the same in `swift test` and `./rhythm check`: the
/// likely cause, what was compared with which numbers, and where to look.
public struct CheckText {
  /// The lines; the first begins with the check's name.
  public let lines: [String]
  /// How many of the first lines say what is wrong and why: what to read where there is little time.
  public let weighty: Int

  /// Describes a result.
  public init(_ result: CheckResult, _ manifest: AssignmentManifest) {
    let task = manifest.tasks.first { $0.id == result.task }
    guard [.failed, .crashed, .timedOut, .notBuilt].contains(result.outcome) else {
      lines = ["\(result.id): \(result.message)"]
      weighty = 1
      return
    }
    var lines = ["\(result.id): \(result.outcome == .failed ? "not right" : result.outcome.words)"]
    // the cause before the numbers: who knows it needs no more
    if let diagnosis = result.diagnosis {
      lines += Self.wrapped("likely cause: \(diagnosis)").map { "  \($0)" }
    }
    let cause = lines.count
    lines += Self.wrapped(result.message).map { "  \($0)" }
    weighty = result.diagnosis == nil ? lines.count : cause
    for finding in result.findings ?? [] {
      lines += Self.wrapped(finding, width: 94).enumerated().map {
        ($0.offset == 0 ? "  - " : "    ") + $0.element
      }
    }
    if let task {
      lines.append(
        "  look at: Assignments/\(manifest.unit)/\(task.file), and Task \(task.id) in Instructions.md; "
          + "./rhythm hint \(task.name)")
    }
    self.lines = lines
  }

  /// The lines as one text.
  public var text: String { lines.joined(separator: "\n") }

  /// Lines of at most so many characters, broken at spaces; existing lines stay.
  private static func wrapped(_ text: String, width: Int = 96) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      var lines: [String] = []
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      var current = String(words.first ?? "")
      for word in words.dropFirst() {
        if current.count + 1 + word.count > width {
          lines.append(current)
          current = String(word)
        } else {
          current += " " + word
        }
      }
      return lines + [current]
    }
  }
}
