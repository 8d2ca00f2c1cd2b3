import People

/// Finds people in several submissions, as far as that can be known without a roster, and groups
/// that are nobody.
enum RepeatedPeople {
  /// What must be looked at. Whoever is on the roster is told by that.
  static func problems(_ submissions: [Submission], _ rules: IntakeRules) -> [Problem] {
    var problems: [Problem] = []
    /// That one or the other counts for somebody, or both.
    func append(_ sentence: String, _ one: String, _ other: String, _ person: Person) {
      guard !rules.decisions.both(one, other) else { return }
      let word = person.name.map(shown) ?? person.word
      problems.append(
        Problem(
          .severalSubmissions, [one, other], sentence,
          answers: [one, other].map {
            ("\($0) counts", .counts(submission: $0, person: word))
          } + [("they are two people's", .both(one, other))], results: rules.results))
    }
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
          append(
            "\(shown(person.label)) is in \(other) and in \(submission.name), or two people have "
              + "the same number: both are graded", other, submission.name, person)
        } else if let name, let other = byName[name], other != submission.name {
          append(
            "\(other) and \(submission.name) both name \(shown(person.label)): one person or two "
              + "of the same name, both are graded", other, submission.name, person)
        }
        for mark in marks { byKey[mark] = byKey[mark] ?? submission.name }
        if let name { byName[name] = byName[name] ?? submission.name }
      }
      if !submission.people.isEmpty,
        submission.people.allSatisfy({ Member.isGroupName($0.person.name ?? "") })
      {
        problems.append(
          Problem(
            .owner, [submission.name],
            "\(submission.name) names no members: there are none in its \(Interest.answers)",
            answers: [
              (
                "whose it is",
                .owners(submission: submission.name, people: [Decision.somebody])
              )
            ], results: rules.results))
      }
    }
    return problems + copies(submissions, rules)
  }

  /// Folders and archives whose names say that they are a copy of another, as a browser's second
  /// download is.
  private static func copies(
    _ submissions: [Submission], _ rules: IntakeRules
  ) -> [Problem] {
    let plain = submissions.filter { $0.platform == .plain }
    let names = Dictionary(plain.map { (Person.folded($0.name), $0.name) }) { first, _ in first }
    return plain.compactMap { submission in
      guard let original = FileName.original(submission.name).flatMap({ names[$0] }),
        !rules.decisions.both(original, submission.name)
      else { return nil }
      return Problem(
        .severalSubmissions, [original, submission.name],
        "\(submission.name) looks like a copy of \(original): both are graded, decide which one counts",
        answers: [
          ("\(original) counts", .leaveOut(submission: submission.name)),
          ("\(submission.name) counts", .leaveOut(submission: original)),
          ("they are two people's", .both(original, submission.name)),
        ], results: rules.results)
    }
  }
}
