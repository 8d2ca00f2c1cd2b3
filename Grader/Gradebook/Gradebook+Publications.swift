import Foundation
import GRDB
import Judge

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
  /// The results in the order of names.
  public var results: [SubmissionResult]
}

extension Gradebook {
  /// Publishes results, points included: what was published does not change when a point value
  /// does.
  ///
  /// - Returns: the publication's number.
  @discardableResult
  public func publish(_ results: [SubmissionResult], summary: Data, run: Int64) throws -> Int64 {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let rows = try results.map { ($0.submission, try encoder.encode($0)) }
    return try database.write { database in
      try database.execute(
        sql:
          "INSERT INTO publications (publishedAt, run, isWithdrawn, summary) VALUES (?, ?, 0, ?)",
        arguments: [Date(), run, summary])
      let id = database.lastInsertedRowID
      for (name, data) in rows {
        try database.execute(
          sql: "INSERT INTO publishedResults (publication, submission, result) VALUES (?, ?, ?)",
          arguments: [id, name, data])
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
    try database.write { database in
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
    let results = try Data.fetchAll(
      database,
      sql: "SELECT result FROM publishedResults WHERE publication = ? ORDER BY submission",
      arguments: [id]
    ).map { try decoder.decode(SubmissionResult.self, from: $0) }
    return Publication(
      id: id, publishedAt: row["publishedAt"], run: row["run"], summary: row["summary"],
      results: results)
  }
}
