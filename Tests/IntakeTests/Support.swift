import Assignment
import Foundation
import TestSupport

@testable import Intake

/// The manifest's files in these tests.
let files = ["Sums.swift", "Means.swift"]

extension Intake {
  /// Takes in an archive of a class.
  init(
    _ scratch: Scratch, _ format: ArchiveWriter.Format, _ entries: [ArchiveWriter.Entry],
    rules: IntakeRules = IntakeRules()
  ) throws {
    let name = format == .tarGz ? "class.tar.gz" : format == .tar ? "class.tar" : "class.zip"
    let path = try scratch.write(ArchiveWriter.bytes(format, entries), name)
    try self.init(folder: path, files: files, rules: rules)
  }

  var names: [String] { submissions.map(\.name) }

  subscript(name: String) -> Submission? { submissions.first { $0.name == name } }
}

extension Submission {
  /// A file's text.
  func text(_ name: String) -> String? { files[name].map { String(decoding: $0, as: UTF8.self) } }

  /// Whether a remark says something.
  func says(_ part: String) -> Bool { notes.contains { $0.contains(part) } }
}

/// Rules with a due date in Amsterdam.
func rules(
  due: String? = "2024-09-24 21:00 Europe/Amsterdam", late: LateRule = LateRule(),
  roster: String? = nil
) throws -> IntakeRules {
  IntakeRules(
    due: try due.map(DueDate.init), late: late, roster: try roster.map { try Roster($0) })
}

extension IntakeReport {
  /// What must be looked at, a sentence each.
  var sentences: [String] { problems.map(\.sentence) }
}
