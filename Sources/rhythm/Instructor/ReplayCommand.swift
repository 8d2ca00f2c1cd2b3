import ArgumentParser
import Assignment
import Foundation
import Gradebook
import Grading

/// `rhythm replay`: why a student has these verdicts.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Judge one submission again with the seed of its run.",
    discussion: """
      Takes the files and the seed from the gradebook, builds and judges, and says for each check \
      whether it agrees. Nothing is changed. The exit status is 1 when a check does not agree.
      """)

  @Argument(help: "The submission's name.")
  var submission: String

  @Option(name: .customLong("out"), help: "The folder that ./rhythm grade wrote.")
  var output: String

  func run() throws {
    try reportingFailure {
      let gradebook = try Gradebook(reading: output)
      let graded = try gradebook.submission(submission)
      guard let run = try gradebook.run(graded.run) else {
        throw GradebookError.missing(folder: output)
      }
      let session = GradingSession(copy: try WorkingCopy.find(), unit: run.unit, output: output)
      let replay = Replay(try session.options(of: run, command: "replay"), gradebook: gradebook)
      let progress = ProgressLine("replaying:")
      let (rows, changes) = try stoppable(replay.cancel) {
        defer { progress.clear() }
        return try replay.run(graded.submission.name) { progress.show($0) }
      }
      printLine("\(plain(submission)), run \(graded.run), seed \(run.seed), sandbox \(run.sandbox)")
      for change in changes { printLine("not as it was then: \(change)") }
      let cells = rows.map { row in
        let before = row.kept?.outcome.words ?? "not there"
        return [
          row.check,
          row.agrees
            ? "agrees: \(row.now.outcome.words)"
            : "DIFFERS: \(before) then, \(row.now.outcome.words) now"
              + " (\(plain(row.now.message)))",
        ]
      }
      printTable(TextTable(["check", "verdict"], cells, kinds: [.name, .name]))
      let agreeing = rows.count { $0.agrees }
      printLine("\(agreeing) of \(rows.count) checks agree")
      if agreeing < rows.count { throw ExitCode(1) }
    }
  }
}
