import CSV
import Foundation
import People

/// The class list to reconcile a delivery against, from a CSV of any of the platforms.
///
/// How a person is recognised is `PeopleIndex`'s: by a number, the e-mail address, the login, the name.
/// Where several lines fit, or a number's line has another name, nobody is matched and that is said.
public struct Roster: Sendable {
  /// What somebody was found by.
  public typealias Key = PeopleIndex.Key

  /// What looking for somebody gave.
  enum Match: Equatable {
    case found(Int, Key)
    /// Nobody for sure: why, in a sentence, and the lines that it may be.
    case doubtful(String, lines: [Int])
    case none
  }

  /// The file.
  public let path: String
  /// The students in the file's order.
  public let students: [Person]
  /// What is odd about the file, a sentence each.
  public let problems: [String]
  private let index: PeopleIndex
  private static let maximumBytes = 16 << 20

  /// Reads a roster.
  ///
  /// - Throws: `IntakeError.badRoster`.
  public init(file path: String) throws {
    func wrong(_ reason: String) -> IntakeError { .badRoster(path: path, reason: reason) }
    guard let handle = FileHandle(forReadingAtPath: path),
      let data = try? handle.read(upToCount: Self.maximumBytes + 1)
    else { throw wrong("there is no file that can be read") }
    guard data.count <= Self.maximumBytes, let text = SourceText.read([UInt8](data))?.text else {
      throw wrong("it is no text of at most 16 MiB")
    }
    try self.init(text, path: path)
  }

  /// Reads a roster's text.
  package init(_ text: String, path: String = "roster") throws {
    func wrong(_ reason: String) -> IntakeError { .badRoster(path: path, reason: reason) }
    let rows: [CSV.Row]
    do {
      rows = try CSV.rows(text, path: path)
    } catch let error as TableError {
      throw wrong(error.reason)
    }
    guard let table = PeopleTable(rows, path: path) else { throw wrong("it is empty") }
    guard table.knowsPeople else {
      throw wrong(
        "none of its columns (\(table.header.map(shown).joined(separator: ", "))) is a number, "
          + "an e-mail address, a login or a name; the first line must say what they are")
    }
    var students: [Person] = []
    var problems = table.problems
    var known: [String: Person] = [:]
    for row in table.rows {
      guard let person = table.person(row) else { continue }
      let twin = person.keys.sorted().compactMap { known[$0] }.first
      for key in person.keys { known[key] = person }
      if let twin {
        problems.append(
          "the roster has \(shown(twin.label)) again in line \(row.line) as "
            + "\(shown(person.label)), with the same number, address or login")
      }
      students.append(person)
    }
    guard !students.isEmpty else { throw wrong("it lists nobody") }
    self.path = path
    self.students = students
    self.problems = problems
    index = PeopleIndex(students.enumerated().map { (person: $1, owner: $0) })
  }

  /// Looks for somebody.
  func match(_ person: Person) -> Match {
    switch index.match(person) {
    case .found(let line, let key): .found(line, key)
    case .doubtful(let doubt): .doubtful(sentence(doubt, of: person), lines: lines(doubt))
    case .none: .none
    }
  }

  /// The lines that have a number, the address, the login or the name of somebody, whether or not the
  /// rest agrees.
  func linesSharing(_ person: Person) -> Set<Int> { index.owners(sharing: person) }

  private func lines(_ doubt: PeopleIndex.Doubt) -> [Int] {
    switch doubt {
    case .several(_, let lines): lines
    case .otherName(_, let line): [line]
    case .contradiction(_, let one, _, let other): [one, other]
    case .namesakes: []
    }
  }

  private func sentence(_ doubt: PeopleIndex.Doubt, of person: Person) -> String {
    let label = person.shownLabel
    func line(_ index: Int) -> String { students[index].shownLabel }
    switch doubt {
    case .several(.name, let lines):
      // the folder's own name may have more than theirs
      return "\(lines.count) students on the roster are called \(line(lines[0])), and nothing else "
        + "tells which one handed in"
    case .several(let key, let lines):
      return "\(label) fits \(lines.count) lines of the roster by \(key.rawValue)"
    case .otherName(let key, let other):
      return "\(label) has the \(key.rawValue) of the roster's \(line(other)), but not the name"
    case .contradiction(let key, let one, let otherKey, let other):
      return "\(label) has the \(key.rawValue) of the roster's \(line(one)) and the "
        + "\(otherKey.rawValue) of \(line(other))"
    case .namesakes: return "several have the name \(label)"
    }
  }
}
