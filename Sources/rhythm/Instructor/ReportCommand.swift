import ArgumentParser
import Reports

/// `rhythm report`: the pages from what is kept.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Make the reports of a graded class anew.",
    discussion: """
      Nothing is graded: grades.csv, the class page, and a page and a text for each submission, are \
      made from the results and marks in the folder.
      """)

  @OptionGroup var options: AnswersCommand.Options

  func run() throws {
    try reportingFailure {
      let folder = try options.classFolder()
      let record = try folder.read()
      let path = try folder.writeReports(record)
      printLine("\(record.students.count) students' pages and \(path)")
    }
  }
}
