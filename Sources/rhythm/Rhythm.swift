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
      DataCommand.self, TryCommand.self, CheckCommand.self, HintCommand.self, TrainCommand.self,
      RunsCommand.self, ExperimentsCommand.self, SearchCommand.self,
      PlotCommand.self, MapsCommand.self, BenchCommand.self,
      // BEGIN INSTRUCTOR: grading
      GradeCommand.self, IntakeCommand.self, RegradeCommand.self, PublishCommand.self,
      RollbackCommand.self, ReplayCommand.self, PointsCommand.self, DecideCommand.self,
      AnswersCommand.self, ReportCommand.self,
      ExportCommand.self, ReleaseCommand.self, MistakesCommand.self, ThresholdsCommand.self,
      FalseAlarmsCommand.self, UnitCommand.self, JudgeCommand.self,
        // END INSTRUCTOR
    ])

  /// Exit status 0: done; 1: something failed; 2: wrong usage (the parser's own would be 64); 3: done,
  /// but something must be looked at; 130: stopped by Ctrl-C.
  static func main() {
    Console.prepare()
    var command: any ParsableCommand
    do { command = try parseAsRoot() } catch { end(withParsing: error) }
    do { try command.run() } catch { end(withRunning: error) }
  }

  /// The words could not be understood, or ask for help.
  private static func end(withParsing error: any Error) -> Never {
    let code = exitCode(for: error)
    if code.isSuccess { endWithText(fullMessage(for: error)) }
    let words = Array(CommandLine.arguments.dropFirst())
    let unknown =
      UnknownWord.command(in: words, of: Rhythm.self)
      ?? UnknownWord.option(in: words, of: Rhythm.self)
    if let unknown {
      printError("rhythm: \(unknown.sentence)")
    } else {
      printError(fullMessage(for: error))
    }
    Foundation.exit(code == .validationFailure ? 2 : code.rawValue)
  }

  /// What was understood failed: a sentence, since the usage is not what was wrong.
  private static func end(withRunning error: any Error) -> Never {
    let code = exitCode(for: error)
    if code.isSuccess { endWithText(fullMessage(for: error)) }
    if !(error is ExitCode) {
      printError("rhythm: \(error is ValidationError ? message(for: error) : sentence(error))")
    }
    Foundation.exit(code == .validationFailure ? 2 : code.rawValue)
  }

  /// Help and the like. The parser breaks it into lines for 80 columns and more; in fewer it does not
  /// break the usage, nor give way where a word is wider than what is left beside the options.
  private static func endWithText(_ text: String) -> Never {
    if !text.isEmpty, let code = Console.output.writeLine(text) {
      Console.endWithoutOutput(code)
    }
    Foundation.exit(0)
  }
}
