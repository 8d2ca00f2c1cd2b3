import Foundation
import GRDB

/// What an instructor decided about the class, as its writer encoded it.
public struct KeptDecision: Sendable, Equatable {
  /// Its number, from 1.
  public var id: Int64
  /// What was decided.
  public var decision: Data
  /// Why; empty where nobody said.
  public var reason: String
  /// When.
  public var decidedAt: Date
}

extension Gradebook {
  /// The decisions that hold, in the order they were made.
  public func decisions() throws -> [KeptDecision] {
    try database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM decisions WHERE takenBackAt IS NULL ORDER BY id"
      ).map {
        KeptDecision(
          id: $0["id"], decision: $0["decision"], reason: $0["reason"], decidedAt: $0["decidedAt"])
      }
    }
  }

  /// Keeps a decision.
  ///
  /// - Parameter replaced: the numbers of those that it takes the place of.
  /// - Returns: its number.
  @discardableResult
  public func decide(
    _ decision: Data, reason: String = "", replacing replaced: [Int64] = []
  ) throws -> Int64 {
    try write { database in
      for id in replaced { try Self.takeBackDecision(id, database) }
      try database.execute(
        sql: "INSERT INTO decisions (decision, reason, decidedAt) VALUES (?, ?, ?)",
        arguments: [decision, reason, Date()])
      return database.lastInsertedRowID
    }
  }

  /// Takes a decision back.
  ///
  /// - Returns: whether it held.
  public func takeBackDecision(_ id: Int64) throws -> Bool {
    try write { database in
      try Self.takeBackDecision(id, database)
      return database.changesCount > 0
    }
  }

  private static func takeBackDecision(_ id: Int64, _ database: Database) throws {
    try database.execute(
      sql: "UPDATE decisions SET takenBackAt = ? WHERE id = ? AND takenBackAt IS NULL",
      arguments: [Date(), id])
  }
}
