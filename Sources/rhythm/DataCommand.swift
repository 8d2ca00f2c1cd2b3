import ArgumentParser
import Foundation
import Recordings

/// `rhythm data`: recordings in and figures out.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch and import recordings and show what they are.",
    subcommands: [Fetch.self, Import.self, Verify.self, Stats.self, Synthetic.self])

  struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the figures of the course's data steps.")

    @Option(help: "A store, an archive or a folder; by default the local store.")
    var data: String?

    @OptionGroup var choices: DataOptions

    @Flag(help: "Refuse a set with damaged or missing recordings instead of leaving them out.")
    var strict = false

    func run() throws {
      try reportingFailure {
        let source = try RecordingSource.find(data)
        let progress = ProgressLine("reading")
        defer { progress.clear() }
        let recordings = try source.load(strict: strict, progress: progress.show)
        progress.clear()
        printSkipped(recordings)
        if case .store = source {
          print("source: \(source.description), imported from \(recordings.source)")
        } else {
          print("source: \(source.description)")
        }
        print(recordings.inventory)
        print(try CourseData.prepare(recordings, options: choices.options).statistics.report)
      }
    }
  }
}
