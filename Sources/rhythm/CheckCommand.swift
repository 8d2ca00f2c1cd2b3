import ArgumentParser
import Assignment
import Foundation
import Judge
import Rainbow
import Sandbox
import Units
import Workers

/// `rhythm check`: the self-check as a readable list.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check your own code.",
    discussion: """
      Says the same as ./rhythm test, in less space. Without a task all are checked. The exit status is \
      1 when something is not right; a task that is not started is no mistake.
      """)

  @Argument(help: "The task's number or name.")
  var task: String?

  @Flag(help: "Leave out the checks that train a network.")
  var withoutAccuracy = false

  @OptionGroup var unit: UnitOption

  func run() throws {
    try reportingFailure {
      let copy = try WorkingCopy.find()
      let found = try copy.unit(unit, ofTask: task)
      let (unit, whole) = (found.name, found.manifest)
      let known = try Units.unit(named: unit)
      var manifest = withoutAccuracy ? whole.withoutTraining : whole
      if let task {
        let chosen = try whole.task(named: task)
        manifest.tasks.removeAll { $0.id != chosen.id }
      }
      let progress = ProgressLine("checking")
      defer { progress.clear() }
      progress.show("that it compiles")
      var workers: [String: WorkerLauncher] = [:]
      var warnings: Set<String> = []
      for program in manifest.programs {
        workers[program.name] = try SelfCheck.launcher(
          copy.worker(unit: unit, solutions: false, manifest: whole, program: program) { text in
            guard warnings.insert(text).inserted else { return }
            progress.clear()
            printLine(isColoured ? text.yellow : text)
          }, manifest)
      }
      let session = try SelfCheck.session(
        manifest, known.facts, root: copy.root,
        student: StudentPrograms(workers), reference: copy.reference(unit, whole))
      let results = CheckRunner.run(
        known.checks, session, begin: { progress.show($0.id) }
      ) { result in
        progress.clear()
        // the table says it, once for each task
        guard result.outcome != .notImplemented else { return }
        if let details = result.details { printLine(SelfCheck.excerpt(details)) }
        let text = CheckText(
          result, manifest, among: session.results,
          columns: min(98, Console.output.columns ?? 98))
        switch result.outcome {
        case _ where !isColoured: printLine(text.text)
        case .passed: printLine(text.text.green)
        case .failed, .crashed, .timedOut, .notBuilt:
          // the heading, and what is wrong; the numbers are for a second look
          for (number, line) in text.lines.enumerated() {
            printLine(number == 0 ? line.red.bold : number < text.weighty ? line.bold : line)
          }
        case .notImplemented, .notRun: printLine(text.text)
        }
      }
      printLine(
        "\n" + TaskTable(manifest, session.results).text(columns: Console.output.columns))
      let leftOut =
        whole.tasks.filter { task in manifest.tasks.contains { $0.id == task.id } }
        .reduce(0) { $0 + $1.points } - manifest.maxScore
      if withoutAccuracy, leftOut > 0 {
        printLine(
          "Left out: the checks that train, \(TaskTable.points(leftOut)) "
            + "point\(leftOut == 1 ? "" : "s"). Without --without-accuracy they are run.")
      }
      if let next = NextSteps(whole, session.results).text { printLine("\n" + next) }
      let isRight = results.allSatisfy {
        [.passed, .notImplemented, .notRun].contains($0.outcome)
      }
      guard isRight else { throw ExitCode(1) }
    }
  }
}
