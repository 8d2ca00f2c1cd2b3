import ArgumentParser
import Foundation
import Recordings

extension DataCommand {
  struct Synthetic: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write synthetic recordings with the file layout of the Challenge 2017.",
      discussion: """
        A model of the heart makes them: McSharry's three differential equations, with other \
        rhythms, noise and a device like the challenge's. The labels have the challenge's shares. \
        Without options it is the set that everything uses where no recordings are imported.
        """)

    @Option(help: "The folder to create, or the archive if the name ends in .zip.")
    var out: String

    @Option(help: "How many recordings.")
    var recordings = SyntheticRecordings.defaultCount

    @Option(help: "The seed; the same seed gives the same recordings.")
    var seed = SyntheticRecordings.defaultSeed

    @Option(
      help: ArgumentHelp(
        "Only these labels, separated by commas.", valueName: "labels"),
      transform: Self.labels)
    var labels = RhythmLabel.allCases

    func validate() throws {
      guard (1...99_999).contains(recordings) else {
        throw ValidationError("--recordings is \(recordings); give a number from 1 to 99999.")
      }
    }

    func run() throws {
      try reportingFailure {
        let making = ProgressLine("making")
        defer { making.clear() }
        let made = SyntheticRecordings.make(
          count: recordings, seed: seed, labels: labels, progress: making.show)
        making.clear()
        let writing = ProgressLine("writing")
        defer { writing.clear() }
        try RecordingArchive.write(made, to: out, progress: writing.show)
        writing.clear()
        print("wrote \(made.count) synthetic recordings to \(out)")
      }
    }

    private static func labels(_ argument: String) throws -> [RhythmLabel] {
      let names = argument.split(separator: ",", omittingEmptySubsequences: false)
      let labels = names.compactMap { RhythmLabel(rawValue: String($0)) }
      guard labels.count == names.count, Set(labels).count == labels.count else {
        throw ValidationError("--labels takes some of N, A, O and ~, each once, not \(argument).")
      }
      return labels
    }
  }
}
