import Foundation

/// Moments as people read them: `2026-10-09 23:59`.
package enum CalendarText {
  /// A moment in a zone.
  package static func of(
    _ date: Date, in zone: TimeZone = .current, withSeconds: Bool = false
  ) -> String {
    // a calendar knows zones itself; a DateFormatter ends the program where the machine has no tzdata
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    let text = String(
      format: "%04d-%02d-%02d %02d:%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0,
      parts.hour ?? 0, parts.minute ?? 0)
    return withSeconds ? text + String(format: ":%02d", parts.second ?? 0) : text
  }
}
