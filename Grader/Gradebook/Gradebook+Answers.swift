import Foundation
import GRDB

/// A written question.
public struct Question: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
  /// The table.
  public static let databaseTableName = "questions"
  /// The name in the handout, such as `4.11a`.
  public var id: String
  /// What is asked.
  public var text: String
  /// The points it is worth.
  public var points: Double
  /// Its place in the handout, from 0.
  public var position: Int

  /// Makes a question.
  public init(id: String, text: String, points: Double, position: Int) {
    self.id = id
    self.text = text
    self.points = points
    self.position = position
  }
}

/// A student's answer to a written question.
public struct WrittenAnswer: Codable, Sendable, Equatable, FetchableRecord {
  /// The submission's name.
  public var submission: String
  /// The question's name.
  public var question: String
  /// What the student wrote.
  public var text: String
  /// The points it got; nil while nobody has marked it.
  public var mark: Double?
  /// What the marker says to the student.
  public var comment: String?
}

extension Gradebook {
  /// Says what the questions are; answers to others are kept.
  public func setQuestions(_ questions: [Question]) throws {
    try database.write { database in
      try database.execute(sql: "DELETE FROM questions")
      for question in questions { try question.insert(database) }
    }
  }

  /// The questions in the handout's order.
  public func questions() throws -> [Question] {
    try database.read {
      try Question.fetchAll($0, sql: "SELECT * FROM questions ORDER BY position")
    }
  }

  /// Keeps what a student wrote, by question. An answer that reads as before keeps its mark; one
  /// that changed has to be marked again.
  ///
  /// - Throws: `GradebookError.unknownSubmission`.
  public func setAnswers(_ answers: [String: String], of submission: String) throws {
    try database.write { database in
      let id = try Self.identifier(submission, database)
      let questions = Array(answers.keys)
      let old = try String.fetchAll(
        database, sql: "SELECT question FROM answers WHERE submission = ?", arguments: [id])
      for question in old where !questions.contains(question) {
        try database.execute(
          sql: "DELETE FROM answers WHERE submission = ? AND question = ?",
          arguments: [id, question])
      }
      for (question, text) in answers {
        try database.execute(
          sql: """
            INSERT INTO answers (submission, question, text) VALUES (?, ?, ?)
            ON CONFLICT (submission, question) DO UPDATE SET
              mark = CASE WHEN text = excluded.text THEN mark END,
              comment = CASE WHEN text = excluded.text THEN comment END,
              text = excluded.text
            """, arguments: [id, question, text])
      }
    }
  }

  /// Marks an answer; a mark of nil takes the mark back.
  ///
  /// - Throws: `GradebookError.unknownSubmission`, also for an answer that does not exist.
  public func mark(
    _ submission: String, question: String, mark: Double?, comment: String?
  ) throws {
    try database.write { database in
      try database.execute(
        sql: "UPDATE answers SET mark = ?, comment = ? WHERE submission = ? AND question = ?",
        arguments: [mark, comment, try Self.identifier(submission, database), question])
      guard database.changesCount == 1 else {
        throw GradebookError.unknownSubmission(
          "\(submission) with an answer to \(question)", near: [])
      }
    }
  }

  /// All answers of the class, by question and name.
  public func answers() throws -> [WrittenAnswer] {
    try database.read { database in
      try WrittenAnswer.fetchAll(
        database,
        sql: """
          SELECT submissions.name AS submission, question, answers.text, mark, comment
          FROM answers JOIN submissions ON submissions.id = answers.submission
          LEFT JOIN questions ON questions.id = question
          WHERE isPresent ORDER BY position, question, submissions.name
          """)
    }
  }

  private static func identifier(_ submission: String, _ database: Database) throws -> Int64 {
    let id = try Int64.fetchOne(
      database, sql: "SELECT id FROM submissions WHERE name = ?", arguments: [submission])
    guard let id else { throw GradebookError.unknownSubmission(submission, near: []) }
    return id
  }
}
