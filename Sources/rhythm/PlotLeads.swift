import ArgumentParser
import Plots
import Recordings

/// `rhythm plot leads`: a record as it hangs on a ward.
struct PlotLeads: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leads",
    abstract: "Draw a twelve-lead record on its paper, 25 mm a second and 10 mm a millivolt.",
    discussion: """
      Three rows of four leads, 2.5 s each, and a row of lead II below them. A store has records at 100 Hz; \
      an archive or a folder, named by --data, has them as they were measured.
      """)

  @Argument(help: "The record, such as HR00599, or X00001 of the synthetic ones.")
  var record: String

  @Option(help: "A store, an archive or a folder; by default the local store, else synthetic data.")
  var data: String?

  @Option(help: ArgumentHelp("Where the ten seconds begin.", valueName: "seconds"))
  var from = 0.0

  @OptionGroup var picture: PictureOptions

  func validate() throws {
    guard from >= 0, from.isFinite else {
      throw ValidationError("--from must be a number of seconds from 0.")
    }
  }

  func run() throws {
    try reportingFailure {
      let kind = TwelveLeads()
      let source = try kind.find(data, localStore: RecordingStore.folderName)
      let trace = try kind.trace(of: record, in: source)
      try draw((try .leads(trace, from: from), picture.file("leads-\(Self.fileName(record))")))
    }
  }

  /// A record's name without what a path could not have.
  private static func fileName(_ record: String) -> String {
    String(record.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" })
  }
}
