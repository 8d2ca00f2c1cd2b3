import People

/// What submissions say of people in ANSWERS.md, into which anybody can write any name and number.
///
/// It adds the members of a group. It never takes anybody away from what they handed in themselves: of
/// that the delivery's outermost level tells. Whom nothing but ANSWERS.md names is graded and listed.
enum Claims {
  /// Takes away the claims to people who handed in something else themselves.
  ///
  /// - Returns: what must be looked at.
  static func settle(_ submissions: inout [Submission], _ rules: IntakeRules) -> [Problem] {
    let roster = rules.roster
    var owned: [String: [Int]] = [:]
    for index in submissions.indices {
      let marks = submissions[index].owners.reduce(into: Set<String>()) { marks, owner in
        marks.formUnion(owner.marks)
        if case .found(let line, _)? = roster?.match(owner) { marks.insert("line \(line)") }
      }
      for mark in marks { owned[mark, default: []].append(index) }
    }
    var problems: [Problem] = []
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
            let rest = submission.people.filter { $0.person != member.person }
            let own =
              rest.isEmpty
              ? submission.owners.map { Member(person: $0, source: .platform) } : rest
            problems.append(
              Problem(
                .claim, [submission.name, other],
                "\(submission.name): its \(Interest.answers) names \(label), who handed in \(other): "
                  + "not taken for a member of it",
                answers: [
                  ("\(label) is none", Self.owners(own, submission, roster)),
                  ("\(label) is one", Self.owners(own + [member], submission, roster)),
                ], results: rules.results))
            continue
          }
        } else if let claims = member.claims, let other = other(claims) {
          problems.append(
            Problem(
              .claim, [submission.name, other],
              "\(submission.name): its \(Interest.answers) gives \(label) a number or an address of "
                + "\(other): not used",
              answers: [
                (
                  "it is \(label)'s work and is not what it says",
                  Self.owners(submission.people, submission, roster)
                )
              ], results: rules.results))
          member.claims = nil
        }
        people.append(member)
      }
      if people.isEmpty, !submission.people.isEmpty {
        // a plain folder whose members all handed in themselves is its owner's
        people = submission.owners.map { Member(person: $0, source: .platform) }
      }
      if !submission.isDecided { addOwner(of: submission, to: &people, roster) }
      if let problem = unconfirmed(people, in: submission, rules) { problems.append(problem) }
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

  /// That a submission is the work of these, or of nobody.
  private static func owners(
    _ people: [Member], _ submission: Submission, _ roster: Roster?
  ) -> Decision {
    people.isEmpty
      ? .leaveOut(submission: submission.name)
      : .owners(
        submission: submission.name,
        people: people.map { member in
          guard case .found(let line, _)? = roster?.match(member.person) else {
            return shown(member.person.label)
          }
          return roster?.students[line].word ?? shown(member.person.label)
        })
  }

  /// Those whom only ANSWERS.md names and of whom neither the roster nor the delivery knows that they
  /// belong there. In a plain folder that bears no group's name the roster is not enough.
  private static func unconfirmed(
    _ people: [Member], in submission: Submission, _ rules: IntakeRules
  ) -> Problem? {
    let roster = rules.roster
    let isOnesOwn =
      submission.platform == .plain
      && !submission.owners.allSatisfy { Member.isGroupName($0.name ?? "") }
    let owners = submission.owners.reduce(into: Set<String>()) { $0.formUnion($1.marks) }
    let claimed = people.filter { member in
      guard member.source == .answers, member.person.marks.isDisjoint(with: owners) else {
        return false
      }
      guard case .found(let line, _)? = roster?.match(member.person) else { return true }
      return isOnesOwn
        && !submission.owners.contains { roster?.linesSharing($0).contains(line) == true }
    }
    guard !claimed.isEmpty else { return nil }
    let names = claimed.map { shown($0.person.label) }.joined(separator: ", ")
    let rest = people.filter { !claimed.contains($0) }
    return Problem(
      .claim, [submission.name],
      "\(submission.name): nothing but its \(Interest.answers), into which anybody can write any "
        + "name, says that it is the work of \(names): graded in their name, see whether they know of "
        + "it\(roster == nil ? "; a --roster would tell more" : "")",
      answers: [
        ("it is theirs", Self.owners(people, submission, roster)),
        ("it is not", Self.owners(rest, submission, roster)),
      ], results: rules.results)
  }
}
