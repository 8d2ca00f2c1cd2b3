import ArgumentParser
import Assignment
import Files
import Foundation
import Gradebook
import Grading
import Publication

/// `rhythm regrade`: what a changed check or point value changes.
struct RegradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regrade", abstract: "Grade again what a changed check or point value affects.",
    discussion: """
      Takes the submissions from the gradebook in the output folder, with the seed and the \
      recordings of its last run. Only checks whose class or entry in assignment.yml changed are \
      run; changed points are only added up anew. A table shows every check that is not as \
      published, and is kept as regrade.csv. Results and reports stay as they are until \
      ./rhythm publish, or with --publish until the end of this command; ./rhythm rollback goes \
      back. The exit status is 3 where points that were given by hand should be looked at again, 130 \
      after Ctrl-C; the same command goes on.
      """)

  @Option(name: .customLong("out"), help: "The folder that ./rhythm grade wrote.")
  var output: String

  @Option(
    parsing: .unconditional,
    help: "Submissions at the same time (default: the number of processors).")
  var jobs: Int?

  @Flag(help: "Publish the new state at once.")
  var publish = false

  func validate() throws { try validateJobs(jobs) }

  func run() throws {
    try reportingFailure {
      let gradebook = try Gradebook(folder: output, create: false)
      let (session, last) = try GradingSession.resume(output, gradebook)
      let points = try HandPoints(gradebook)
      let before = (try gradebook.published()?.results ?? []).map(points.laid(over:))
      let (summary, stopped) = try session.run(
        try session.options(of: last, command: "regrade", jobs: jobs, publishes: publish), gradebook
      )
      let changes = ChangeTable(before: before, after: summary.submissions)
      try AtomicFile.write(Data(changes.csv.utf8), to: output + "/regrade.csv")
      show(changes)
      let lookAgain = points.toLookAt(in: summary.submissions)
      lookAgain.forEach { printLine("look at: \(plain($0))") }
      if stopped {
        printError("stopped: the same command goes on from here")
        throw ExitCode(130)
      }
      if !publish, !changes.rows.isEmpty {
        printLine("not published yet: ./rhythm publish --out \(output)")
      }
      if summary.ourFailures > 0 || !summary.complete { throw ExitCode(1) }
      if !lookAgain.isEmpty { throw ExitCode.lookAt }
    }
  }

  private func show(_ changes: ChangeTable) {
    guard !changes.rows.isEmpty else { return printLine("nothing is different") }
    let cells = changes.rows.map {
      [
        plain($0.submission), $0.check.isEmpty ? "all" : $0.check, $0.before ?? "—",
        $0.after ?? "—",
      ]
    }
    printTable(
      TextTable(
        ["submission", "check", "before", "after"], cells, kinds: [.name, .name, .name, .name]))
  }
}

/// Refuses a number of jobs that makes no sense.
func validateJobs(_ jobs: Int?) throws {
  if let jobs, !(1...1024).contains(jobs) {
    throw ValidationError("--jobs must be from 1 to 1024, not \(jobs).")
  }
}
