import ArgumentParser
import Foundation
import Gradebook
import Grading
import Publication

/// `rhythm publish`: brings results, table and report to the gradebook's state.
struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Publish what ./rhythm regrade found.",
    discussion: """
      Writes grades.csv, results and report anew from the gradebook. The state before is kept: \
      ./rhythm rollback goes back to it.
      """)

  @Option(name: .customLong("out"), help: "The folder that ./rhythm grade wrote.")
  var output: String

  func run() throws {
    try reportingFailure {
      let gradebook = try Gradebook(folder: output, create: false)
      let (session, last) = try GradingSession.resume(output, gradebook)
      let options = try session.options(of: last, command: "publish")
      let state = WorkingState(options, gradebook: gradebook)
      let summary = try state.summary()
      try Publisher(
        gradebook: gradebook, folder: output, writeReports: options.writeReports
      )
      .publish(summary, assignment: try state.assignment(), run: last.id ?? 0)
      let number = try gradebook.published()?.id ?? 0
      printLine("published: state \(number), \(summary.submissions.count) submissions")
    }
  }
}

/// `rhythm rollback`: back to what was published before.
struct RollbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Go back to the results that were published before.",
    discussion: """
      Withdraws the published state: grades.csv, results and report show the one before again, \
      with its people, late marks, points and questions. Marks of written answers stay as they are. \
      The gradebook keeps what was judged; ./rhythm publish publishes it anew.
      """)

  @Option(name: .customLong("out"), help: "The folder that ./rhythm grade wrote.")
  var output: String

  func run() throws {
    try reportingFailure {
      let gradebook = try Gradebook(folder: output, create: false)
      let (session, _) = try GradingSession.resume(output, gradebook)
      let now = try Publisher(
        gradebook: gradebook, folder: output, writeReports: session.reportWriter()
      )
      .rollBack()
      let date = now.publishedAt.formatted(.iso8601)
      printLine("back to state \(now.id) of \(date), \(now.results.count) submissions")
    }
  }
}
