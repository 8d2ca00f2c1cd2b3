import ArgumentParser
import Foundation

/// The command-line tool. `./rhythm` builds and starts it.
@main
struct Rhythm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rhythm",
    abstract: "A deep-learning course on heart rhythms: data, training, checks and grading.",
    discussion: "./rhythm test checks your own code: it runs swift test after the set-up.",
    subcommands: [
      // BEGIN INSTRUCTOR: grading
      DemoCommand.self,
      // END INSTRUCTOR
      DataCommand.self, CheckCommand.self, HintCommand.self, TrainCommand.self,
      ExperimentsCommand.self,
      PlotCommand.self, BenchCommand.self,
      // BEGIN INSTRUCTOR: grading
      GradeCommand.self, IntakeCommand.self, RegradeCommand.self, PublishCommand.self,
      RollbackCommand.self, ReplayCommand.self, AnswersCommand.self, ReportCommand.self,
      ExportCommand.self, ReleaseCommand.self, MistakesCommand.self, ThresholdsCommand.self,
      FalseAlarmsCommand.self, UnitCommand.self, JudgeCommand.self,
        // END INSTRUCTOR
    ])

  /// Exit status 0: done; 1: something failed; 2: wrong usage (the parser's own would be 64); 3: done,
  /// but something must be looked at; 130: stopped by Ctrl-C.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      printError(fullMessage(for: error))
      Foundation.exit(2)
    }
  }
}
