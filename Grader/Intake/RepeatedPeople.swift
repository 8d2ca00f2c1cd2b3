import People

/// Finds people in several submissions, as far as that can be known without a roster, and groups
/// that are nobody.
enum RepeatedPeople {
  /// What must be looked at, a sentence each. Whoever is on the roster is told by that.
  static func problems(_ submissions: [Submission]) -> [String] {
    var problems: [String] = []
    var byKey: [String: String] = [:]
    var byName: [String: String] = [:]
    var keys: Set<String> = []
    for submission in submissions {
      // Of attempts that nothing tells apart it has been said already.
      if let key = submission.key, !keys.insert(key).inserted { continue }
      for member in submission.people where member.student == nil {
        let person = member.person
        let marks = member.withClaims.keys.sorted()
        let name = person.name.map(Person.nameKey)
        if let other = marks.compactMap({ byKey[$0] }).first, other != submission.name {
          problems.append(
            "\(shown(person.label)) is in \(other) and in \(submission.name), or two people have "
              + "the same number: both are graded \(Reconciliation.howToDecide)")
        } else if let name, let other = byName[name], other != submission.name {
          problems.append(
            "\(other) and \(submission.name) both name \(shown(person.label)): one person or two "
              + "of the same name, both are graded \(Reconciliation.howToDecide)")
        }
        for mark in marks { byKey[mark] = byKey[mark] ?? submission.name }
        if let name { byName[name] = byName[name] ?? submission.name }
      }
      if !submission.people.isEmpty,
        submission.people.allSatisfy({ Member.isGroupName($0.person.name ?? "") })
      {
        problems.append(
          "\(submission.name) names no members: there are none in its \(Interest.answers)")
      }
    }
    return problems + copies(submissions)
  }

  /// Folders and archives whose names say that they are a copy of another, as a browser's second
  /// download is.
  private static func copies(_ submissions: [Submission]) -> [String] {
    let plain = submissions.filter { $0.platform == .plain }
    let names = Dictionary(plain.map { (Person.folded($0.name), $0.name) }) { first, _ in first }
    return plain.compactMap { submission in
      guard let original = FileName.original(submission.name).flatMap({ names[$0] }) else {
        return nil
      }
      return
        "\(submission.name) looks like a copy of \(original): both are graded, decide which one counts "
        + Reconciliation.howToDecide
    }
  }
}
