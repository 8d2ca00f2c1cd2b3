import ArgumentParser
import Foundation
import Plots
import Recordings

/// `rhythm plot`: the course's pictures.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draw recordings, spectrograms, class shares and trainings.",
    discussion:
      "Pictures need gnuplot. A file's ending chooses its kind: .png, .svg, none for both.",
    subcommands: [
      PlotRecordings.self, PlotSpectrograms.self, PlotClasses.self, PlotTraining.self,
      PlotExperiment.self,
    ])
}

/// Where a picture goes.
struct PictureOptions: ParsableArguments {
  @Option(help: "The picture: .png, .svg, or no ending for both; by default in .rhythmlab/plots.")
  var out: String?

  func validate() throws { try Self.check(out) }

  /// The file to draw into, `name` in the usual folder if nothing is asked for.
  func file(_ name: String) -> String { out ?? ".rhythmlab/plots/\(name)" }

  /// Before any work: a wrong ending is a wrong option.
  static func check(_ path: String?) throws {
    do { _ = try path.map(PictureFormat.files) } catch { throw ValidationError("\(error)") }
  }
}

/// Which recordings are drawn.
struct RecordingOptions: ParsableArguments {
  @Option(help: "A store, an archive or a folder; by default the local store, else synthetic data.")
  var data: String?

  func load() throws -> RecordingSet {
    let progress = ProgressLine("reading")
    defer { progress.clear() }
    return try RecordingSource.load(data, progress: progress.show)
  }

  /// The first two of each class that reach to the end of the stretch of section 4.1.
  func examples() throws -> [Recording] {
    let chosen = try load().selection(minimumLength: 5000)
    return [RhythmLabel.normal, .fibrillation].flatMap { label in
      chosen.filter { $0.label == label }.prefix(2)
    }
  }
}

/// Draws, and prints which files that gave. A missing gnuplot is said in one sentence and fails
/// nothing: pictures are an extra.
func draw(_ figures: (figure: Figure, path: String)...) throws { try draw(figures) }

/// Draws several, see above.
func draw(_ figures: [(figure: Figure, path: String)]) throws {
  do {
    let gnuplot = try Gnuplot()
    for (figure, path) in figures {
      for file in try gnuplot.draw(figure, to: path) { printLine("drew \(file)") }
    }
  } catch PlotError.noGnuplot {
    printError("rhythm: \(PlotError.noGnuplot)")
  }
}

/// Draws beside work that is done already: whatever goes wrong is said and fails nothing.
func drawExtra(_ figures: () throws -> [(figure: Figure, path: String)]) {
  do { try draw(try figures()) } catch { printError("rhythm: \(error)") }
}

private struct PlotRecordings: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recordings", abstract: "Draw two recordings of each class (section 4.1).")

  @OptionGroup var recordings: RecordingOptions
  @OptionGroup var picture: PictureOptions

  func run() throws {
    try reportingFailure {
      try draw((.recordings(try recordings.examples()), picture.file("recordings")))
    }
  }
}

private struct PlotSpectrograms: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrograms", abstract: "Draw their spectrograms (section 4.2).")

  @OptionGroup var recordings: RecordingOptions
  @OptionGroup var picture: PictureOptions

  func run() throws {
    try reportingFailure {
      try draw((.spectrograms(try recordings.examples()), picture.file("spectrograms")))
    }
  }
}

private struct PlotClasses: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classes", abstract: "Draw how many recordings each class has (section 4.1).")

  @OptionGroup var recordings: RecordingOptions
  @OptionGroup var picture: PictureOptions

  func run() throws {
    try reportingFailure {
      let chosen = try recordings.load().selection()
      let counts = [RhythmLabel.normal, .fibrillation].map { label in
        (
          name: "\(label.words) (\(label.rawValue))",
          count: chosen.count { $0.label == label }
        )
      }
      try draw(
        (
          .classShares(counts, of: "recordings of at least 4000 samples"), picture.file("classes")
        ))
    }
  }
}
