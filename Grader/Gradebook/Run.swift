import Foundation
import GRDB

/// One run of `grade` or `regrade`, with all that its verdicts depend on.
public struct Run: Codable, Sendable, FetchableRecord, MutablePersistableRecord {
  /// How far a run came.
  public enum State: String, Codable, Sendable, DatabaseValueConvertible {
    case running, complete, interrupted
  }

  /// The table.
  public static let databaseTableName = "runs"

  /// Given by the gradebook.
  public internal(set) var id: Int64?
  /// The command: `grade` or `regrade`.
  public var command: String
  /// The unit.
  public var unit: String
  /// How far it came; one that was killed is still `running`.
  public internal(set) var state = State.running
  /// What test cases were drawn from. Text, since SQLite's whole numbers end at 2⁶³.
  public var seed: String
  /// The sandbox's tier.
  public var sandbox: String
  /// Where the recordings of the accuracy checks came from; empty for the synthetic ones.
  public var data: String
  /// Hashes of the unit's own files, the prebuilt core, and the judge with its reference.
  public var course, core, judge: String
  /// What `swiftc --version` says.
  public var toolchain: String
  /// The limits, as JSON.
  public var limits: String
  /// The hash of all that every check's verdict depends on, beside its own.
  public var environment: String
  /// The checks' hashes by name, as JSON.
  public var checks: String
  /// Submissions at the same time.
  public var jobs: Int
  /// Whether accuracy checks were left out.
  public var withoutAccuracy: Bool
  /// When it began and ended.
  public var startedAt = Date()
  /// When it ended; nil for one that was killed.
  public internal(set) var endedAt: Date?

  /// Describes a run that is about to begin.
  public init(
    command: String, unit: String, seed: UInt64, sandbox: String, data: String, course: String,
    core: String, judge: String, toolchain: String, limits: String, environment: String,
    checks: String, jobs: Int, withoutAccuracy: Bool
  ) {
    self.command = command
    self.unit = unit
    self.seed = String(seed)
    self.sandbox = sandbox
    self.data = data
    self.course = course
    self.core = core
    self.judge = judge
    self.toolchain = toolchain
    self.limits = limits
    self.environment = environment
    self.checks = checks
    self.jobs = jobs
    self.withoutAccuracy = withoutAccuracy
  }

  /// Takes the number that the database gave.
  public mutating func didInsert(_ inserted: InsertionSuccess) { id = inserted.rowID }
}

extension Gradebook {
  /// Notes that a run begins.
  ///
  /// - Returns: the run's number.
  public func begin(_ run: Run) throws -> Int64 {
    try write { database in
      var run = run
      try run.insert(database)
      return database.lastInsertedRowID
    }
  }

  /// Notes how a run ended.
  public func end(_ run: Int64, _ state: Run.State) throws {
    try write { database in
      try database.execute(
        sql: "UPDATE runs SET state = ?, endedAt = ? WHERE id = ?", arguments: [state, Date(), run])
    }
  }

  /// The run that began last, if any.
  public func lastRun() throws -> Run? {
    try database.read { try Run.fetchOne($0, sql: "SELECT * FROM runs ORDER BY id DESC LIMIT 1") }
  }

  /// A run by its number.
  public func run(_ id: Int64) throws -> Run? {
    try database.read {
      try Run.fetchOne($0, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id])
    }
  }

  /// All runs, the first one first.
  public func runs() throws -> [Run] {
    try database.read { try Run.fetchAll($0, sql: "SELECT * FROM runs ORDER BY id") }
  }
}
