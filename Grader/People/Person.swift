import Foundation

/// What is known of somebody who handed something in, or who is on a list of a class.
public struct Person: Codable, Equatable, Sendable {
  /// The full name, as the source writes it.
  public var name: String?
  /// Numbers: the student's first, then the platform's.
  public var ids: [String]
  /// The e-mail address.
  public var email: String?
  /// The name to log in with.
  public var login: String?

  /// Creates a person.
  public init(name: String? = nil, ids: [String] = [], email: String? = nil, login: String? = nil) {
    self.name = name
    self.ids = ids
    self.email = email
    self.login = login
  }

  /// Whom a folder's own name may mean: it is a name, a login, a number or an address, or has a number
  /// beside a name, as in `Ann Lee 00123456`.
  public init(folder name: String) {
    let words = name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let numbers = words.filter { Self.isNumber($0) && $0 != name }
    self.init(
      name: name, ids: (name.contains(where: \.isNumber) ? [name] : []) + numbers,
      email: name.contains("@") ? name : nil, login: name)
  }

  /// What reports call them.
  public var label: String { name ?? login ?? email ?? ids.first ?? "somebody" }

  /// The same on one line, without what would hide in it.
  public var shownLabel: String { shown(label) }

  /// What tells this person from all others: numbers, the address, the login.
  public var keys: Set<String> {
    Set(
      ids.map { "id " + Self.key($0) } + [email].compactMap { $0 }.map { "email " + Self.key($0) }
        + [login].compactMap { $0 }.map { "login " + Self.key($0) })
  }

  /// All that this person can be found by: what tells from all others, and the name.
  public var marks: Set<String> {
    keys.union((name.map(Self.squeezed) ?? []).map { "name " + $0 })
  }

  /// Whether the name was read off a folder, which may bear a number, a login or anything else.
  var isGuess: Bool { name != nil && name == login }

  /// The name where it is one: a number, an address or what blind marking calls participants is none. Its words
  /// stay in their order, since Canvas writes them without the spaces between.
  var ownName: String? {
    guard let name else { return nil }
    let words = name.split { !$0.isLetter && !$0.isNumber }
      .filter { !isGuess || !$0.contains(where: \.isNumber) }
    let isOther =
      Self.isNumber(Self.key(name)) || name.contains("@")
      || Self.folded(name).wholeMatch(of: /participant \d+|anonymous.*|anon/) != nil
      || isGuess && ids.contains(where: { Self.key($0) == Self.key(name) }) && words.count < 2
    guard !isOther, !words.isEmpty else { return nil }
    return isGuess ? words.joined(separator: " ") : name
  }
}

extension Person {
  /// Somebody of whom no more than a word is known: a number, an address, or a name.
  public init(called word: String) {
    if Self.isNumber(Self.key(word)) {
      self.init(ids: [word])
    } else if word.contains("@") {
      self.init(email: word)
    } else {
      self.init(name: word)
    }
  }

  /// Whether a word is one of their numbers, their address, their login or their name.
  public func isCalled(_ word: String) -> Bool {
    let key = Self.key(word)
    return (ids + [email, login].compactMap(\.self)).contains { Self.key($0) == key }
      || name.map { !Self.squeezed($0).isDisjoint(with: Self.squeezed(word)) } ?? false
  }

  /// The same with a student's number that a platform has in the name, as in `Jane Doe 1234567`, among the
  /// numbers and not in the name.
  var withNumbersOfName: Person {
    guard let name, !isGuess else { return self }
    let words = name.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let numbers = words.filter(Self.isNumber)
    let rest = words.filter { !numbers.contains($0) }
    guard !numbers.isEmpty, rest.contains(where: { $0.contains(where: \.isLetter) }) else {
      return self
    }
    var person = self
    person.ids = numbers + ids.filter { !numbers.contains($0) }
    // the order of "Doe, Jane" tells which is the family's
    person.name = numbers.reduce(name) { $0.replacing($1, with: "") }
      .trimmingCharacters(in: .whitespaces.union(.init(charactersIn: "()[]-_,#")))
    return person
  }

  /// The word that tells them best from others: a number, else the address, the login, the name.
  public var word: String { ids.first ?? email ?? login ?? name ?? "somebody" }
}
