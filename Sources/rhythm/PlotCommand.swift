import ArgumentParser
import Foundation
import Plots
import Recordings

/// `rhythm plot`: the course's pictures.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draw recordings, trainings and networks.",
    discussion: """
      ./rhythm plot NAME draws what recordings look like; the names stand in ./rhythm plot figure \
      --help. Pictures need gnuplot. A file's ending chooses its kind: .png, .svg, none for both.
      """,
    subcommands: [
      PlotFigure.self, PlotTraining.self, PlotExperiment.self, PlotSearch.self, PlotVariables.self,
      PlotFilters.self,
      PlotWorst.self, PlotAttention.self, PlotMaps.self, PlotLeads.self, PlotSimilarities.self,
      PlotRankings.self,
    ],
    defaultSubcommand: PlotFigure.self)
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

/// `rhythm plot NAME`: what a kind of data can show.
struct PlotFigure: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figure", abstract: "Draw what recordings look like.",
    discussion: PlotFigure.names.joined(separator: "\n"))

  @Argument(help: "The picture's name.")
  var name: String

  @Option(help: "A store, an archive or a folder; by default the local store, else synthetic data.")
  var data: String?

  @OptionGroup var picture: PictureOptions

  func run() throws {
    for kind in DataKinds.all {
      guard let kind = kind as? any DrawnKind, try drawn(kind) else { continue }
      return
    }
    throw ValidationError(
      "there is no picture \(name); choose from\n" + Self.names.joined(separator: "\n"))
  }

  /// - Returns: whether the kind has such a picture.
  private func drawn(_ kind: some DrawnKind) throws -> Bool {
    guard let figure = kind.figures.first(where: { $0.name == name }) else { return false }
    try reportingFailure {
      let progress = ProgressLine("reading")
      defer { progress.clear() }
      let recordings = try kind.load(
        try kind.find(data, localStore: RecordingStore.folderName), strict: true,
        progress: progress.show)
      progress.clear()
      try draw((try figure.draw(recordings), picture.file(name)))
    }
    return true
  }

  private static var names: [String] {
    func lines(_ kind: some DrawnKind) -> [String] {
      kind.figures.map { "  \($0.name): \($0.summary)" }
    }
    return DataKinds.all.flatMap { kind in (kind as? any DrawnKind).map { lines($0) } ?? [] }
  }
}
