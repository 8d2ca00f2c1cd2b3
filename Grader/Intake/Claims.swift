import People

/// What submissions say of people in ANSWERS.md, into which anybody can write any name and number.
///
/// It adds the members of a group. It never takes anybody away from what they handed in themselves: of
/// that the delivery's outermost level tells. Whom nothing but ANSWERS.md names is graded and listed.
enum Claims {
  /// Takes away the claims to people who handed in something else themselves.
  ///
  /// - Returns: what must be looked at, a sentence each.
  static func settle(_ submissions: inout [Submission], roster: Roster?) -> [String] {
    var owned: [String: [Int]] = [:]
    for index in submissions.indices {
      let marks = submissions[index].owners.reduce(into: Set<String>()) { marks, owner in
        marks.formUnion(owner.marks)
        if case .found(let line, _)? = roster?.match(owner) { marks.insert("line \(line)") }
      }
      for mark in marks { owned[mark, default: []].append(index) }
    }
    var problems: [String] = []
    for index in submissions.indices {
      let submission = submissions[index]
      /// Another submission of somebody, which they handed in themselves.
      func other(_ person: Person) -> String? {
        // here it is enough that a number is somebody's
        let lines = roster?.linesSharing(person) ?? []
        let others = person.marks.union(lines.map { "line \($0)" }).flatMap { owned[$0] ?? [] }
          .filter {
            // attempts that nothing tells apart are one person's
            $0 != index && (submission.key == nil || submissions[$0].key != submission.key)
          }
        return others.min().map { submissions[$0].name }
      }
      var people: [Member] = []
      for var member in submission.people {
        let label = shown(member.person.label)
        if member.source == .answers {
          if let other = other(member.person) {
            problems.append(
              "\(submission.name): its \(Interest.answers) names \(label), who handed in \(other): "
                + "not taken for a member of it, decide by hand")
            continue
          }
        } else if let claims = member.claims, let other = other(claims) {
          problems.append(
            "\(submission.name): its \(Interest.answers) gives \(label) a number or an address of "
              + "\(other): not used")
          member.claims = nil
        }
        people.append(member)
      }
      if people.isEmpty, !submission.people.isEmpty {
        // a plain folder whose members all handed in themselves is its owner's
        people = submission.owners.map { Member(person: $0, source: .platform) }
      }
      addOwner(of: submission, to: &people, roster)
      if let sentence = unconfirmed(people, in: submission, roster) { problems.append(sentence) }
      submissions[index].setPeople(people)
    }
    return problems
  }

  /// Somebody on the roster whose name a plain folder bears is one of its members, whatever ANSWERS.md
  /// says.
  private static func addOwner(
    of submission: Submission, to people: inout [Member], _ roster: Roster?
  ) {
    guard submission.platform == .plain, let roster, let owner = submission.owners.first,
      case .found(let line, _) = roster.match(owner),
      !people.contains(where: { roster.linesSharing($0.person).contains(line) })
    else { return }
    people.insert(Member(person: owner, source: .platform), at: 0)
  }

  /// Those whom only ANSWERS.md names and of whom neither the roster nor the delivery knows that they
  /// belong there: a sentence. In a plain folder that bears no group's name the roster is not enough.
  private static func unconfirmed(
    _ people: [Member], in submission: Submission, _ roster: Roster?
  ) -> String? {
    let isOnesOwn =
      submission.platform == .plain
      && !submission.owners.allSatisfy { Member.isGroupName($0.name ?? "") }
    let owners = submission.owners.reduce(into: Set<String>()) { $0.formUnion($1.marks) }
    let names = people.filter { member in
      guard member.source == .answers, member.person.marks.isDisjoint(with: owners) else {
        return false
      }
      guard case .found(let line, _)? = roster?.match(member.person) else { return true }
      return isOnesOwn
        && !submission.owners.contains { roster?.linesSharing($0).contains(line) == true }
    }.map { shown($0.person.label) }
    guard !names.isEmpty else { return nil }
    return
      "\(submission.name): nothing but its \(Interest.answers), into which anybody can write any "
      + "name, says that it is the work of \(names.joined(separator: ", ")): graded in their name, "
      + "see whether they know of it\(roster == nil ? "; a --roster would tell more" : "")"
  }
}
