import Assignment
import Foundation
import GRDB
import People

extension Gradebook {
  /// Keeps a submission with all its verdicts, in one transaction: after a crash it is there as a
  /// whole or not at all. A submission of the same name gives way.
  ///
  /// - Parameters:
  ///   - contents: the student's files by name.
  ///   - environment: the conditions that it was built under.
  public func record(
    _ graded: GradedSubmission, contents: [String: [UInt8]], environment: String
  ) throws {
    let submission = graded.submission
    try write { database in
      if !submission.files.isEmpty {
        for (name, bytes) in contents {
          try database.execute(
            sql: "INSERT OR IGNORE INTO files (files, name, contents) VALUES (?, ?, ?)",
            arguments: [submission.files, name, Data(bytes)])
        }
      }
      if let build = graded.build {
        try database.execute(
          sql: "INSERT OR REPLACE INTO builds (files, environment, errors, seconds, cpuSeconds) "
            + "VALUES (?, ?, ?, ?, ?)",
          arguments: [
            submission.files, environment, Self.json(build.errors), build.seconds,
            build.cpuSeconds,
          ])
      }
      let row = try Row.fetchOne(
        database,
        sql: """
          INSERT INTO submissions
            (name, members, files, notes, status, remark, attempt, late, record, isPresent, run)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
          ON CONFLICT (name) DO UPDATE SET
            members = excluded.members, files = excluded.files, notes = excluded.notes,
            status = excluded.status, remark = excluded.remark, attempt = excluded.attempt,
            late = excluded.late, record = excluded.record, isPresent = 1, run = excluded.run
          RETURNING id
          """,
        arguments: [
          submission.name, Self.json(submission.members), submission.files,
          Self.json(submission.notes), submission.status.rawValue, submission.remark,
          submission.attempt, try submission.late.map { try JSONEncoder().encode($0) },
          submission.record, graded.run,
        ])
      let id: Int64 = row?["id"] ?? 0
      try database.execute(sql: "DELETE FROM results WHERE submission = ?", arguments: [id])
      for verdict in graded.verdicts {
        try database.execute(
          sql: "INSERT INTO results (submission, \"check\", verdict) VALUES (?, ?, ?)",
          arguments: [id, verdict.key.check, try verdict.store(database, run: graded.run)])
      }
    }
  }

  /// All submissions of the class with their verdicts, by name.
  public func submissions() throws -> [GradedSubmission] {
    try database.read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM submissions WHERE isPresent ORDER BY name")
      return try rows.map { try Self.graded($0, database) }
    }
  }

  /// One submission: by its name, whatever its case and accents, or by words of its name, or of one of its
  /// members', that only one has.
  ///
  /// - Throws: `GradebookError.unknownSubmission`, `GradebookError.ambiguousSubmission`.
  public func submission(_ name: String) throws -> GradedSubmission {
    try database.read { database in
      func submission(_ name: String) throws -> GradedSubmission? {
        try Row.fetchOne(
          database, sql: "SELECT * FROM submissions WHERE name = ?", arguments: [name]
        ).map { try Self.graded($0, database) }
      }
      if let exact = try submission(name) { return exact }
      let known = try Row.fetchAll(
        database, sql: "SELECT name, members FROM submissions WHERE isPresent ORDER BY name"
      ).map { (name: $0["name"] as String, all: [$0["name"]] + Self.strings($0["members"])) }
      let folded = Person.folded(name)
      let squeezed = Person.squeezed(name)
      let waysToMean: [([String]) -> Bool] = [
        { Person.folded($0[0]) == folded },
        { $0.contains { !Person.squeezed($0).isDisjoint(with: squeezed) } },
        { $0.contains { Person.namesAgree(name, $0) } },
      ]
      for isMeant in waysToMean {
        let found = known.filter { isMeant($0.all) }.map(\.name)
        if found.count > 1 { throw GradebookError.ambiguousSubmission(name, among: found) }
        if let only = try found.first.flatMap(submission) { return only }
      }
      let near = known.map(\.name).filter { Person.folded($0).contains(folded) }
      throw GradebookError.unknownSubmission(
        name, near: Array((near.isEmpty ? known.map(\.name) : near).prefix(5)))
    }
  }

  /// The student's files under a hash, by name.
  public func contents(_ files: String) throws -> [String: [UInt8]] {
    try database.read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT name, contents FROM files WHERE files = ?", arguments: [files])
      return Dictionary(
        uniqueKeysWithValues: rows.map { row in
          let contents: Data = row["contents"]
          return (row["name"] as String, [UInt8](contents))
        })
    }
  }

  /// Goes through all files that students ever handed in.
  public func forEachFile(_ body: (_ name: String, _ contents: [UInt8]) throws -> Void) throws {
    try database.read { database in
      let rows = try Row.fetchCursor(database, sql: "SELECT name, contents FROM files")
      while let row = try rows.next() {
        let contents: Data = row["contents"]
        try body(row["name"], [UInt8](contents))
      }
    }
  }

  /// What is known of some files: verdicts of all runs.
  public func verdicts(on files: String) throws -> [Verdict.Key: Verdict] {
    try database.read { database in
      let found = try Verdict.fetchAll(
        database, sql: "SELECT * FROM verdicts WHERE files = ?", arguments: [files])
      return Dictionary(uniqueKeysWithValues: found.map { ($0.key, $0) })
    }
  }

  /// What the build of some files said.
  public func build(_ files: String, environment: String) throws -> StoredBuild? {
    try database.read { try Self.build(files, environment, $0) }
  }

  // MARK: Rows

  private static func build(
    _ files: String, _ environment: String, _ database: Database
  ) throws -> StoredBuild? {
    let row = try Row.fetchOne(
      database,
      sql: "SELECT errors, seconds, cpuSeconds FROM builds WHERE files = ? AND environment = ?",
      arguments: [files, environment])
    return row.map {
      StoredBuild(
        errors: strings($0["errors"]), seconds: $0["seconds"], cpuSeconds: $0["cpuSeconds"])
    }
  }

  private static func graded(_ row: Row, _ database: Database) throws -> GradedSubmission {
    let id: Int64 = row["id"]
    let run: Int64 = row["run"]
    let verdicts = try Verdict.fetchAll(
      database,
      sql: """
        SELECT verdicts.* FROM results JOIN verdicts ON verdicts.id = results.verdict
        WHERE results.submission = ? ORDER BY results."check"
        """, arguments: [id])
    let late: Data? = row["late"]
    let submission = StoredSubmission(
      name: row["name"], members: strings(row["members"]), files: row["files"],
      notes: strings(row["notes"]),
      status: SubmissionResult.Status(rawValue: row["status"]) ?? .judgeFailed,
      remark: row["remark"], attempt: row["attempt"],
      late: try late.map { try JSONDecoder().decode(LateMark.self, from: $0) },
      record: row["record"])
    let environment = try String.fetchOne(
      database, sql: "SELECT environment FROM runs WHERE id = ?", arguments: [run])
    return GradedSubmission(
      submission: submission, verdicts: verdicts,
      build: try build(submission.files, environment ?? "", database), run: run)
  }

  static func json(_ strings: [String]) -> String {
    (try? JSONEncoder().encode(strings)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
  }

  private static func strings(_ json: String) -> [String] {
    (try? JSONDecoder().decode([String].self, from: Data(json.utf8))) ?? []
  }
}
