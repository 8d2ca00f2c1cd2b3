import Foundation
import GRDB

/// The tables. A change is a further migration; what is written here stays as it is.
enum GradebookSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("runs, submissions, verdicts") { database in
      try database.create(table: "runs") { table in
        table.autoIncrementedPrimaryKey("id")
        for name in [
          "command", "unit", "state", "seed", "sandbox", "data", "course", "core", "judge",
          "toolchain", "limits", "environment", "checks",
        ] { table.column(name, .text).notNull() }
        table.column("jobs", .integer).notNull()
        table.column("withoutAccuracy", .boolean).notNull()
        table.column("startedAt", .datetime).notNull()
        table.column("endedAt", .datetime)
      }
      // Students' files by the hash of all of them: a regrade and a replay need no folder.
      try database.create(table: "files", options: .withoutRowID) { table in
        table.column("files", .text).notNull()
        table.column("name", .text).notNull()
        table.column("contents", .blob).notNull()
        table.primaryKey(["files", "name"])
      }
      try database.create(table: "builds", options: .withoutRowID) { table in
        table.column("files", .text).notNull()
        table.column("environment", .text).notNull()
        table.column("errors", .text).notNull()
        table.column("seconds", .double).notNull()
        table.primaryKey(["files", "environment"])
      }
      try database.create(table: "submissions") { table in
        table.autoIncrementedPrimaryKey("id")
        table.column("name", .text).notNull().unique()
        for name in ["members", "files", "notes", "status", "remark"] {
          table.column(name, .text).notNull()
        }
        table.column("attempt", .integer).notNull()
        // JSON of the lateness, and of what reports and exports need to know besides the result.
        table.column("late", .blob)
        table.column("record", .blob).notNull()
        table.column("isPresent", .boolean).notNull()
        table.column("run", .integer).notNull().references("runs")
      }
      // What a check said of files under given conditions: found again, it is not asked again.
      try database.create(table: "verdicts") { table in
        table.autoIncrementedPrimaryKey("id")
        for name in [
          "files", "check", "checkHash", "environment", "blocked", "outcome", "message",
        ] { table.column(name, .text).notNull() }
        table.column("diagnosis", .text)
        table.column("details", .text)
        table.column("seconds", .double).notNull()
        table.column("figures", .blob).notNull()
        table.column("run", .integer).notNull().references("runs")
        table.uniqueKey(["files", "check", "checkHash", "environment", "blocked"])
      }
      try database.create(table: "results", options: .withoutRowID) { table in
        table.column("submission", .integer).notNull()
          .references("submissions", onDelete: .cascade)
        table.column("check", .text).notNull()
        table.column("verdict", .integer).notNull().references("verdicts")
        table.primaryKey(["submission", "check"])
      }
    }
    migrator.registerMigration("marks of written answers") { database in
      // One row: what anonymous names and their order are drawn from.
      try database.create(table: "marking") { table in
        table.column("seed", .text).notNull()
      }
      try database.create(table: "marks") { table in
        table.autoIncrementedPrimaryKey("id")
        for name in ["submission", "question", "comment", "answer"] {
          table.column(name, .text).notNull()
        }
        table.column("points", .double).notNull()
      }
    }
    migrator.registerMigration("publications") { database in
      try database.create(table: "publications") { table in
        table.autoIncrementedPrimaryKey("id")
        table.column("publishedAt", .datetime).notNull()
        table.column("run", .integer).notNull().references("runs")
        table.column("isWithdrawn", .boolean).notNull()
        // What is true of the class as a whole, for the class page.
        table.column("summary", .blob).notNull()
      }
      try database.create(table: "publishedResults", options: .withoutRowID) { table in
        table.column("publication", .integer).notNull().references("publications")
        table.column("submission", .text).notNull()
        table.column("result", .blob).notNull()
        table.primaryKey(["publication", "submission"])
      }
    }
    migrator.registerMigration("records of what was published") { database in
      // People, times, answers: NULL in what was published before they were kept.
      try database.alter(table: "publishedResults") { $0.add(column: "record", .blob) }
    }
    migrator.registerMigration("what the intake found") { database in
      // One row, as its writer encoded it: the delivery that was graded last.
      try database.create(table: "intake") { table in
        table.column("report", .blob).notNull()
      }
    }
    migrator.registerMigration("processor seconds of builds") { database in
      try database.alter(table: "builds") { $0.add(column: "cpuSeconds", .double) }
    }
    migrator.registerMigration("submissions that were taken out") { database in
      try database.create(table: "removals") { table in
        table.autoIncrementedPrimaryKey("id")
        table.column("submission", .text).notNull()
        table.column("run", .integer).notNull().references("runs")
        table.column("removedAt", .datetime).notNull()
      }
      // Names are compared by their bytes here, and are in composed characters from now on.
      for name in try String.fetchAll(database, sql: "SELECT name FROM submissions") {
        try database.execute(
          sql: "UPDATE OR IGNORE submissions SET name = ? WHERE name = ?",
          arguments: [name.precomposedStringWithCanonicalMapping, name])
      }
    }
    migrator.registerMigration("points by hand, decisions") { database in
      // What a person says is never changed, only taken back: who gave which points when stays known.
      try database.create(table: "givenPoints") { table in
        table.autoIncrementedPrimaryKey("id")
        for name in ["submission", "check", "reason", "person"] {
          table.column(name, .text).notNull()
        }
        for name in ["points", "maxPoints"] { table.column(name, .double).notNull() }
        // What they were given for, as far as that was known.
        table.column("files", .text)
        table.column("checkHash", .text)
        table.column("givenAt", .datetime).notNull()
        table.column("takenBackAt", .datetime)
        table.column("takenBackBy", .text)
      }
      try database.create(table: "decisions") { table in
        table.autoIncrementedPrimaryKey("id")
        // As its writer encoded it.
        table.column("decision", .blob).notNull()
        table.column("reason", .text).notNull()
        table.column("decidedAt", .datetime).notNull()
        table.column("takenBackAt", .datetime)
        // The one that took its place.
        table.column("replacedBy", .integer)
      }
    }
    return migrator
  }
}
