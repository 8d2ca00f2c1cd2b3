import Assignment
import CSV
import Files
import Foundation
import Intake

/// The folder that a run writes; the table and the pages are made from what it puts there.
package struct OutputFolder: Sendable {
  /// The folder.
  package let path: String
  /// What a publication writes into the folder and replaces as a whole.
  package static let places = [
    "assignment", "grades.csv", "intake.json", "report", "results", "run.json", "submissions",
  ]

  /// File name of each submission.
  package let names: [String: String]

  /// The folder at a path.
  package init(path: String, names: [String: String]) {
    self.path = path
    self.names = names
  }

  /// Makes it, with what lies in it.
  package func create() throws {
    for folder in ["", "/results", "/submissions"] { try AtomicFile.createFolder(path + folder) }
  }

  /// What is known of a submission before it is graded.
  package func write(_ record: SubmissionRecord) throws {
    guard let name = names[record.submission] else { return }
    try AtomicFile.write(Self.json(record), to: "\(path)/submissions/\(name).json")
  }

  /// A submission's result.
  package func write(_ result: SubmissionResult) throws {
    try AtomicFile.write(Self.json(result), to: "\(path)/results/\(name(result)).json")
  }

  /// What the reports need of the run besides the results.
  package func write(_ summary: GradeSummary) throws {
    var run = summary
    run.submissions = []
    try AtomicFile.write(Self.json(run), to: path + "/run.json")
    if let intake = run.intake { try AtomicFile.write(intake.json(), to: path + "/intake.json") }
  }

  /// A value as the folder's files have it.
  package static func json(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }

  private func name(_ result: SubmissionResult) -> String {
    names[result.submission] ?? "_"
  }
}
