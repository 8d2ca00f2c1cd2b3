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
    try decisions(where: "takenBackAt IS NULL")
  }

  /// The decisions that one took the place of.
  public func decisions(replacedBy id: Int64) throws -> [KeptDecision] {
    try decisions(where: "replacedBy = ?", [id])
  }

  private func decisions(
    where condition: String, _ arguments: StatementArguments = []
  ) throws -> [KeptDecision] {
    try database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM decisions WHERE \(condition) ORDER BY id",
        arguments: arguments
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
      let now = Date()
      try database.execute(
        sql: "INSERT INTO decisions (decision, reason, decidedAt) VALUES (?, ?, ?)",
        arguments: [decision, reason, now])
      let new = database.lastInsertedRowID
      for id in replaced { try Self.takeBackDecision(id, at: now, for: new, database) }
      return new
    }
  }

  /// Takes a decision back.
  ///
  /// - Parameter earlier: those that hold again, as they were made: none is changed, each is kept anew.
  /// - Returns: whether it held.
  public func takeBackDecision(
    _ id: Int64, bringingBack earlier: [KeptDecision] = []
  ) throws -> Bool {
    try write { database in
      try Self.takeBackDecision(id, at: Date(), database)
      let held = database.changesCount > 0
      for old in earlier where held {
        try database.execute(
          sql: "INSERT INTO decisions (decision, reason, decidedAt) VALUES (?, ?, ?)",
          arguments: [old.decision, old.reason, old.decidedAt])
        // what it had taken the place of in its turn
        try database.execute(
          sql: "UPDATE decisions SET replacedBy = ? WHERE replacedBy = ?",
          arguments: [database.lastInsertedRowID, old.id])
      }
      return held
    }
  }

  private static func takeBackDecision(
    _ id: Int64, at date: Date, for new: Int64? = nil, _ database: Database
  ) throws {
    try database.execute(
      sql: """
        UPDATE decisions SET takenBackAt = ?, replacedBy = ? WHERE id = ? AND takenBackAt IS NULL
        """,
      arguments: [date, new, id])
  }
}
