import CSV
import Foundation

/// The class list to reconcile a delivery against, from a CSV of any of the platforms.
///
/// A person is matched by the first of these that finds one line: a number, the e-mail address, the
/// login, the name. Where several lines fit, or a number's line has another name, nobody is matched
/// and that is said.
public struct Roster: Sendable {
  /// What somebody was found by.
  public enum Key: String, Codable, Sendable, CaseIterable {
    case id, email, login, name
  }

  /// What looking for somebody gave.
  enum Match: Equatable {
    case found(Int, Key)
    /// Nobody for sure, and why: a sentence.
    case doubtful(String)
    case none
  }

  /// The file.
  public let path: String
  /// The students in the file's order.
  public let students: [Person]
  /// What is odd about the file, a sentence each.
  public let problems: [String]
  private let lines: [Key: [String: [Int]]]
  private let squeezedNames: [String: [Int]]
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
  init(_ text: String, path: String = "roster") throws {
    func wrong(_ reason: String) -> IntakeError { .badRoster(path: path, reason: reason) }
    let rows: [CSV.Row]
    do {
      rows = try CSV.rows(text, path: path)
    } catch let error as TableError {
      throw wrong(error.reason)
    }
    guard let header = rows.first?.cells else { throw wrong("it is empty") }
    let columns = header.map(RosterColumn.init)
    guard columns.contains(where: { $0 != .other }) else {
      throw wrong(
        "none of its columns (\(header.map(shown).joined(separator: ", "))) is a number, "
          + "an e-mail address, a login or a name; the first line must say what they are")
    }
    var students: [Person] = []
    var problems: [String] = []
    var known: [String: Person] = [:]
    for row in rows.dropFirst() {
      guard let person = RosterColumn.person(row.cells, columns) else { continue }
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
    var lines: [Key: [String: [Int]]] = [:]
    var squeezed: [String: [Int]] = [:]
    for (index, student) in students.enumerated() {
      for id in student.ids { lines[.id, default: [:]][Person.key(id), default: []].append(index) }
      if let email = student.email {
        lines[.email, default: [:]][Person.key(email), default: []].append(index)
      }
      if let login = student.login {
        lines[.login, default: [:]][Person.key(login), default: []].append(index)
      }
      if let name = student.name {
        lines[.name, default: [:]][Person.nameKey(name), default: []].append(index)
        for name in Person.squeezed(name) { squeezed[name, default: []].append(index) }
      }
    }
    self.lines = lines
    squeezedNames = squeezed
  }

  /// Looks for somebody.
  func match(_ person: Person) -> Match {
    // A login is often the part of the address before the @, or the number.
    let keys: [(Key, [String])] = [
      (.id, person.ids.map(Person.key)), (.email, [person.email].compactMap { $0 }.map(Person.key)),
      (.login, ([person.login].compactMap { $0 } + person.ids).map(Person.key)),
    ]
    for (key, values) in keys {
      let found = Set(values.flatMap { lines[key]?[$0] ?? [] })
      guard let first = found.first else { continue }
      if found.count > 1 {
        return .doubtful(
          "\(shown(person.label)) fits \(found.count) lines of the roster by \(key.rawValue)")
      }
      // A platform's own number can happen to be somebody else's student number; a plain folder that
      // bears a number or a login has no other name.
      if let name = person.name, let other = students[first].name,
        !values.contains(Person.key(name)), !Person.namesAgree(name, other)
      {
        return .doubtful(
          "\(shown(person.label)) has the \(key.rawValue) of the roster's \(shown(other)), "
            + "but not the name")
      }
      return .found(first, key)
    }
    return person.name.map(match(name:)) ?? .none
  }

  /// All lines that have a number, the address, the login or the name of somebody, whether or not the
  /// rest agrees.
  func linesSharing(_ person: Person) -> Set<Int> {
    var found = Set((person.name.map(Person.squeezed) ?? []).flatMap { squeezedNames[$0] ?? [] })
    let values = (person.ids + [person.email, person.login].compactMap { $0 }).map(Person.key)
    for value in values {
      for key in [Key.id, .email, .login] { found.formUnion(lines[key]?[value] ?? []) }
    }
    return found
  }

  private func match(name: String) -> Match {
    // Moodle puts a group's name and a hyphen before the student's.
    let afterGroup = name.split(separator: "-", maxSplits: 1).dropFirst().first.map(String.init)
    for name in [name, afterGroup].compactMap({ $0 }) {
      var found = Set(lines[.name]?[Person.nameKey(name)] ?? [])
      if found.isEmpty {
        found = Set(Person.squeezed(name).flatMap { squeezedNames[$0] ?? [] })
      }
      if found.count > 1 {
        return .doubtful(
          "\(found.count) students on the roster are called \(shown(name)), and nothing else "
            + "tells which one handed in")
      }
      if let only = found.first { return .found(only, .name) }
    }
    return .none
  }
}
