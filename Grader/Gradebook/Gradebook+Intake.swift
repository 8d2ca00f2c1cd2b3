import Foundation
import GRDB

extension Gradebook {
  /// What the last `grade` found in the delivery, as its writer encoded it; nil before the first.
  public func intake() throws -> Data? {
    try database.read { try Data.fetchOne($0, sql: "SELECT report FROM intake") }
  }

  /// Keeps what a `grade` found, in the place of what an earlier one did.
  public func setIntake(_ report: Data) throws {
    try write { database in
      try database.execute(sql: "DELETE FROM intake")
      try database.execute(sql: "INSERT INTO intake (report) VALUES (?)", arguments: [report])
    }
  }
}
