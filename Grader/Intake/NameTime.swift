import Foundation
import People

/// Reads the time that Brightspace puts into names, such as `Sep 24, 2024 926 PM`,
/// `24 September, 2024 21:26` or `okt 3, 2024 1159`: as the user's language has it, without the
/// colon that file names cannot have.
enum NameTime {
  /// The moment, in a time zone that the name does not tell; nil if the text is no time.
  static func read(_ text: some StringProtocol, in zone: TimeZone) -> Date? {
    // so short a text is no work for an expression that goes back
    guard text.utf8.count <= maximumBytes, hasYear(text) else { return nil }
    let text = Person.folded(String(text)).trimmingCharacters(in: .whitespaces)
    let clock = /(\d{1,2}?)[ :.h_]?(\d\d)(?:[ :._](\d\d))?\s*([ap])?\.?(?:m\.?)?/
    let month: Substring
    let day: Substring
    let rest: (year: Substring, clock: Substring)
    if let match = text.wholeMatch(of: /(\p{L}+)\.?\s+(\d{1,2}),?\s+(\d{4}),?\s+(.+)/) {
      (month, day, rest) = (match.1, match.2, (match.3, match.4))
    } else if let match = text.wholeMatch(
      of: /(\d{1,2})\.?\s+(?:de\s+)?(\p{L}+)\.?,?\s+(?:de\s+)?(\d{4}),?\s+(.+)/)
    {
      (month, day, rest) = (match.2, match.1, (match.3, match.4))
    } else {
      return nil
    }
    guard let month = number(ofMonth: month), let time = rest.clock.wholeMatch(of: clock),
      var hour = Int(time.1), let minute = Int(time.2)
    else { return nil }
    if let half = time.4 {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (half == "p" ? 12 : 0)
    }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = DateComponents(
      calendar: calendar, timeZone: zone, year: Int(rest.year), month: month, day: Int(day),
      hour: hour, minute: minute, second: time.3.flatMap { Int($0) } ?? 0)
    return parts.isValidDate ? parts.date : nil
  }

  private static let maximumBytes = 80

  /// Whether a text may be a time, if not one that can be read: it has a year and more digits.
  static func mayBe(_ text: some StringProtocol) -> Bool {
    hasYear(text) && text.utf8.count { (48...57).contains($0) } > 5
  }

  /// Whether four digits stand together: a quick word on most of the names that are none.
  private static func hasYear(_ text: some StringProtocol) -> Bool {
    var digits = 0
    for byte in text.utf8 {
      digits = (48...57).contains(byte) ? digits + 1 : 0
      if digits == 4 { return true }
    }
    return false
  }

  /// Beginnings of the months in English, Dutch, German, French, Spanish, Italian, Portuguese.
  private static let months: [[String]] = [
    ["jan", "ene", "gen"], ["feb", "fev"], ["mar", "mrt", "maa"], ["apr", "avr", "abr"],
    ["may", "mei", "mai", "mag"], ["jun", "juin", "giu"], ["jul", "juil", "lug"],
    ["aug", "ago", "aou"], ["sep", "set"], ["oct", "okt", "out", "ott"], ["nov"],
    ["dec", "dez", "dic"],
  ]

  private static func number(ofMonth name: Substring) -> Int? {
    months.firstIndex { $0.contains(where: name.hasPrefix) }.map { $0 + 1 }
  }
}
