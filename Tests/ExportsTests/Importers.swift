import Foundation
import XCTest

/// Readers that take and refuse what the platforms' importers do, by the rules in the sources that
/// each names. They share no code with the exports: tables are taken apart anew here.
enum Importer {
  struct Refusal: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// RFC 4180, nothing else.
  static func table(_ text: String) throws -> [[String]] {
    var (rows, row, cell): ([[String]], [String], String) = ([], [], "")
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"":
        guard cell.isEmpty else { throw Refusal("a quote within a cell without quotes") }
        while true {
          guard let next = rest.popFirst() else { throw Refusal("a quote is not closed") }
          if next != "\"" {
            cell.unicodeScalars.append(next)
          } else if rest.first == "\"" {
            cell.unicodeScalars.append(next)
            rest.removeFirst()
          } else {
            break
          }
        }
        guard rest.isEmpty || rest.first == "," || rest.first == "\r" || rest.first == "\n" else {
          throw Refusal("text after a quote")
        }
      case ",":
        row.append(cell)
        cell = ""
      case "\r": break
      case "\n":
        rows.append(row + [cell])
        (row, cell) = ([], "")
      default: cell.unicodeScalars.append(scalar)
      }
    }
    if !cell.isEmpty || !row.isEmpty { rows.append(row + [cell]) }
    for (index, row) in rows.enumerated() where row.count != rows[0].count {
      throw Refusal("row \(index + 1) has \(row.count) cells instead of \(rows[0].count)")
    }
    return rows
  }

  /// No cell that a spreadsheet would run.
  static func requireNoFormulas(_ rows: [[String]]) throws {
    for cell in rows.joined() {
      if let first = cell.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) {
        throw Refusal("the cell \(cell.debugDescription) is a formula")
      }
      for part in cell.split(whereSeparator: { "\n;\t".contains($0) }).dropFirst() {
        if "=+-@".contains(part.first ?? " ") { throw Refusal("\(cell) holds a formula") }
      }
    }
  }

  // MARK: Canvas

  struct CanvasGrade: Equatable {
    var id, login, name: String
    var points: Double
  }

  /// `gradebook_importer.rb` of canvas-lms: `process_header`, `process_pp`, `process_student`.
  ///
  /// - Parameter students: ids, login names and names that the course has.
  static func canvas(
    _ text: String, students: [(id: String, login: String, name: String)]
  ) throws -> (assignment: String, possible: Double?, grades: [CanvasGrade]) {
    var rows = try table(text)
    try requireNoFormulas(rows)
    let header = rows.removeFirst()
    guard header.count > 3, header[0].contains("Student"), header[1].contains("ID") else {
      throw Refusal("the header does not begin with Student and ID")
    }
    guard let section = header.firstIndex(where: { $0.contains("Section") }) else {
      throw Refusal("there is no Section")
    }
    let own = Array(header[2..<section])
    guard [[], ["SIS Login ID"], ["SIS User ID", "SIS Login ID"]].contains(own) else {
      throw Refusal("the columns \(own) are not the students'")
    }
    let assignments = header[(section + 1)...]
    guard assignments.count == 1, let title = assignments.first else {
      throw Refusal("there are the assignments \(assignments)")
    }
    let reserved = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Final Score"]
    guard !reserved.contains(title) else { throw Refusal("\(title) is reserved") }
    var possible: Double?
    if let first = rows.first, first[0].contains("Points Possible") {
      guard let points = Double(first[section + 1]) else { throw Refusal("no points possible") }
      possible = points
      rows.removeFirst()
    }
    let login = header.firstIndex(of: "SIS Login ID")
    let grades = try rows.map { row in
      let (id, name) = (row[1], row[0])
      let found = students.first {
        (!id.isEmpty && $0.id == id) || (id.isEmpty && login.map { row[$0] } == $0.login)
          || (id.isEmpty && $0.name == name)
      }
      guard let found else { throw Refusal("nobody is \(row)") }
      guard let points = Double(row[section + 1]) else { throw Refusal("no number in \(row)") }
      return CanvasGrade(id: found.id, login: found.login, name: name, points: points)
    }
    guard Set(grades.map(\.id)).count == grades.count else { throw Refusal("somebody twice") }
    return (title, possible, grades)
  }

  // MARK: Moodle

  /// `mod/assign/feedback/offline/importgradeslib.php`: the columns that `init` asks for, and
  /// `next`, which finds participants by the number in the identifier.
  static func moodleWorksheet(
    _ text: String, participants: Set<Int>, modified: [Int: String]
  ) throws -> [Int: (grade: Double, feedback: String)] {
    var rows = try table(text)
    try requireNoFormulas(rows)
    let header = rows.removeFirst()
    guard let identifier = header.firstIndex(of: "Identifier"),
      let grade = header.firstIndex(of: "Grade"),
      let time = header.firstIndex(of: "Last modified (grade)")
    else { throw Refusal("no Identifier, Grade and Last modified (grade)") }
    let feedback = header.firstIndex(of: "Feedback comments")
    let maximum = header.firstIndex(of: "Maximum Grade")
    var grades: [Int: (grade: Double, feedback: String)] = [:]
    for row in rows {
      guard row[identifier].hasPrefix("Participant "),
        let number = Int(row[identifier].dropFirst("Participant ".count)),
        participants.contains(number)
      else { throw Refusal("\(row[identifier]) is no participant") }
      guard let value = Double(row[grade]) else { throw Refusal("no grade in \(row)") }
      if let maximum, let most = Double(row[maximum]), value > most {
        throw Refusal("\(value) is more than \(most)")
      }
      // what was graded after the download is skipped, so the time must come back as it was
      guard row[time] == modified[number] else { throw Refusal("another time in \(row)") }
      grades[number] = (value, feedback.map { row[$0] } ?? "")
    }
    return grades
  }

  /// `grade/import/csv/classes/load_data.php`: a value above the maximum ends the import.
  static func moodleGradebook(
    _ text: String, key: String, users: Set<String>, column: String, maximum: Double
  ) throws -> [String: Double] {
    var rows = try table(text)
    try requireNoFormulas(rows)
    let header = rows.removeFirst()
    guard let user = header.firstIndex(of: key), let item = header.firstIndex(of: column) else {
      throw Refusal("no columns \(key) and \(column)")
    }
    var grades: [String: Double] = [:]
    for row in rows {
      guard users.contains(row[user]) else { throw Refusal("no user \(row[user])") }
      if row[item].isEmpty || row[item] == "-" { continue }
      guard let value = Double(row[item]) else { throw Refusal("\(row[item]) is no grade") }
      guard value <= maximum, value >= 0 else { throw Refusal("\(value) is out of range") }
      grades[row[user]] = value
    }
    return grades
  }

  // MARK: Brightspace

  /// D2L's documentation of importing grades.
  static func brightspace(
    _ text: String, users: Set<String>, item: String, maximum: Double
  ) throws -> [String: Double] {
    var rows = try table(text)
    try requireNoFormulas(rows)
    let header = rows.removeFirst()
    guard header.last == "End-of-Line Indicator" else { throw Refusal("no end of line") }
    let isByID = header[0] == "OrgDefinedId"
    guard isByID || header[0] == "Username" else { throw Refusal("no OrgDefinedId or Username") }
    let allowed = ["OrgDefinedId", "Username", "End-of-Line Indicator"]
    let items = header.filter { !allowed.contains($0) }
    guard items.count == 1, let grade = header.firstIndex(of: items[0]) else {
      throw Refusal("the columns \(items)")
    }
    let plain = items[0].replacing(#/ <Numeric MaxPoints:[0-9.]+>$/#, with: "")
    guard plain == "\(item) Points Grade" else { throw Refusal("\(items[0]) is no grade") }
    var grades: [String: Double] = [:]
    for row in rows {
      guard row.last == "#" else { throw Refusal("no # at the end of \(row)") }
      let id = isByID && row[0].hasPrefix("#") ? String(row[0].dropFirst()) : row[0]
      guard users.contains(id) else { throw Refusal("no user \(id)") }
      guard let value = Double(row[grade]), value <= maximum else {
        throw Refusal("no grade up to \(maximum) in \(row)")
      }
      grades[id] = value
    }
    return grades
  }

  // MARK: nbgrader

  /// Lines split at every comma, as the exporter that quotes nothing needs them.
  static func nbgrader(_ text: String) throws -> [[String: String]] {
    var lines = text.components(separatedBy: "\n")
    guard lines.popLast() == "" else { throw Refusal("the last line has no end") }
    let header = lines.removeFirst().components(separatedBy: ",")
    let expected =
      "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,"
      + "late_submission_penalty,score,max_score"
    guard header.joined(separator: ",") == expected else { throw Refusal("the header \(header)") }
    return try lines.map { line in
      let cells = line.components(separatedBy: ",")
      guard cells.count == header.count, !line.contains("\"") else { throw Refusal(line) }
      try requireNoFormulas([cells])
      let row = Dictionary(uniqueKeysWithValues: zip(header, cells))
      for column in ["raw_score", "late_submission_penalty", "score", "max_score"] {
        guard row[column]?.contains(".") == true, Double(row[column] ?? "") != nil else {
          throw Refusal("\(column) in \(line)")
        }
      }
      guard let raw = Double(row["raw_score"] ?? ""),
        let penalty = Double(row["late_submission_penalty"] ?? ""),
        let score = Double(row["score"] ?? ""), abs(max(0, raw - penalty) - score) < 0.011
      else { throw Refusal("the score in \(line) is not what is left of the raw score") }
      return row
    }
  }

  // MARK: Gradescope

  /// Gradescope's autograder specifications: fields, types and values.
  static func gradescope(_ text: String) throws -> (score: Double, tests: [[String: Any]]) {
    guard let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    else { throw Refusal("no object") }
    let formats = ["text", "html", "simple_format", "md", "ansi"]
    let visibilities = ["hidden", "after_due_date", "after_published", "visible"]
    let known = [
      "score", "execution_time", "output", "output_format", "test_output_format",
      "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard",
    ]
    for key in object.keys where !known.contains(key) { throw Refusal("the field \(key)") }
    func check(_ object: [String: Any], _ key: String, _ values: [String]) throws {
      guard let value = object[key] else { return }
      guard let text = value as? String, values.contains(text) else { throw Refusal("\(key)") }
    }
    for key in ["output_format", "test_output_format", "test_name_format"] {
      try check(object, key, formats)
    }
    for key in ["visibility", "stdout_visibility"] { try check(object, key, visibilities) }
    guard let tests = object["tests"] as? [[String: Any]] else { throw Refusal("no tests") }
    for test in tests {
      for (key, value) in test {
        switch key {
        case "score", "max_score": guard value is NSNumber else { throw Refusal(key) }
        case "status": try check(test, key, ["passed", "failed"])
        case "name", "number", "output": guard value is String else { throw Refusal(key) }
        case "tags": guard value is [String] else { throw Refusal(key) }
        case "visibility": try check(test, key, visibilities)
        case "name_format", "output_format": try check(test, key, formats)
        case "extra_data": guard value is [String: Any] else { throw Refusal(key) }
        default: throw Refusal("the test's field \(key)")
        }
      }
    }
    guard let score = object["score"] as? Double else { throw Refusal("no score") }
    return (score, tests)
  }
}
