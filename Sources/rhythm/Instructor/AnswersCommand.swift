import ArgumentParser
import Assignment
import CSV
import Files
import Foundation
import Grading
import Publication
import Reports

/// `rhythm answers`: written answers to a table for marking, and back.
struct AnswersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answers", abstract: "Export written answers for marking, and import the marks.",
    subcommands: [Export.self, Import.self])

  /// What both directions are told.
  struct Options: ParsableArguments {
    @Option(name: .customLong("out"), help: "The folder that rhythm grade wrote.")
    var folder: String

    @OptionGroup var unit: UnitOption

    func classFolder() throws -> ClassFolder {
      let copy = try WorkingCopy.find()
      return try ClassFolder(
        path: folder, assignmentFolder: copy.assignment(copy.unit(unit).name))
    }
  }

  /// `rhythm answers export`.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write all answers into a table for marking.",
      discussion: """
        The table goes question by question, without names, in a random order that stays the same. \
        Fill in the columns points and comment in any spreadsheet, and change nothing else. Marks \
        that were imported before are filled in; an answer that changed since has none again. Where an answer may be in another \
        file than ANSWERS.md, the table gives its id alone, and this command says whose file it is.
        """)

    @OptionGroup var options: Options

    @Argument(help: "The table (default: marking.csv in the folder).")
    var file: String?

    func run() throws {
      try reportingFailure {
        let folder = try options.classFolder()
        let record = try folder.read()
        let book = try folder.marks.load() ?? MarkBook(seed: record.summary.seed)
        let path = file ?? options.folder + "/marking.csv"
        if FileManager.default.fileExists(atPath: path) {
          throw FileError.cannotWrite(
            path: path, reason: "it is there already, perhaps with marks that were not imported")
        }
        let marking = MarkingTable(record, seed: book.seed)
        let table = try marking.csv()
        // anonymous names depend on the seed, which must not change with the next run
        try folder.marks.save(book)
        try AtomicFile.prepare(for: path)
        try AtomicFile.write(table, to: path)
        printLine("\(path): \(try CSV.rows(Data(table.utf8), path: path).count - 1) answers")
        for sentence in marking.elsewhere { printLine(plain(sentence)) }
        for student in record.students {
          let problems = student.sheet?.problems ?? []
          for problem in problems {
            printError("\(plain(student.result.submission)), ANSWERS.md: \(plain(problem))")
          }
        }
      }
    }
  }

  /// `rhythm answers import`.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take the marks of a table, all or none.",
      discussion: """
        Every row is checked: a single wrong one, and nothing is imported. Rows without points are \
        not marked yet. The reports are made anew.
        """)

    @OptionGroup var options: Options

    @Argument(help: "The marked table.")
    var file: String

    @Flag(inversion: .prefixedNo, help: "Whether half points may be given.")
    var halfPoints = true

    @Flag(help: "Let new marks take the place of old ones for the same answers.")
    var replace = false

    func run() throws {
      try reportingFailure {
        let folder = try options.classFolder()
        let record = try folder.read()
        guard var book = try folder.marks.load() else {
          throw FileError.cannotRead(
            path: file, reason: "no answers were exported from \(options.folder) before")
        }
        guard let data = FileManager.default.contents(atPath: file) else {
          throw FileError.cannotRead(path: file, reason: "there is no such file")
        }
        let added = try MarkingTable(record, seed: book.seed).read(
          data, path: file, halfPoints: halfPoints, replacing: replace)
        book.marks += added.marks
        try folder.marks.save(book)
        let report = try folder.writeReports(try folder.read())
        printLine(
          "\(added.marks.count) marks imported, \(added.unchanged) unchanged, \(added.unmarked) "
            + "answers without points")
        printLine("report: \(report)")
      }
    }
  }
}
