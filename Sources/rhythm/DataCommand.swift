import ArgumentParser
import Foundation
import Recordings

/// `rhythm data`: recordings in and figures out.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch and import recordings and show what they are.",
    subcommands: [Fetch.self, Import.self, Verify.self, Stats.self, Synthetic.self, Kinds.self])

  struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the figures of the steps from recordings to examples.")

    @Option(help: "A store, an archive or a folder; by default the local store.")
    var data: String?

    @OptionGroup var kind: KindOption
    @OptionGroup var settings: SettingOptions

    @Flag(help: "Refuse a set with damaged or missing recordings instead of leaving them out.")
    var strict = false

    func run() throws {
      try reportingFailure {
        let kind = try kind.chosen()
        try kind.check(settings.chosen)
        try print(kind, settings.chosen)
      }
    }

    private func print(_ kind: some DataKind, _ settings: [String: String]) throws {
      let source = try kind.find(data, localStore: RecordingStore.folderName)
      let progress = ProgressLine("reading")
      defer { progress.clear() }
      let recordings = try kind.load(source, strict: strict, progress: progress.show)
      progress.clear()
      printSkipped(recordings.skipped, of: recordings.count)
      if case .store = source {
        printLine("source: \(source.description), imported from \(recordings.source)")
      } else {
        printLine("source: \(source.description)")
      }
      printLine(recordings.inventory)
      if let figures = kind.publishedFigures { printLine(figures) }
      printLine(try kind.prepare(recordings, settings).report)
    }
  }

  struct Kinds: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the kinds of data, with what --set can choose of each.")

    func run() {
      for kind in DataKinds.all {
        printLine("\(kind.name): \(kind.summary)")
        for setting in kind.settings {
          printLine("  \(setting.name)=\(setting.standard)  \(setting.help)")
        }
      }
    }
  }
}
