import Foundation

/// How names, numbers, addresses and logins are compared, whatever spreadsheets, platforms and keyboards
/// made of them.
extension Person {
  /// Whether two names can be one's: the shorter one's words are all in the other, or they are the
  /// same once spaces are gone, as in Canvas's `doejane`.
  public static func namesAgree(_ one: String, _ other: String) -> Bool {
    for a in spellings(one) {
      for b in spellings(other) {
        let (a, b) = (words(a), words(b))
        let fewer = a.count < b.count ? a : b
        let more = a.count < b.count ? b : a
        if !fewer.isEmpty, Set(fewer).isSubset(of: more) { return true }
      }
    }
    return !squeezed(one).isDisjoint(with: squeezed(other))
  }

  /// A name as it is compared: "Doe, Jane" and "jane doe" are equal.
  public static func nameKey(_ name: String) -> String { nameWords(name).joined(separator: " ") }

  /// The same in each way that accents are written without them: `muller` and `mueller`.
  static func nameKeys(_ name: String) -> Set<String> {
    Set(spellings(name).map { words($0).sorted().joined(separator: " ") })
  }

  /// A name's words in alphabetical order.
  static func nameWords(_ name: String) -> [String] { words(folded(name)).sorted() }

  /// A name without spaces and punctuation, in both orders.
  public static func squeezed(_ name: String) -> Set<String> {
    var all: Set<String> = []
    let parts = name.split(separator: ",", maxSplits: 1).map(String.init)
    let written = spellings(name)
    all.formUnion(written.map { $0.filter { $0.isLetter || $0.isNumber } })
    if parts.count == 2 {
      all.formUnion(spellings(parts[1] + parts[0]).map { $0.filter { $0.isLetter || $0.isNumber } })
    } else {
      // Where the family name begins is not known: "van der Berg" is three words of one.
      for text in written {
        let words = words(text)
        for first in words.indices.dropFirst() {
          all.insert((words[first...] + words[..<first]).joined())
        }
      }
    }
    return all.filter { !$0.isEmpty }
  }

  /// A number, address or login as it is compared: without blanks, case and what platforms and
  /// spreadsheets put around it, as in `#123`, `="00123"`, `'00123`, `123.0`, `mailto:a@u.example`.
  public static func key(_ text: String) -> String {
    var text = folded(text).filter { !$0.isWhitespace }
    if text.hasPrefix("=\""), text.hasSuffix("\""), text.count > 3 {
      text = String(text.dropFirst(2).dropLast())
    }
    for mark in ["'", "#", "mailto:", "participant"] where text.hasPrefix(mark) {
      text.removeFirst(mark.count)
    }
    if text.hasPrefix("<"), text.hasSuffix(">") { text = String(text.dropFirst().dropLast()) }
    if let match = text.wholeMatch(of: /(\d+)[.,]0+/) { text = String(match.1) }
    // "s1234567" is how some universities log in with number 1234567.
    if text.count > 4, let first = text.first, first == "s" || first == "u",
      text.dropFirst().allSatisfy(\.isNumber)
    {
      text.removeFirst()
    }
    return text
  }

  /// The digits of a number, as a spreadsheet leaves them that took it for a quantity: without zeros in
  /// front, and without the letter that some universities begin numbers with; nil for what is no number
  /// or a short one.
  static func bareNumber(_ text: String) -> String? {
    let key = key(text)
    let digits = key.first?.isLetter == true ? key.dropFirst() : key[...]
    guard digits.count >= 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    let bare = digits.drop { $0 == "0" }
    return bare.count >= 3 ? String(bare) : nil
  }

  /// What stands before the @ of an address; nil for what is none.
  static func localPart(_ address: String) -> String? {
    let key = key(address)
    guard let at = key.firstIndex(of: "@"), at > key.startIndex else { return nil }
    return String(key[..<at])
  }

  /// Whether a word is a student's number: some digits, with a letter before them or not.
  static func isNumber(_ word: String) -> Bool {
    let digits = word.first?.isLetter == true ? word.dropFirst() : word[...]
    return digits.count >= 4 && digits.allSatisfy { $0.isASCII && $0.isNumber }
  }

  /// Without case, accents, width and what nobody sees.
  public static func folded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 128 && $0 >= 32 }) { return text.lowercased() }
    var seen = String.UnicodeScalarView()
    for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .format: continue
      case .spaceSeparator: seen.append(" ")
      default: seen.append(scalar)
      }
    }
    let folded = String(seen).folding(
      options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive],
      locale: Locale(identifier: "en_US_POSIX"))
    return folded.reduce(into: "") { $0 += letters[$1] ?? String($1) }
  }

  /// Letters that are not others with an accent, as they are written without them.
  private static let letters: [Character: String] = [
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h",
    "ı": "i", "ŋ": "n",
  ]

  /// A folded name with umlauts as plain letters, and as German and Danish write them without.
  private static func spellings(_ name: String) -> Set<String> {
    let long: [Character: String] = [
      "ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
      "Å": "Aa", "Ø": "Oe",
    ]
    let plain = folded(name)
    guard !name.utf8.allSatisfy({ $0 < 128 }) else { return [plain] }
    let other = name.precomposedStringWithCanonicalMapping
      .reduce(into: "") { $0 += long[$1] ?? String($1) }
    return [plain, folded(other)]
  }

  private static func words(_ folded: String) -> [String] {
    folded.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }
}
