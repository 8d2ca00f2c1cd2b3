import Foundation
import GRDB

/// What a marker decided about one written answer.
public struct Mark: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
  /// The table.
  public static let databaseTableName = "marks"
  /// The submission and the question.
  public var submission, question: String
  /// The points.
  public var points: Double
  /// What the student reads about them.
  public var comment: String
  /// The answer that was marked: when the student's is another by now, it is to be marked again.
  public var answer: String

  /// Creates a mark.
  public init(
    submission: String, question: String, points: Double, comment: String, answer: String
  ) {
    self.submission = submission
    self.question = question
    self.points = points
    self.comment = comment
    self.answer = answer
  }
}

extension Gradebook {
  /// All marks in the order they were made, and what anonymous names are drawn from; nil before
  /// the first export.
  public func marks() throws -> (seed: UInt64, marks: [Mark])? {
    try database.read { database in
      guard let text = try String.fetchOne(database, sql: "SELECT seed FROM marking"),
        let seed = UInt64(text)
      else { return nil }
      return (seed, try Mark.fetchAll(database, sql: "SELECT * FROM marks ORDER BY id"))
    }
  }

  /// Replaces all marks, in one transaction.
  public func setMarks(_ marks: [Mark], seed: UInt64) throws {
    try write { database in
      try database.execute(sql: "DELETE FROM marking; DELETE FROM marks")
      try database.execute(sql: "INSERT INTO marking (seed) VALUES (?)", arguments: ["\(seed)"])
      for mark in marks { try mark.insert(database) }
    }
  }
}
