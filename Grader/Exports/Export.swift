import Assignment
import CSV
import Foundation
import Intake
import Publication
import Reports

/// A platform or program that takes grades as a file.
public enum ExportFormat: String, CaseIterable, Sendable {
  case gradescope, nbgrader, canvas, brightspace, junit
  case moodleWorksheet = "moodle-worksheet"
  case moodleGradebook = "moodle-gradebook"
}

/// What an export needs besides the class.
public struct ExportOptions: Sendable {
  /// The platform's own export, which the grades are filled into.
  public var template: Table?
  /// The people of the course, where the platform gives no such table.
  public var roster: Table?
  /// The name of the grade's column.
  public var column: String
  /// What full marks count there; as many points as there are when nil.
  public var scaleTo: Double?

  /// Describes an export.
  public init(
    template: Table? = nil, roster: Table? = nil, column: String, scaleTo: Double? = nil
  ) {
    self.template = template
    self.roster = roster
    self.column = column
    self.scaleTo = scaleTo
  }
}

/// Files for a platform, and who is not in them.
public struct Export: Sendable {
  /// Contents by file name.
  public var files: [String: String] = [:]
  /// Who was left out and why, and what else to know: one sentence each.
  public var notes: [String] = []
}

/// Makes the files of a class for a platform.
public struct Exporter {
  let record: ClassRecord
  let options: ExportOptions

  /// Prepares an export.
  public init(_ record: ClassRecord, options: ExportOptions) {
    self.record = record
    self.options = options
  }

  /// Makes the files.
  ///
  /// - Throws: `ExportError` when the platform would not take what could be made.
  public func export(_ format: ExportFormat) throws -> Export {
    if let scale = options.scaleTo, !(scale > 0 && scale.isFinite) {
      throw ExportError("full marks must count more than 0 points, not \(scale)")
    }
    var export =
      switch format {
      case .gradescope: try gradescope()
      case .nbgrader: try nbgrader()
      case .canvas: try canvas()
      case .moodleWorksheet: try moodleWorksheet()
      case .moodleGradebook: try moodleGradebook()
      case .brightspace: try brightspace()
      case .junit: junit()
      }
    let provisional = record.students.count { $0.provisional != nil }
    if provisional > 0 {
      export.notes.append(
        "\(provisional) of \(record.students.count) grades are provisional: answers are to be "
          + "marked, or the code was not graded")
    }
    return export
  }

  // MARK: What the formats share

  /// The most points that the platform is told of.
  var maximum: Double {
    options.scaleTo ?? record.students.map(\.maxScore).max() ?? record.manifest.maxScore
  }

  /// The points that the platform is told of, in hundredths.
  func score(_ student: StudentRecord) -> Double {
    let scale = options.scaleTo.map { student.maxScore > 0 ? $0 / student.maxScore : 0 } ?? 1
    return min((student.score * scale * 100).rounded() / 100, maximum)
  }

  /// Somebody with a grade.
  struct Entry {
    let person: Person
    let student: StudentRecord
    /// Their row in the template or roster.
    let row: CSV.Row?
  }

  /// Everybody with a grade: those in the table who handed in, or all who did when there is no
  /// table. Who is left out is noted.
  func entries(_ table: Table?, _ notes: inout [String]) throws -> [Entry] {
    var entries: [Entry] = []
    if let table {
      let people = table.rows.map { table.person($0) }
      let matching = Matching(record.students, rows: people)
      let explicit = table.column(["submission"])
      for (row, person) in zip(table.rows, people) {
        let named = table.cell(row, explicit).flatMap { name in
          record.students.first { $0.result.submission == name }
        }
        switch named.map(Matching.Match.found) ?? matching.submission(of: person) {
        case .found(let student): entries.append(.init(person: person, student: student, row: row))
        case .none: notes.append("\(person.label) has no submission and is left out")
        case .ambiguous(let reason): notes.append("\(person.label) is left out: \(reason)")
        }
      }
      let found = Set(entries.map(\.student.result.submission))
      for student in record.students where !found.contains(student.result.submission) {
        notes.append("nobody in \(table.path) handed in \(student.result.submission)")
      }
    } else {
      for student in record.students {
        for person in student.record.people {
          entries.append(.init(person: person, student: student, row: nil))
        }
      }
    }
    return entries.filter { entry in
      guard entry.student.result.status == .judgeFailed else { return true }
      notes.append("\(entry.person.label) is left out: the code was not graded")
      return false
    }
  }

  /// An id as it is, since a platform must find it again; nil, with a note, if a spreadsheet could
  /// take it for a formula.
  func identifier(_ id: String?, of person: Person, _ notes: inout [String]) -> String? {
    guard let id else { return "" }
    let isPlain =
      CSV.isHarmless(id)
      && !id.unicodeScalars.contains { $0.value < 32 || $0 == "\"" || $0 == ";" || $0.value == 127 }
    if isPlain { return id }
    notes.append(
      "\(person.label) is left out: a spreadsheet would take the id for a formula; enter "
        + "the grade by hand")
    return nil
  }

  /// A text for people, on one line and harmless.
  static func text(_ text: String) -> String {
    let line = text.unicodeScalars.map { scalar -> Unicode.Scalar in
      scalar.value < 32 || (127...159).contains(scalar.value) ? " " : scalar
    }
    return CSV.harmless(String(String.UnicodeScalarView(line)))
  }

  /// - Throws: when the column's name would not reach the platform as it is.
  func checkedColumn() throws -> String {
    let name = options.column.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !name.isEmpty, Self.text(name) == name else {
      throw ExportError(
        "“\(name)” cannot be the name of a column: spreadsheets would take it for a formula; "
          + "choose another with --column")
    }
    return name
  }
}
