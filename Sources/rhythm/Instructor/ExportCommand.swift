import ArgumentParser
import Exports
import Files
import Foundation
import People
import Reports

extension ExportFormat: ExpressibleByArgument {}

/// `rhythm export`: grades for learning platforms.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the grades in the form that a platform imports.",
    discussion: """
      FORMAT is gradescope (one results.json each), nbgrader, canvas, brightspace, \
      moodle-worksheet, moodle-gradebook or junit. Canvas and Moodle's worksheet need the table \
      that the platform exports itself (--template), since they find people by ids of their own. \
      People are found as grading finds them on its roster: by number, address, login, the \
      platform's own number, or the name where it is one person's. Without a table only those are \
      exported whom grading found on its roster. The files are written into the folder exports. People without a grade are left out, so that \
      nothing of theirs changes on the platform, and listed.
      """)

  @Argument(help: "The platform's format.")
  var format: ExportFormat

  @OptionGroup var options: AnswersCommand.Options

  @Option(help: "The platform's own export, which grades are filled into.")
  var template: String?

  @Option(help: "A table of the people: name, id, username, email, submission (any of them).")
  var roster: String?

  @Option(help: "The name of the grade's column (default: the unit's name).")
  var column: String?

  @Option(
    parsing: .unconditional,
    help: "What full marks count on the platform (default: as many points as there are).")
  var scaleTo: Double?

  func run() throws {
    try reportingFailure {
      let folder = try options.classFolder()
      let export = try Exporter(
        folder.read(),
        options: ExportOptions(
          template: template.map(Self.table), roster: roster.map(Self.table),
          column: column ?? folder.unit, scaleTo: scaleTo)
      ).export(format)
      let target = options.folder + "/exports"
      for (name, text) in export.files.sorted(by: { $0.key < $1.key }) {
        let path = target + "/" + name
        try AtomicFile.prepare(for: path)
        try AtomicFile.write(text, to: path)
      }
      for note in export.notes { printError(plain(note)) }
      let names = export.files.keys.sorted()
      printLine(
        names.count == 1
          ? "\(target)/\(names[0])" : "\(names.count) files in \(target)/\(format.rawValue)")
    }
  }

  private static func table(_ path: String) throws -> PeopleTable {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError.cannotRead(path: path, reason: "there is no such file")
    }
    return try PeopleTable(data, path: path)
  }
}
