import Foundation
import People

/// The roster against what came.
public struct Reconciliation: Codable, Equatable, Sendable {
  /// Somebody who handed in and is not on the roster.
  public struct Unknown: Codable, Equatable, Sendable {
    /// The submission.
    public var submission: String
    /// Who.
    public var person: Person
  }

  /// The roster's file.
  public var file: String
  /// Lines of the roster.
  public var students: Int
  /// Students on the roster of whom nothing came.
  public var missing: [Person] = []
  /// People who are not on the roster, or not for sure.
  public var unknown: [Unknown] = []

  /// Takes a group's name out of its members: Canvas puts it where a student's stands, with the number of
  /// the member who handed in, and only the members in ANSWERS.md tell that it is one.
  private static func dropGroupsName(_ submission: inout Submission, _ roster: Roster) {
    guard submission.platform == .canvas else { return }
    let named = submission.people.filter { $0.source == .answers }
    let lines = named.reduce(into: Set<Int>()) { lines, member in
      if case .found(let line, _) = roster.match(member.person) { lines.insert(line) }
    }
    let rest = submission.people.filter { member in
      guard member.source == .platform, case .doubtful = roster.match(member.person) else {
        return true
      }
      return roster.linesSharing(Person(ids: member.person.ids)).isDisjoint(with: lines)
    }
    guard rest.count < submission.people.count, !rest.isEmpty else { return }
    submission.setPeople(rest)
    submission.unnamedOwners = nil
  }

  /// Finds everybody on the roster and notes it in the submissions.
  ///
  /// - Returns: the reconciliation, and what must be looked at.
  static func of(
    _ submissions: inout [Submission], with roster: Roster, _ rules: IntakeRules
  ) -> (Reconciliation, problems: [Problem]) {
    var result = Reconciliation(file: roster.path, students: roster.students.count)
    var problems = roster.problems.map { Problem(.roster, [], $0) }
    var handedIn: [Int: [String]] = [:]
    for index in submissions.indices {
      Self.dropGroupsName(&submissions[index], roster)
      let name = submissions[index].name
      for position in submissions[index].people.indices {
        let member = submissions[index].people[position]
        let person = member.person
        if let student = member.student, let line = roster.students.firstIndex(of: student) {
          if handedIn[line]?.contains(name) != true { handedIn[line, default: []].append(name) }
          continue
        }
        // A group that names nobody is a problem of its own.
        if Member.isGroupName(person.name ?? "") { continue }
        var match = roster.match(person)
        // what ANSWERS.md adds counts where the platform's own words find nobody
        if case .none = match, member.claims != nil { match = roster.match(member.withClaims) }
        switch match {
        case .found(let line, let key):
          submissions[index].people[position].student = roster.students[line]
          submissions[index].people[position].matchedBy = key
          if handedIn[line]?.contains(name) != true { handedIn[line, default: []].append(name) }
          continue
        case .doubtful(let reason, let lines):
          let others = submissions[index].people.filter { $0.person != person }
          // a word that two have in common decides nothing
          let told = lines.map { roster.students[$0] }.filter { student in
            guard case .found(let line, _) = roster.match(Person(folder: student.word)) else {
              return false
            }
            return roster.students[line] == student
          }
          let advice =
            told.count == lines.count
            ? ""
            : "; the roster has nothing that tells them apart: give each a number or an address of their "
              + "own in it, and take the delivery in with it again"
          problems.append(
            Problem(
              .owner, [name], "\(name): \(reason)\(advice)",
              answers: told.prefix(4).map { student in
                (
                  "\(shown(student.label)), \(shown(student.word)), handed it in",
                  .owners(
                    submission: name,
                    people: [student.word] + others.map { $0.withStudent.word })
                )
              }, results: rules.results))
        case .none: break
        }
        result.unknown.append(Unknown(submission: name, person: person))
      }
    }
    for (line, student) in roster.students.enumerated() {
      let names = handedIn[line] ?? []
      if names.isEmpty { result.missing.append(student) }
      if names.count > 1 {
        problems.append(
          Problem(
            .severalSubmissions, names,
            "\(shown(student.label)) is in \(names.count) submissions ("
              + names.joined(separator: ", ") + "): all are graded, decide which one counts",
            answers: names.map {
              ("\($0) counts", .counts(submission: $0, person: student.word))
            }, results: rules.results))
      }
    }
    return (result, problems)
  }
}
