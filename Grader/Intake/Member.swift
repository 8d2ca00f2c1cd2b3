import People

/// One of those who handed a submission in.
public struct Member: Codable, Equatable, Sendable {
  /// What tells of them.
  public enum Source: String, Codable, Sendable {
    /// The platform.
    case platform
    /// Only the submission's ANSWERS.md, which anybody can write any name into.
    case answers
    /// Only the gradebook: an earlier delivery named them, and this one does not.
    case gradebook
    /// An instructor's decision.
    case decision
  }

  /// Who.
  public var person: Person
  /// What tells of them.
  public var source: Source
  /// Numbers and an address that ANSWERS.md adds to somebody whom the platform names.
  public var claims: Person?
  /// The roster's line; nil where there is no roster, or nobody on it is known to be this person.
  public var student: Person?
  /// What they were found on the roster by.
  public var matchedBy: Roster.Key?

  /// Creates a member.
  public init(
    person: Person, source: Source, student: Person? = nil, matchedBy: Roster.Key? = nil
  ) {
    self.person = person
    self.source = source
    self.student = student
    self.matchedBy = matchedBy
  }

  /// The person with what ANSWERS.md adds.
  public var withClaims: Person {
    var all = person
    all.ids += (claims?.ids ?? []).filter { !all.ids.contains($0) }
    all.email = all.email ?? claims?.email
    return all
  }

  /// The person with all that is known of them.
  public var withStudent: Person {
    var all = withClaims
    guard let student else { return all }
    all.ids = student.ids + all.ids.filter { !student.ids.contains($0) }
    all.name = all.name ?? student.name
    all.email = all.email ?? student.email
    all.login = all.login ?? student.login
    return all
  }
}

extension Member {
  /// Those whom the platform names, and those whom only ANSWERS.md names.
  ///
  /// - Returns: them, and a sentence where somebody handed it in whom ANSWERS.md does not name.
  static func all(
    _ parcel: Parcel, _ group: [Person]
  ) -> (members: [Member], unnamed: String?) {
    let handedIn = parcel.owners
    // A group's folder bears the group's name, which is nobody's.
    let isNobody =
      parcel.platform == .plain || parcel.people.allSatisfy { isGroupName($0.name ?? "") }
    var members =
      isNobody && !group.isEmpty ? [] : handedIn.map { Member(person: $0, source: .platform) }
    for person in group {
      let known = members.firstIndex { member in
        !member.person.keys.isDisjoint(with: person.keys)
          || (member.person.name.map { name in
            person.name.map { Person.namesAgree(name, $0) } ?? false
          } ?? false)
      }
      if let known {
        // The platform's number is often its own; the student's stands in ANSWERS.md.
        members[known].claims = Person(ids: person.ids, email: person.email)
      } else {
        members.append(Member(person: person, source: .answers))
      }
    }
    let named = members.filter { $0.source == .platform }
    guard !group.isEmpty, !named.isEmpty, members.count == named.count + group.count else {
      return (members, nil)
    }
    func list(_ people: [Person]) -> String { people.map(\.shownLabel).joined(separator: ", ") }
    return (
      members,
      "\(list(named.map(\.person))) handed it in, but \(Interest.answers) names only \(list(group))"
    )
  }

  /// Those whose work a submission is by decision.
  ///
  /// - Parameters:
  ///   - words: a number, an address, a login or a name of each.
  ///   - known: those who are known of it by other ways.
  static func decided(_ words: [String], among known: [Member], _ roster: Roster?) -> [Member] {
    words.map { word in
      var member =
        known.first { $0.withClaims.isCalled(word) }
        ?? Member(person: Person(called: word), source: .decision)
      // which numbers and names ANSWERS.md adds is no matter any more
      member.claims = nil
      member.source = .decision
      if case .found(let line, let key)? = roster?.match(Person(folder: word)) {
        member.student = roster?.students[line]
        member.matchedBy = key
      }
      return member
    }
  }

  static func isGroupName(_ name: String) -> Bool {
    let name = Person.folded(name)
    let kind = name.prefixMatch(of: /(?:project|lab|study|course|student)[ _-]?/)
    let rest = kind.map { name[$0.range.upperBound...] } ?? name[...]
    // Canvas writes a group's name without its spaces: "group1"
    return rest.wholeMatch(
      of: /(?:group|team|groep|gruppe|groupe|grupo|pair|koppel)(?:\b.*|[ _-]?\d.*|[a-z]?)/) != nil
  }
}
