import Assignment
import CSV
import Foundation
import Intake
import People
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
  public var template: PeopleTable?
  /// The people of the course, where the platform gives no such table.
  public var roster: PeopleTable?
  /// The name of the grade's column.
  public var column: String
  /// What full marks count there; as many points as there are when nil.
  public var scaleTo: Double?

  /// Describes an export.
  public init(
    template: PeopleTable? = nil, roster: PeopleTable? = nil, column: String, scaleTo: Double? = nil
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
    /// What the platform finds them by.
    let identity: Identity
  }

  /// The platform that a template is from, and the column of the numbers that it gives people itself,
  /// which stand in the names of its downloads.
  typealias Origin = (platform: Platform, column: [String])

  /// Everybody with a grade: those in the table who handed in, or, where there is no table, all who were
  /// on the roster that the class was graded with. Who is left out is noted.
  ///
  /// - Parameter leavesOut: whether people of the table who did not hand in are left out, and noted.
  /// - Throws: `ExportError` where nobody is left.
  func entries(
    _ table: PeopleTable?, from origin: Origin? = nil, leavesOut: Bool = true,
    _ notes: inout [String]
  ) throws -> [Entry] {
    let all =
      table.map { listed(in: $0, from: origin, leavesOut, &notes) } ?? listedWhenGraded(&notes)
    let entries = all.filter { entry in
      guard entry.student.result.status == .judgeFailed else { return true }
      notes.append("\(entry.person.label) is left out: the code was not graded")
      return false
    }
    guard entries.isEmpty else { return entries }
    let first = notes.first.map { " (\(notes.count) notes, the first: \($0))" } ?? ""
    guard let table else {
      throw ExportError(
        "of nobody a number, a login or an address is known for sure\(first): name the platform's own "
          + "export with --template, or a table of the people with --roster")
    }
    throw ExportError(
      "nobody in \(table.path) has a grade here\(first); it was looked for "
        + (table.taken.isEmpty ? "by no column" : "by \(table.taken)")
        + ": see whether it is the table of this class")
  }

  /// Those in a table who handed in.
  private func listed(
    in table: PeopleTable, from origin: Origin?, _ leavesOut: Bool, _ notes: inout [String]
  ) -> [Entry] {
    var entries: [Entry] = []
    let index = PeopleIndex(
      record.students.enumerated().flatMap { number, student in
        let name = student.result.submission
        // a folder may be named by whatever identifies its owner
        let isFolder = [nil, .plain].contains(student.record.platform)
        return (student.record.people + (isFolder ? [Person(folder: name)] : []))
          .map { (person: $0, owner: number) }
      })
    let explicit = table.column(["submission"])
    let rows = table.rows.map { (row: $0, person: table.person($0)) }
    let matches = index.matches(rows.map { $0.person ?? Person() })
    for ((row, person), match) in zip(rows, matches) {
      let named = table.cell(row, explicit).flatMap { name in
        record.students.first { $0.result.submission == name }
      }
      guard let person = person ?? named.map({ Person(name: $0.result.submission) }) else {
        continue
      }
      func leaveOut(_ reason: String) { notes.append("\(person.label) is left out: \(reason)") }
      func take(_ student: StudentRecord) {
        entries.append(
          .init(person: person, student: student, row: row, identity: Identity(row, in: table)))
      }
      if let named {
        take(named)
        continue
      }
      switch match {
      case .found(let number, let key):
        let student = record.students[number]
        if key == .name, let origin, let own = table.cell(row, table.column(origin.column)),
          student.record.platform == origin.platform, student.record.people.count == 1
        {
          leaveOut(
            "\(student.result.submission) has the name, but not the number \(own) that "
              + "\(origin.platform.rawValue) gave them")
        } else {
          take(student)
        }
      case .none where leavesOut:
        notes.append("\(person.label) has no submission and is left out")
      case .none: break
      case .doubtful(let doubt): leaveOut(reason(doubt))
      }
    }
    let found = Set(entries.map(\.student.result.submission))
    for student in record.students where !found.contains(student.result.submission) {
      notes.append("nobody in \(table.path) handed in \(student.result.submission)")
    }
    if !table.taken.isEmpty { notes.append("\(table.path): people are known by \(table.taken)") }
    return entries
  }

  private func reason(_ doubt: PeopleIndex.Doubt) -> String {
    func name(_ number: Int) -> String { record.students[number].result.submission }
    switch doubt {
    case .several(_, let numbers):
      return "several submissions could be theirs: \(numbers.map(name).joined(separator: ", "))"
    case .otherName(let key, let number):
      return "\(name(number)) has the \(key.words), but another name"
    case .contradiction(let key, let one, let otherKey, let other):
      return "\(name(one)) has the \(key.words) and \(name(other)) the \(otherKey.words)"
    case .namesakes: return "several people have this name"
    }
  }

  /// Those whom grading found on its roster. What a download's names say is the platform's own, and may
  /// be somebody else's number.
  private func listedWhenGraded(_ notes: inout [String]) -> [Entry] {
    var entries: [Entry] = []
    for student in record.students {
      let listed = student.record.listed ?? []
      for person in listed {
        entries.append(
          .init(person: person, student: student, row: nil, identity: Identity(listed: person)))
      }
      if listed.isEmpty {
        notes.append(
          "\(student.result.submission) is left out: nobody in it is known from a roster")
      }
    }
    return entries
  }

  /// The error for a table in which nobody is left.
  static func nobody(_ notes: [String]) -> ExportError {
    ExportError("nobody is left for the table: " + notes.prefix(3).joined(separator: "; "))
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

extension PeopleIndex.Key {
  /// As it stands in a sentence.
  var words: String {
    switch self {
    case .id: "number"
    case .email: "address"
    case .login: "login"
    case .name: "name"
    }
  }
}
