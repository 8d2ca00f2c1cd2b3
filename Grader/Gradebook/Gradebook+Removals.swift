import Foundation
import GRDB

/// A submission that was taken out of the class by an instructor's word.
public struct Removal: Codable, Sendable, Equatable {
  /// Its name.
  public var submission: String
  /// The run that took it out.
  public var run: Int64
  /// When.
  public var removedAt: Date
}

extension Gradebook {
  /// Takes submissions out of the class: they are shown no more, but kept, and come back when they are
  /// handed in again. Nothing else takes one out.
  ///
  /// - Parameter run: the run that an instructor told so.
  public func remove(_ names: Set<String>, run: Int64) throws {
    guard !names.isEmpty else { return }
    try write { database in
      for name in names.sorted() {
        try database.execute(
          sql: "UPDATE submissions SET isPresent = 0 WHERE name = ? AND isPresent",
          arguments: [name])
        guard database.changesCount > 0 else { continue }
        try database.execute(
          sql: "INSERT INTO removals (submission, run, removedAt) VALUES (?, ?, ?)",
          arguments: [name, run, Date()])
      }
    }
  }

  /// The submissions that were taken out and are not back, each with its last removal, by name.
  public func removals() throws -> [Removal] {
    try database.read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT submission, run, removedAt FROM removals
          WHERE id IN (SELECT MAX(id) FROM removals GROUP BY submission)
            AND submission IN (SELECT name FROM submissions WHERE NOT isPresent)
          ORDER BY submission
          """)
      return rows.map {
        Removal(submission: $0["submission"], run: $0["run"], removedAt: $0["removedAt"])
      }
    }
  }
}
