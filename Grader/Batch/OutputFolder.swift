import Foundation
import Judge
import Tables

/// The folder that a run writes: results, the table, the reports.
struct OutputFolder: Sendable {
  let path: String
  /// File name of each submission.
  let names: [String: String]

  func create() throws {
    for folder in ["", "/results", "/submissions"] { try AtomicFile.createFolder(path + folder) }
  }

  /// What is known of a submission before it is graded.
  func write(_ record: SubmissionRecord) throws {
    guard let name = names[record.submission] else { return }
    try AtomicFile.write(Self.json(record), to: "\(path)/submissions/\(name).json")
  }

  func write(_ result: SubmissionResult) throws {
    try AtomicFile.write(Self.json(result), to: "\(path)/results/\(name(result)).json")
  }

  /// The table, and what the reports need of the run besides the results.
  func write(_ summary: GradeSummary) throws {
    try AtomicFile.write(Self.table(summary.submissions), to: path + "/grades.csv")
    var run = summary
    run.submissions = []
    try AtomicFile.write(Self.json(run), to: path + "/run.json")
  }

  /// The table that instructors look at.
  static func table(_ results: [SubmissionResult]) -> String {
    let rows = results.map { result in
      [
        CSV.harmless(result.submission), CSV.harmless(result.members.joined(separator: ";")),
        CSV.points(result.finalScore), CSV.points(result.maxScore), result.status.rawValue,
      ]
    }
    return CSV.text([["submission", "members", "score", "max_score", "status"]] + rows)
  }

  static func json(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }

  private func name(_ result: SubmissionResult) -> String {
    names[result.submission] ?? "_"
  }
}
