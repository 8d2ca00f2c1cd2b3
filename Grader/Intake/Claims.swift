/// What submissions say of people in ANSWERS.md, into which anybody can write any name and number.
///
/// It adds the members of a group. It never takes anybody away from what they handed in themselves: of
/// that the delivery's outermost level tells.
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
      submissions[index].setPeople(people)
    }
    return problems
  }
}
