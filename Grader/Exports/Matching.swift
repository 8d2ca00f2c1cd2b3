import Assignment
import Foundation
import Intake
import Publication
import Reports

/// Finds the submission of a person by id, login name, address or name.
struct Matching {
  /// What came of the search.
  enum Match {
    case found(StudentRecord)
    case none
    /// Several submissions, or several rows, could be meant; the reason is part of a sentence.
    case ambiguous(String)
  }

  private let students: [StudentRecord]
  /// The submissions by key; a kind of key never meets another, but for submissions' own names.
  private var byKey: [String: Set<Int>] = [:]
  /// The rows of a table by key, to tell namesakes.
  private var rowsByName: [String: Int] = [:]

  init(_ students: [StudentRecord], rows: [Person] = []) {
    self.students = students
    for (index, student) in students.enumerated() {
      for person in student.record.people {
        for key in Self.keys(person) + [Self.nameKey(person.name)].compactMap(\.self) {
          byKey[key, default: []].insert(index)
        }
      }
      // a folder may be named by whatever identifies its owner
      let name = student.result.submission
      let asPerson = Person(name: name, id: name, username: name, email: name)
      for key in Self.keys(asPerson) + [Self.nameKey(name)].compactMap(\.self) {
        byKey[key, default: []].insert(index)
      }
    }
    for person in rows {
      if let key = Self.nameKey(person.name) { rowsByName[key, default: 0] += 1 }
    }
  }

  /// Ids count before names, and names only where no other row has the same.
  func submission(of person: Person) -> Match {
    for key in Self.keys(person) {
      if let found = byKey[key] { return match(found, "\(key)") }
    }
    guard let key = Self.nameKey(person.name), let found = byKey[key] else { return .none }
    if rowsByName[key, default: 0] > 1 { return .ambiguous("several people have this name") }
    return match(found, person.label)
  }

  private func match(_ found: Set<Int>, _ key: String) -> Match {
    guard found.count == 1, let index = found.first else {
      let names = found.sorted().map { students[$0].result.submission }.joined(separator: ", ")
      return .ambiguous("several submissions could be theirs: \(names)")
    }
    return .found(students[index])
  }

  private static func keys(_ person: Person) -> [String] {
    (person.ids.map { ("id", $0) } + [("username", person.username), ("email", person.email)])
      .compactMap { kind, value in
        guard let value else { return nil }
        let plain = value.trimmingCharacters(in: .whitespaces).lowercased()
        // Brightspace puts a # in front of ids
        let bare = plain.hasPrefix("#") ? String(plain.dropFirst()) : plain
        return bare.isEmpty ? nil : "\(kind) \(bare)"
      }
  }

  /// The words of a name in alphabetical order, without accents: `Müller, Ann` and `Ann Muller`.
  private static func nameKey(_ name: String?) -> String? {
    guard let name else { return nil }
    let plain = name.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    let words = plain.split { !$0.isLetter && !$0.isNumber }.sorted()
    return words.isEmpty ? nil : "name " + words.joined(separator: " ")
  }
}
