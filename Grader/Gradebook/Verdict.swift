import Assignment
import Foundation
import GRDB

/// What one check said of a student's files.
///
/// A verdict belongs to contents and conditions, not to a student: whoever hands in the same files
/// is given the same one.
public struct Verdict: Codable, Sendable, Equatable, FetchableRecord {
  /// What makes two verdicts the same question.
  public struct Key: Codable, Sendable, Hashable {
    /// The hash of the student's files.
    public var files: String
    /// The check's name.
    public var check: String
    /// The hash of the check: the source of its class, and its entry in the assignment file.
    public var checkHash: String
    /// The hash of core, toolchain, judge, seed, limits, sandbox, and the data it trains on.
    public var environment: String
    /// The checks it needs that have not passed, separated by commas.
    public var blocked: String

    /// Makes a key.
    public init(
      files: String, check: String, checkHash: String, environment: String, blocked: String
    ) {
      self.files = files
      self.check = check
      self.checkHash = checkHash
      self.environment = environment
      self.blocked = blocked
    }
  }

  /// What the reports draw and list.
  public struct Figures: Codable, Sendable, Equatable {
    /// The numbers that differ.
    public var difference: NumberDifference?
    /// How the trainings went.
    public var curve: TrainingCurve?
    /// What was found out about the place of the mistake.
    public var findings: [String]?
    /// The known mistakes that the diagnosis names.
    public var mistakes: [MistakeName]?
    /// The line of the student's that the check ended at.
    public var place: SourcePlace?

    /// Puts them together.
    public init(
      difference: NumberDifference? = nil, curve: TrainingCurve? = nil, findings: [String]? = nil,
      mistakes: [MistakeName]? = nil, place: SourcePlace? = nil
    ) {
      self.difference = difference
      self.curve = curve
      self.findings = findings
      self.mistakes = mistakes
      self.place = place
    }
  }

  /// The question.
  public var key: Key
  /// How the check ended.
  public var outcome: Outcome
  /// One sentence for the student.
  public var message: String
  /// What explains the numbers, one sentence.
  public var diagnosis: String?
  /// More for the instructor.
  public var details: String?
  /// Seconds it took.
  public var seconds: Double
  /// What the reports draw and list.
  public var figures: Figures

  /// Makes a verdict.
  public init(
    key: Key, outcome: Outcome, message: String, diagnosis: String?, details: String?,
    seconds: Double, figures: Figures = .init()
  ) {
    self.key = key
    self.outcome = outcome
    self.message = message
    self.diagnosis = diagnosis
    self.details = details
    self.seconds = seconds
    self.figures = figures
  }

  /// Reads a row of the table.
  public init(row: Row) throws {
    key = Key(
      files: row["files"], check: row["check"], checkHash: row["checkHash"],
      environment: row["environment"], blocked: row["blocked"])
    // What a newer version may have written is not a pass.
    outcome = Outcome(rawValue: row["outcome"]) ?? .failed
    message = row["message"]
    diagnosis = row["diagnosis"]
    details = row["details"]
    seconds = row["seconds"]
    figures = try JSONDecoder().decode(Figures.self, from: row["figures"])
  }

  /// The row's number; a verdict on the same question gives way.
  func store(_ database: Database, run: Int64) throws -> Int64 {
    let row = try Row.fetchOne(
      database,
      sql: """
        INSERT INTO verdicts (files, "check", checkHash, environment, blocked, outcome, message,
          diagnosis, details, seconds, figures, run)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (files, "check", checkHash, environment, blocked) DO UPDATE SET
          outcome = excluded.outcome, message = excluded.message, diagnosis = excluded.diagnosis,
          details = excluded.details, seconds = excluded.seconds,
          figures = excluded.figures, run = excluded.run
        RETURNING id
        """,
      arguments: [
        key.files, key.check, key.checkHash, key.environment, key.blocked, outcome.rawValue,
        message, diagnosis, details, seconds, try JSONEncoder().encode(figures), run,
      ])
    guard let id: Int64 = row?["id"] else {
      throw GradebookError.damaged(path: Gradebook.fileName, reason: "a verdict was not kept")
    }
    return id
  }
}
