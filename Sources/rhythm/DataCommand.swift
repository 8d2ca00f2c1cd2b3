import ArgumentParser
import ECG
import Foundation

/// `rhythm data`: recordings in and figures out.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch and import recordings and show what they are.",
    subcommands: [Fetch.self, Import.self, Verify.self, Stats.self, Synthesise.self])

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

  struct Synthesise: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write synthetic recordings with the file layout of the Challenge 2017.")

    @Argument(help: "The folder to create.")
    var folder: String

    @Option(help: "How many recordings.")
    var count = SyntheticRecordings.defaultCount

    @Option(help: "The seed; the same seed gives the same recordings.")
    var seed = SyntheticRecordings.defaultSeed

    func validate() throws {
      guard (1...99_999).contains(count) else {
        throw ValidationError("--count is \(count); give a number from 1 to 99999.")
      }
    }

    func run() throws {
      try reportingFailure {
        let recordings = SyntheticRecordings.make(count: count, seed: seed)
        let progress = ProgressLine("writing")
        defer { progress.clear() }
        try SyntheticRecordings.write(recordings, to: folder, progress: progress.show)
        progress.clear()
        print("wrote \(recordings.count) synthetic recordings to \(folder)")
      }
    }
  }
}
