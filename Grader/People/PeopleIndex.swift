/// Finds people among others by whatever is known of them.
///
/// What tells somebody from all others counts first: a number, the address, the login, each as it is and
/// then as spreadsheets leave it. The name counts where nothing of that is known. What contradicts each
/// other finds nobody: a number whose owner has another name, a number of one and the address of another.
/// What two have in common finds neither of them.
public struct PeopleIndex: Sendable {
  /// What somebody was found by.
  public enum Key: String, Codable, Sendable, CaseIterable {
    case id, email, login, name
  }

  /// Why nobody was found for sure.
  public enum Doubt: Equatable, Sendable {
    /// Several have it.
    case several(Key, [Int])
    /// Who has it is called otherwise.
    case otherName(Key, Int)
    /// One has the one thing, another the other.
    case contradiction(Key, Int, Key, Int)
    /// Several of those who are looked for have the name.
    case namesakes
  }

  /// What looking for somebody gave; numbers are those of `init`.
  public enum Match: Equatable, Sendable {
    case found(Int, Key)
    case doubtful(Doubt)
    case none
  }

  private struct Entry {
    let person: Person
    let owner: Int
  }

  private let entries: [Entry]
  private var exact: [Key: [String: Set<Int>]] = [:]
  private var bareNumbers: [String: Set<Int>] = [:]
  private var localParts: [String: Set<Int>] = [:]
  private var names: [String: Set<Int>] = [:]
  private var squeezedNames: [String: Set<Int>] = [:]

  /// Makes an index.
  ///
  /// - Parameter people: those that can be found; what has one number is one, such as the members of one
  ///   submission.
  public init(_ people: [(person: Person, owner: Int)]) {
    entries = people.map { Entry(person: $0.person, owner: $0.owner) }
    for (index, entry) in entries.enumerated() {
      let person = entry.person
      for (key, value) in Self.values(person) {
        exact[key, default: [:]][value, default: []].insert(index)
      }
      for number in Self.bareNumbers(person) { bareNumbers[number, default: []].insert(index) }
      for part in [person.email.flatMap(Person.localPart)].compactMap(\.self) {
        localParts[part, default: []].insert(index)
      }
      guard let name = person.name else { continue }
      for key in Person.nameKeys(name) where !key.isEmpty { names[key, default: []].insert(index) }
      for name in Person.squeezed(name) { squeezedNames[name, default: []].insert(index) }
    }
  }

  private static func values(_ person: Person) -> [(Key, String)] {
    var values: [(Key, String)] = person.ids.map { (Key.id, $0) }
    if let email = person.email { values.append((.email, email)) }
    if let login = person.login { values.append((.login, login)) }
    return values.map { ($0.0, Person.key($0.1)) }.filter { !$0.1.isEmpty }
  }

  private static func bareNumbers(_ person: Person) -> Set<String> {
    Set((person.ids + [person.login].compactMap(\.self)).compactMap(Person.bareNumber))
  }

  // MARK: Looking

  /// Looks for somebody.
  public func match(_ person: Person) -> Match { match(person, taken: [], isKnown: { _ in false }) }

  /// Looks for several, of whom each is another one: a name that two of them have finds neither, and whoever
  /// has a number as it is written is nobody else who has it without its zeros.
  public func matches(_ people: [Person]) -> [Match] {
    var counts: [String: Int] = [:]
    for key in people.flatMap({ $0.name.map(Person.nameKeys) ?? [] }) {
      counts[key, default: 0] += 1
    }
    let known = Set(people.compactMap(\.ownName).flatMap(Person.squeezed))
    let taken = people.flatMap(\.withNumbersOfName.ids).reduce(into: Set<Int>()) {
      $0.formUnion(exact[.id]?[Person.key($1)] ?? [])
    }
    return people.map { person in
      let match = match(person, taken: taken) { !known.isDisjoint(with: Person.squeezed($0)) }
      guard case .found(_, .name) = match else { return match }
      let isShared = Person.nameKeys(person.name ?? "").contains { counts[$0, default: 0] > 1 }
      return isShared ? .doubtful(.namesakes) : match
    }
  }

  /// All that have a number, the address, the login or the name of somebody, whether or not the rest
  /// agrees.
  public func owners(sharing person: Person) -> Set<Int> {
    var found = Set<Int>()
    for name in person.name.map(Person.squeezed) ?? [] {
      found.formUnion(squeezedNames[name] ?? [])
    }
    for (_, value) in Self.values(person) {
      for key in [Key.id, .email, .login] { found.formUnion(exact[key]?[value] ?? []) }
    }
    return Set(found.map { entries[$0].owner })
  }

