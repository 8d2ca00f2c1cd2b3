import ArgumentParser
import Foundation
import Recordings

extension DataCommand {
  struct Synthetic: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write synthetic recordings in files as real ones are published.",
      discussion: """
        A model of the heart makes them: McSharry's three differential equations, of twelve leads a dipole that \
        solves them for each beat, with other rhythms and beats, noise and a device like the one of the real recordings. \
        Without options it is the set that everything uses where none of its kind are imported.
        """)

    @Option(help: "The folder to create, or the archive if the name ends in .zip.")
    var out: String

    @Option(help: "How many recordings (default: as many as the kind's set has).")
    var recordings: Int?

    @Option(
      help: "The seed, by default the set's own; the same seed gives the same recordings.")
    var seed: UInt64?

    @OptionGroup var kind: KindOption
    @OptionGroup var settings: SettingOptions

    func validate() throws {
      if let recordings, !(1...99_999).contains(recordings) {
        throw ValidationError("--recordings is \(recordings); give a number from 1 to 99999.")
      }
    }

    func run() throws {
      try reportingFailure { try write(try kind.chosen()) }
    }

    private func write(_ kind: some DataKind) throws {
      let making = ProgressLine("making")
      defer { making.clear() }
      let made = try kind.synthetic(
        count: recordings ?? kind.syntheticSet.count, seed: seed ?? kind.syntheticSet.seed,
        settings: settings.chosen, progress: making.show)
      making.clear()
      let writing = ProgressLine("writing")
      defer { writing.clear() }
      try made.write(to: out, progress: writing.show)
      writing.clear()
      printLine("wrote \(made.count) synthetic recordings to \(out)")
    }
  }
}
