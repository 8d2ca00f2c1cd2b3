/// Finds people in several submissions, as far as that can be known without a roster, and groups
/// that are nobody.
enum RepeatedPeople {
  /// What must be looked at, a sentence each. Whoever is on the roster is told by that.
  static func problems(_ submissions: [Submission]) -> [String] {
    var problems: [String] = []
    var byKey: [String: String] = [:]
    var byName: [String: String] = [:]
    for submission in submissions {
      for member in submission.people where member.student == nil {
        let person = member.person
        let keys = person.keys.sorted()
        let name = person.name.map(Person.nameKey)
        if let other = keys.compactMap({ byKey[$0] }).first, other != submission.name {
          problems.append(
            "\(shown(person.label)) is in \(other) and in \(submission.name), or two people have "
              + "the same number: both are graded")
        } else if let name, let other = byName[name], other != submission.name {
          problems.append(
            "\(other) and \(submission.name) both name \(shown(person.label)): one person or two "
              + "of the same name, both are graded")
        }
        for key in keys { byKey[key] = byKey[key] ?? submission.name }
        if let name { byName[name] = byName[name] ?? submission.name }
      }
      if !submission.people.isEmpty,
        submission.people.allSatisfy({ Member.isGroupName($0.person.name ?? "") })
      {
        problems.append(
          "\(submission.name) names no members: there are none in its \(Interest.answers)")
      }
    }
    return problems
  }
}
