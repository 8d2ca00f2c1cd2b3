import ArgumentParser
import Judge
import Units

/// `rhythm judge`: judges one submission and writes its result.
struct JudgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "judge", shouldDisplay: false)

  @Option(help: "The request, a JSON file.")
  var request: String

  func run() throws {
    try reportingFailure {
      try JudgeProcess.run(request: request, units: Units.units, say: printLine)
    }
  }
}
