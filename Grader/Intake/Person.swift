import Foundation

/// What is known of somebody who handed something in, or who is on the roster.
public struct Person: Codable, Equatable, Sendable {
  /// The full name, as the source writes it.
  public var name: String?
  /// Numbers: the student's, the platform's.
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

  /// What reports call them.
  public var label: String { name ?? login ?? email ?? ids.first ?? "somebody" }

  /// The same on one line, without what would hide in it.
  public var shownLabel: String { shown(label) }

  /// What tells this person from all others: numbers, the address, the login.
  var keys: Set<String> {
    Set(
      ids.map { "id " + Self.key($0) } + [email].compactMap { $0 }.map { "email " + Self.key($0) }
        + [login].compactMap { $0 }.map { "login " + Self.key($0) })
  }

  /// All that this person can be found by: what tells from all others, and the name.
  public var marks: Set<String> {
    keys.union((name.map(Self.squeezed) ?? []).map { "name " + $0 })
  }

  /// Whether two names can be one's: the shorter one's words are all in the other, or they are the
  /// same once spaces are gone, as in Canvas's `doejane`.
  static func namesAgree(_ one: String, _ other: String) -> Bool {
    let (a, b) = (nameWords(one), nameWords(other))
    let fewer = a.count < b.count ? a : b
    let more = a.count < b.count ? b : a
    return (!fewer.isEmpty && Set(fewer).isSubset(of: more))
      || !squeezed(one).isDisjoint(with: squeezed(other))
  }

  /// A name as it is compared: "Doe, Jane" and "jane doe" are equal.
  static func nameKey(_ name: String) -> String { nameWords(name).joined(separator: " ") }

  /// A name's words in alphabetical order.
  static func nameWords(_ name: String) -> [String] {
    folded(name).split { !$0.isLetter && !$0.isNumber }.map(String.init).sorted()
  }

  /// A name without spaces and punctuation, in both orders.
  static func squeezed(_ name: String) -> Set<String> {
    let parts = name.split(separator: ",", maxSplits: 1).map(String.init)
    let words = folded(name).split { !$0.isLetter && !$0.isNumber }.map(String.init)
    var all = [folded(name).filter { $0.isLetter || $0.isNumber }]
    if parts.count == 2 {
      all.append(folded(parts[1] + parts[0]).filter { $0.isLetter || $0.isNumber })
    } else {
      // Where the family name begins is not known: "van der Berg" is three words of one.
      for first in words.indices.dropFirst() {
        all.append((words[first...] + words[..<first]).joined())
      }
    }
    return Set(all.filter { !$0.isEmpty })
  }

  /// A number, address or login as it is compared: without `#`, blanks and case.
  static func key(_ text: String) -> String {
    var text = folded(text).filter { !$0.isWhitespace }
    if text.hasPrefix("#") { text.removeFirst() }
    if text.hasPrefix("participant") { text.removeFirst("participant".count) }
    // "s1234567" is how some universities log in with number 1234567.
    if text.count > 4, let first = text.first, first == "s" || first == "u",
      text.dropFirst().allSatisfy(\.isNumber)
    {
      text.removeFirst()
    }
    return text
  }

  /// Without case, accents and width.
  static func folded(_ text: String) -> String {
    text.precomposedStringWithCanonicalMapping.folding(
      options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive],
      locale: Locale(identifier: "en_US_POSIX"))
  }
}
