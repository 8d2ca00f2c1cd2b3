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

  /// The decisions that one took the place of: they were taken back at the moment in which it was made.
  public func decisions(replacedBy id: Int64) throws -> [KeptDecision] {
    try decisions(
      where: "id < ? AND takenBackAt = (SELECT decidedAt FROM decisions WHERE id = ?)", [id, id])
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
      // one moment for all: it tells later which ones were replaced
      let now = Date()
      for id in replaced { try Self.takeBackDecision(id, at: now, database) }
      try database.execute(
        sql: "INSERT INTO decisions (decision, reason, decidedAt) VALUES (?, ?, ?)",
        arguments: [decision, reason, now])
      return database.lastInsertedRowID
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
      }
      return held
    }
  }

  private static func takeBackDecision(
    _ id: Int64, at date: Date, _ database: Database
  ) throws {
    try database.execute(
      sql: "UPDATE decisions SET takenBackAt = ? WHERE id = ? AND takenBackAt IS NULL",
      arguments: [date, id])
  }
}