  private func match(
    _ person: Person, taken: Set<Int>, isKnown: (String) -> Bool
  ) -> Match {
    let person = person.withNumbersOfName
    let values = Self.values(person)
    func hits(_ key: Key, _ kinds: Set<Key>) -> Set<Int> {
      values.filter { kinds.contains($0.0) }
        .reduce(into: []) { $0.formUnion(exact[key]?[$1.1] ?? []) }
    }
    // a login is often the number
    let found: [(Key, Set<Int>)] = [
      (.id, hits(.id, [.id])), (.email, hits(.email, [.email])),
      (.login, hits(.login, [.login, .id])), (.id, hits(.id, [.login])),
    ].filter { !$0.1.isEmpty }
    if let match = decide(person, found, isKnown) { return match }
    if let match = matchLoosely(person, taken, isKnown) { return match }
    // a folder's name may have a number beside the name
    for name in [person.name, person.isGuess ? person.ownName : nil].compactMap(\.self) {
      let match = match(name: name)
      if match != .none { return match }
    }
    return .none
  }

  /// The one that what tells from all others leads to; nil where it leads to nobody.
  private func decide(
    _ person: Person, _ found: [(Key, Set<Int>)], _ isKnown: (String) -> Bool
  ) -> Match? {
    guard let (key, first) = found.first else { return nil }
    let all = found.reduce(into: Set<Int>()) { $0.formUnion($1.1) }
    let owners = self.owners(all)
    if owners.count == 1, let owner = owners.first {
      let contradict = all.allSatisfy { contradicts(person, entries[$0].person, isKnown) }
      return contradict ? .doubtful(.otherName(key, owner)) : .found(owner, key)
    }
    // the name says which of them
    if let name = person.ownName {
      let agreeing = all.filter {
        entries[$0].person.ownName.map { Person.namesAgree(name, $0) } ?? false
      }
      let owners = self.owners(agreeing)
      if owners.count == 1, let owner = owners.first {
        let key = found.first { self.owners($0.1).contains(owner) }?.0 ?? key
        return .found(owner, key)
      }
    }
    let firstOwners = self.owners(first).sorted()
    if firstOwners.count == 1,
      let other = found.dropFirst().first(where: { self.owners($0.1) != Set(firstOwners) }),
      let otherOwner = self.owners(other.1).subtracting(firstOwners).min()
    {
      return .doubtful(.contradiction(key, firstOwners[0], other.0, otherOwner))
    }
    return .doubtful(.several(key, firstOwners))
  }

  /// By what spreadsheets leave of a number, and by what an address and a login have in common; a name
  /// that is another one speaks against it.
  ///
  /// - Parameter taken: those whose number as it is written is another one's.
  private func matchLoosely(
    _ person: Person, _ taken: Set<Int>, _ isKnown: (String) -> Bool
  ) -> Match? {
    func fitting(_ found: Set<Int>, mustAgree: Bool) -> [Int] {
      owners(
        found.filter { index in
          let other = entries[index].person
          let isSure =
            !mustAgree || person.isGuess || other.isGuess
            || (person.ownName != nil && other.ownName != nil)
          return isSure && !contradicts(person, other, isKnown)
        }
      ).sorted()
    }
    let sharing = Self.bareNumbers(person).reduce(into: Set<Int>()) {
      $0.formUnion((bareNumbers[$1] ?? []).subtracting(taken))
    }
    let numbers = fitting(sharing, mustAgree: false)
    if numbers.isEmpty, let other = owners(sharing).min() {
      return .doubtful(.otherName(.id, other))
    }
    if numbers.count == 1 { return .found(numbers[0], .id) }
    if numbers.count > 1 { return .doubtful(.several(.id, numbers)) }
    var found = Set<Int>()
    if let login = person.login { found.formUnion(localParts[Person.key(login)] ?? []) }
    if let part = person.email.flatMap(Person.localPart) {
      found.formUnion(exact[.login]?[part] ?? [])
    }
    let logins = fitting(found, mustAgree: true)
    return logins.count == 1 ? .found(logins[0], .login) : nil
  }

  private func match(name: String) -> Match {
    // Moodle puts a group's name and a hyphen before the student's.
    let afterGroup = name.split(separator: "-", maxSplits: 1).dropFirst().first.map(String.init)
    for name in [name, afterGroup].compactMap(\.self) {
      func collect(_ keys: Set<String>, _ places: [String: Set<Int>]) -> Set<Int> {
        owners(keys.reduce(into: []) { $0.formUnion(places[$1] ?? []) })
      }
      var found = collect(Person.nameKeys(name), names)
      if found.isEmpty { found = collect(Person.squeezed(name), squeezedNames) }
      if found.count > 1 { return .doubtful(.several(.name, found.sorted())) }
      if let only = found.first { return .found(only, .name) }
    }
    return .none
  }

  /// Whether two who share something are called otherwise. A folder's name may be anybody's or nothing:
  /// it contradicts where it is somebody else's.
  private func contradicts(
    _ person: Person, _ other: Person, _ isKnown: (String) -> Bool
  ) -> Bool {
    guard let name = person.ownName, let otherName = other.ownName,
      !Person.namesAgree(name, otherName)
    else { return false }
    func isSomebodys(_ name: String) -> Bool {
      isKnown(name) || !Person.squeezed(name).isDisjoint(with: squeezedNames.keys)
    }
    if person.isGuess, !isSomebodys(name) { return false }
    if other.isGuess, !isKnown(otherName) { return false }
    return true
  }

  private func owners(_ indices: Set<Int>) -> Set<Int> { Set(indices.map { entries[$0].owner }) }
}
