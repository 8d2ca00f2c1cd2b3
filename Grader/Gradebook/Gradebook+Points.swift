import Foundation
import GRDB

/// Points that a person gave for a check of a submission in place of the judge's.
public struct GivenPoints: Codable, Sendable, Equatable, FetchableRecord, PersistableRecord {
  /// The table.
  public static let databaseTableName = "givenPoints"
  /// The submission and the check.
  public var submission, check: String
  /// The points, and the most that the check was worth.
  public var points, maxPoints: Double
  /// Why, and by whom.
  public var reason, person: String
  /// The hashes of the submission's files and of the check that they were given for; nil where that
  /// was not known.
  public var files, checkHash: String?
  /// When.
  public var givenAt: Date

  /// Describes them.
  public init(
    submission: String, check: String, points: Double, maxPoints: Double, reason: String,
    person: String, files: String?, checkHash: String?, givenAt: Date = Date()
  ) {
    self.submission = submission
    self.check = check
    self.points = points
    self.maxPoints = maxPoints
    self.reason = reason
    self.person = person
    self.files = files
    self.checkHash = checkHash
    self.givenAt = givenAt
  }
}

extension Gradebook {
  /// The points by hand that count, by submission and check. No run changes them.
  public func givenPoints() throws -> [GivenPoints] {
    try database.read {
      try GivenPoints.fetchAll(
        $0,
        sql: """
          SELECT * FROM givenPoints WHERE takenBackAt IS NULL ORDER BY submission, "check"
          """)
    }
  }

  /// Gives points; those that were given for the same check before are taken back.
  public func give(_ points: GivenPoints) throws {
    try write { database in
      try Self.takeBack(points.submission, points.check, by: points.person, database)
      try points.insert(database)
    }
  }

  /// Takes points by hand back, so that the judge's count again.
  ///
  /// - Returns: whether there were any.
  public func takeBackPoints(
    submission: String, check: String, by person: String
  ) throws -> Bool {
    try write { database in
      try Self.takeBack(submission, check, by: person, database)
      return database.changesCount > 0
    }
  }

  private static func takeBack(
    _ submission: String, _ check: String, by person: String, _ database: Database
  ) throws {
    try database.execute(
      sql: """
        UPDATE givenPoints SET takenBackAt = ?, takenBackBy = ?
        WHERE submission = ? AND "check" = ? AND takenBackAt IS NULL
        """, arguments: [Date(), person, submission, check])
  }

  /// A number that is another one after every word of a person: points given, taken back, decisions.
  /// What is written from the gradebook bears it.
  public func handwrittenRevision() throws -> Int {
    try database.read {
      try Int.fetchOne(
        $0,
        sql: """
          SELECT (SELECT COUNT(*) + COUNT(takenBackAt) FROM givenPoints)
            + (SELECT COUNT(*) + COUNT(takenBackAt) FROM decisions)
          """) ?? 0
    }
  }
}
