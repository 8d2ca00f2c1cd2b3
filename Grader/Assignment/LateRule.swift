import Foundation

/// A moment and the time zone it was stated in.
///
/// Times in the names that learning platforms give bear no zone; they are read in this one.
public struct DueDate: Equatable, Sendable {
  /// The moment.
  public let date: Date
  /// The zone it was stated in.
  public let timeZone: TimeZone
  /// How many seconds it lasts: a time without seconds lasts until its minute ends, as platforms and
  /// people mean it.
  public let seconds: TimeInterval

  /// Reads `2026-10-09 23:59 Europe/Amsterdam`, `2026-10-09T23:59:00+02:00` or
  /// `2026-10-09T21:59Z`.
  ///
  /// - Throws: `ManifestError` where it is no such moment, or has no time zone.
  public init(_ text: String) throws {
    func wrong(_ what: String) -> ManifestError {
      ManifestError(
        description: "the due date \(text) \(what): "
          + "write it as 2026-10-09 23:59 Europe/Amsterdam or 2026-10-09T23:59:00+02:00")
    }
    let pattern = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)? ?(.*)/
    guard let match = text.trimmingCharacters(in: .whitespaces).wholeMatch(of: pattern) else {
      throw wrong("is no date and time")
    }
    guard !match.7.isEmpty else { throw wrong("has no time zone") }
    guard let zone = Self.timeZone(String(match.7)) else { throw wrong("has no known time zone") }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = DateComponents(
      calendar: calendar, timeZone: zone, year: Int(match.1), month: Int(match.2),
      day: Int(match.3), hour: Int(match.4), minute: Int(match.5),
      second: match.6.flatMap { Int($0) } ?? 0)
    guard parts.isValidDate, let date = parts.date else { throw wrong("is not in the calendar") }
    self.date = date
    timeZone = zone
    seconds = match.6 == nil ? 60 : 1
  }

  /// A moment as people read it, with its zone: `2026-10-09 23:59 Europe/Amsterdam`.
  ///
  /// - Parameter withSeconds: whether seconds are shown too.
  public static func text(_ date: Date, in zone: TimeZone, withSeconds: Bool = false) -> String {
    "\(CalendarText.of(date, in: zone, withSeconds: withSeconds)) \(zone.identifier)"
  }

  /// `Z`, `UTC`, `+02:00`, or a name of the time zone database.
  private static func timeZone(_ text: String) -> TimeZone? {
    if text == "Z" || text == "UTC" { return TimeZone(identifier: "GMT") }
    if let match = text.wholeMatch(of: /([+-])(\d\d):?(\d\d)/),
      let hours = Int(match.2), let minutes = Int(match.3)
    {
      return TimeZone(secondsFromGMT: (match.1 == "-" ? -1 : 1) * (hours * 3600 + minutes * 60))
    }
    return TimeZone(identifier: text)
  }
}

/// What lateness costs, as `late:` in `assignment.yml` says; without one it is only marked.
public struct LateRule: Codable, Equatable, Sendable {
  /// Minutes after the due date that do not count.
  public var grace: Double?
  /// The share of the points that each begun day costs, from 0 to 1.
  public var perDay: Double?
  /// The most that it costs altogether, from 0 to 1.
  public var maximum: Double?

  /// Creates a rule.
  public init(grace: Double? = nil, perDay: Double? = nil, maximum: Double? = nil) {
    self.grace = grace
    self.perDay = perDay
    self.maximum = maximum
  }

  /// The mark of a submission; nil if it came in time or within the grace.
  ///
  /// A due date without seconds lasts until its minute ends. Days are counted from there, not from the
  /// grace's end.
  public func mark(submitted: Date, due: DueDate) -> LateMark? {
    let seconds = submitted.timeIntervalSince(due.date)
    let after = seconds - due.seconds
    guard after >= max(grace ?? 0, 0) * 60 else { return nil }
    let share = min(maximum ?? 1, (perDay ?? 0) * ((after / 86400).rounded(.down) + 1))
    let isExact = due.seconds < 60
    return LateMark(
      submitted: DueDate.text(submitted, in: due.timeZone, withSeconds: isExact),
      due: DueDate.text(due.date, in: due.timeZone, withSeconds: isExact), seconds: seconds,
      share: min(max(share, 0), 1))
  }

  /// Says what is wrong with a rule; nil where nothing is.
  func problem() -> String? {
    if let grace, !(grace >= 0 && grace.isFinite) { return "late: grace is in minutes, at least 0" }
    for (name, value) in [("perDay", perDay), ("maximum", maximum)] {
      if let value, !(0...1).contains(value) { return "late: \(name) is a share from 0 to 1" }
    }
    return nil
  }
}

/// That a submission came late, and what that costs.
public struct LateMark: Codable, Equatable, Sendable {
  /// When it came and when it was due, with their time zone; the platform's word where it tells
  /// no time.
  public var submitted, due: String
  /// How late; nil where the platform marks it as late and tells no time.
  public var seconds: Double?
  /// The share of the earned points that is taken off, from 0 to 1.
  public var share: Double

  /// Creates a mark.
  public init(submitted: String, due: String, seconds: Double?, share: Double) {
    self.submitted = submitted
    self.due = due
    self.seconds = seconds
    self.share = share
  }

  /// One sentence for reports.
  public var sentence: String {
    guard let seconds else {
      return "it is marked as late by the platform, which tells no time: "
        + "nothing is taken off, decide by hand"
    }
    let minutes = Int((seconds / 60).rounded(.up))
    let (days, hours) = (minutes / 1440, minutes % 1440 / 60)
    let length = [(days, "d"), (hours, "h"), (minutes % 60, "min")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    let cost =
      share > 0
      ? "\(Int((share * 100).rounded())) % of the points are taken off" : "nothing is taken off"
    return "it came \(length) late, at \(submitted), and was due at \(due): \(cost)"
  }
}
