import Assignment
import Foundation
import GRDB

/// A submission as it was published.
public struct PublishedSubmission: Sendable {
  /// Its result, points included.
  public var result: SubmissionResult
  /// What else was known of it then, as its writer encoded it: people, times, answers. Nil in what
  /// was published before it was kept.
  public var record: Data?

  /// Puts the parts together.
  public init(result: SubmissionResult, record: Data?) {
    self.result = result
    self.record = record
  }
}

/// A state of the class that students and registrars were shown.
public struct Publication: Sendable {
  /// Its number, from 1.
  public var id: Int64
  /// When it was published.
  public var publishedAt: Date
  /// The run that it shows.
  public var run: Int64
  /// What is true of the class as a whole, as its publisher encoded it.
  public var summary: Data
  /// The submissions in the order of names.
  public var submissions: [PublishedSubmission]
  /// Their results.
  public var results: [SubmissionResult] { submissions.map(\.result) }
}

extension Gradebook {
  /// Publishes submissions with their points and all that is known of them: what was published does
  /// not change when a point value or a name does.
  ///
  /// - Returns: the publication's number.
  @discardableResult
  public func publish(
    _ submissions: [PublishedSubmission], summary: Data, run: Int64
  ) throws -> Int64 {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let rows = try submissions.map {
      ($0.result.submission, try encoder.encode($0.result), $0.record)
    }
    return try write { database in
      try database.execute(
        sql:
          "INSERT INTO publications (publishedAt, run, isWithdrawn, summary) VALUES (?, ?, 0, ?)",
        arguments: [Date(), run, summary])
      let id = database.lastInsertedRowID
      for (name, result, record) in rows {
        try database.execute(
          sql: "INSERT INTO publishedResults (publication, submission, result, record) "
            + "VALUES (?, ?, ?, ?)",
          arguments: [id, name, result, record])
      }
      return id
    }
  }

  /// What is published now; nil if nothing is.
  public func published() throws -> Publication? {
    try database.read { try Self.published($0) }
  }

  /// Withdraws what is published now, so that the state before counts again.
  ///
  /// - Returns: the state before.
  /// - Throws: `GradebookError.nothingPublished`.
  public func rollBack() throws -> Publication {
    try write { database in
      guard let current = try Self.published(database) else {
        throw GradebookError.nothingPublished("nothing is published, so there is nothing to undo")
      }
      try database.execute(
        sql: "UPDATE publications SET isWithdrawn = 1 WHERE id = ?", arguments: [current.id])
      guard let before = try Self.published(database) else {
        throw GradebookError.nothingPublished(
          "publication \(current.id) is the first one: there is no state before it to go back to")
      }
      return before
    }
  }

  private static func published(_ database: Database) throws -> Publication? {
    let row = try Row.fetchOne(
      database,
      sql: "SELECT * FROM publications WHERE NOT isWithdrawn ORDER BY id DESC LIMIT 1")
    guard let row else { return nil }
    let id: Int64 = row["id"]
    let decoder = JSONDecoder()
    let submissions = try Row.fetchAll(
      database,
      sql: "SELECT result, record FROM publishedResults WHERE publication = ? ORDER BY submission",
      arguments: [id]
    ).map {
      PublishedSubmission(
        result: try decoder.decode(SubmissionResult.self, from: $0["result"]), record: $0["record"])
    }
    return Publication(
      id: id, publishedAt: row["publishedAt"], run: row["run"], summary: row["summary"],
      submissions: submissions)
  }
}
