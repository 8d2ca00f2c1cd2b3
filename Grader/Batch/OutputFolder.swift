import Foundation
import Judge

/// The folder that a run writes: results, the table, the reports.
struct OutputFolder: Sendable {
  let path: String
  /// File name of each submission.
  let names: [String: String]

  func create() throws {
    for folder in ["", "/results", "/report"] { try AtomicFile.createFolder(path + folder) }
  }

  func write(_ result: SubmissionResult) throws {
    try AtomicFile.write(Self.json(result), to: "\(path)/results/\(name(result)).json")
  }

  func write(_ summary: GradeSummary, manifest: AssignmentManifest) throws {
    try AtomicFile.write(CSV.grades(summary.submissions), to: path + "/grades.csv")
    for result in summary.submissions {
      let page = StudentPage(result: result, manifest: manifest).html
      try AtomicFile.write(page, to: "\(path)/report/\(name(result)).html")
    }
    let page = ClassPage(summary: summary, manifest: manifest, names: names).html
    try AtomicFile.write(page, to: path + "/report/index.html")
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
