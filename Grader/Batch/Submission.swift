import Foundation

/// What one student or team handed in, reduced to the files that count.
public struct Submission: Sendable {
  /// The file with the written answers.
  static let answersName = "ANSWERS.md"

  /// The name of the folder, or of the archive without its extension.
  public var name: String
  /// Who handed it in; the name itself until group lists exist.
  public var members: [String]
  /// Contents of the manifest's files that were found, by name.
  public var files: [String: [UInt8]]
  /// ANSWERS.md, which is no code and is not built.
  public var answers: [UInt8]?
  /// Remarks for the report.
  public var notes: [String]
  /// Why it cannot be read at all; nil if it can.
  public var problem: String?

  /// Creates a submission.
  public init(
    name: String, files: [String: [UInt8]] = [:], notes: [String] = [], problem: String? = nil
  ) {
    self.name = name
    members = [name]
    self.files = files
    self.notes = notes
    self.problem = problem
  }

  /// What reports and exports need to know of it.
  var record: SubmissionRecord {
    SubmissionRecord(
      submission: name, people: members.map { Person(name: $0) },
      answers: answers.map { Data($0) }, hashes: files.mapValues(SubmissionRecord.hash))
  }
}
