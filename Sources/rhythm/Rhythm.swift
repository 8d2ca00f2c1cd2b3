import ArgumentParser

/// The command-line tool. `./rhythm` builds and starts it.
@main
struct Rhythm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rhythm",
    abstract: "A deep-learning course on heart rhythms: data, training, checks and grading.",
    subcommands: [
      DemoCommand.self, DataCommand.self, TrainCommand.self, GradeCommand.self, ReleaseCommand.self,
      JudgeCommand.self,
    ])
}
