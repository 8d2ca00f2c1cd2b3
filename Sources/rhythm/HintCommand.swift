import ArgumentParser
import Assignment
import Files
import Foundation

/// `rhythm hint`: one more hint for a task each time, from a nudge to the equation.
struct HintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hint",
    abstract: "Show the next hint for a task.",
    discussion: """
      Each call shows one hint more: first a nudge, then the approach, then the equation in Swift. \
      Without a task, the tasks and the hints seen so far are listed.
      """)

  @Argument(help: "The task's number or name.")
  var task: String?

  @Flag(help: "Show the hints seen so far again, and no new one.")
  var again = false

  @OptionGroup var unit: UnitOption

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      guard let task else {
        let tasks = try copy.units(unit).flatMap { unit in
          let seen = Self.seen(copy.hints(unit.name))
          return unit.manifest.tasks.map { (task: $0, seen: seen[$0.id] ?? 0) }
        }
        return Self.list(tasks)
      }
      let unit = try copy.unit(unit, ofTask: task)
      let manifest = unit.manifest
      let memory = copy.hints(unit.name)
      var seen = Self.seen(memory)
      let chosen = try manifest.task(named: task)
      let hints = chosen.hints ?? []
      guard !hints.isEmpty else {
        return printLine(
          "task \(chosen.id) (\(chosen.title)) has no hints; the handout has its section")
      }
      let before = min(seen[chosen.id] ?? 0, hints.count)
      let shown = again ? before : min(before + 1, hints.count)
      guard shown > 0 else {
        return printLine("no hint was shown yet; ./rhythm hint \(chosen.id) shows the first")
      }
      // a new hint stands alone; what was seen before comes back when asked for, or when all were
      let first = again || before == hints.count ? 0 : shown - 1
      for index in first..<shown {
        printLine("\(chosen.id) \(chosen.title), hint \(index + 1) of \(hints.count)")
        printLine(hints[index].trimmingCharacters(in: .whitespacesAndNewlines) + "\n")
      }
      if shown == hints.count {
        printLine(
          "These are all hints for this task. What is wrong with your code, ./rhythm test says.")
      }
      seen[chosen.id] = shown
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try AtomicFile.prepare(for: memory)
      try AtomicFile.write(try encoder.encode(seen), to: memory)
    }
  }

  /// How many hints of each task were seen. A file that cannot be read counts as none: at worst a
  /// hint is shown twice.
  private static func seen(_ path: String) -> [String: Int] {
    FileManager.default.contents(atPath: path)
      .flatMap { try? JSONDecoder().decode([String: Int].self, from: $0) } ?? [:]
  }

  private static func list(_ tasks: [(task: AssignmentManifest.Task, seen: Int)]) {
    let cells = tasks.map { task, seen in
      let count = task.hints?.count ?? 0
      return [task.id, task.title, "\(min(seen, count)) of \(count)"]
    }
    printTable(TextTable(["Task", "What", "Hints seen"], cells, kinds: [.name, .name, .number]))
    printLine("\n./rhythm hint TASK shows the next one.")
  }
}

extension WorkingCopy {
  /// Where it is kept how many hints of a unit were seen.
  fileprivate func hints(_ unit: String) -> String { state(unit) + "/hints.json" }
}
