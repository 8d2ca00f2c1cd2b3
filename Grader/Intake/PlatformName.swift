import Foundation

/// What the name that a platform gave to a student's folder or file says.
///
/// The forms, read off the platforms' own code and downloads:
/// - Brightspace: `397063-2557369 - Jane Doe - Sep 24, 2024 926 PM/…`
/// - Canvas (`content_zipper.rb`): `doejane_LATE_123_4567_LSTM.swift`, with the user's number and
///   the upload's; `anon_aB3dE_4567_…` where students are anonymous; `doejane_123_text.html`
/// - Moodle (`mod_assign`): `Jane Doe_12345_assignsubmission_file_/…`, or flat with the file's name
///   at the end; the number is the one in the grading worksheet's "Participant 12345"
struct PlatformName {
  var platform: Platform
  var person: Person
  /// The moment of handing in.
  var time: Date?
  /// The platform's number of the upload; higher is later.
  var upload: Int?
  /// Whether the platform itself says that it is late.
  var isMarkedLate = false
  /// The file's own name, where the platform puts everything into it.
  var file: String?
  /// What is odd about the name.
  var problem: String?

  /// Reads a name; nil if it has no platform's form.
  static func read(_ name: String, isFolder: Bool, in zone: TimeZone) -> PlatformName? {
    // Patterns are slow, and an archive can have thousands of names: most have none of this.
    let hyphens = name.utf8.count { $0 == UInt8(ascii: "-") }
    let underscores = name.utf8.count { $0 == UInt8(ascii: "_") }
    guard hyphens > 1 || underscores > 1 else { return nil }
    return brightspace(name, isFolder: isFolder, zone) ?? moodle(name, isFolder: isFolder)
      ?? (isFolder ? nil : canvas(name))
  }

  private static func brightspace(
    _ name: String, isFolder: Bool, _ zone: TimeZone
  ) -> PlatformName? {
    guard let match = name.wholeMatch(of: /(\d+)-(\d+)\s*-\s*(.+)/) else { return nil }
    // A hyphen within a name has no space after it.
    let parts = match.3.split(separator: /\s*-\s+/).map(String.init)
    let when = parts.indices.dropFirst().first {
      NameTime.read(stem(parts[$0], isFolder), in: zone) != nil
    }
    guard let when else {
      guard isFolder, parts.count > 1, let last = parts.last else { return nil }
      var result = PlatformName(
        platform: .brightspace,
        person: Person(
          name: tidied(parts.dropLast().joined(separator: " - ")), ids: [String(match.1)]))
      result.problem = "the time \(shown(last)) in its name cannot be read"
      return result
    }
    var result = PlatformName(
      platform: .brightspace,
      person: Person(name: tidied(parts[..<when].joined(separator: " - ")), ids: [String(match.1)]))
    result.time = NameTime.read(stem(parts[when], isFolder), in: zone)
    let rest = parts[(when + 1)...].joined(separator: " - ")
    if !isFolder, !rest.isEmpty { result.file = rest }
    return result
  }

  private static func canvas(_ name: String) -> PlatformName? {
    let upload = /(?:(.+?)_)?(LATE_)?(?:(\d+)|anon_([A-Za-z0-9]+))_(\d+)_(.+)/
    if let match = name.wholeMatch(of: upload), match.1 != nil || match.4 != nil || match.2 != nil {
      // In "anon_LATE_…" and "LATE_anon_…" alike there is no name.
      let who = match.1.map(String.init).flatMap { $0 == "LATE" ? nil : $0 }
      var result = PlatformName(
        platform: .canvas,
        person: Person(name: who, ids: [String(match.3 ?? match.4 ?? "")]))
      result.upload = Int(match.5)
      result.isMarkedLate = match.2 != nil || match.1 == "LATE"
      result.file = String(match.6)
      return result
    }
    if let match = name.wholeMatch(of: /(.+?)_(LATE_)?(\d+)_(text|link)\.html/) {
      var result = PlatformName(
        platform: .canvas, person: Person(name: String(match.1), ids: [String(match.3)]))
      result.isMarkedLate = match.2 != nil
      result.file = "\(match.4).html"
      return result
    }
    return nil
  }

  private static func moodle(_ name: String, isFolder: Bool) -> PlatformName? {
    guard let match = name.wholeMatch(of: /(.+?)_(\d+)_assignsubmission_([a-z]+)_?(.*)/) else {
      return nil
    }
    var result = PlatformName(
      platform: .moodle, person: Person(name: tidied(String(match.1)), ids: [String(match.2)]))
    if !isFolder {
      // "…_onlinetext.html" has its extension where the file's name would be.
      result.file =
        match.4.isEmpty || match.4.hasPrefix(".") ? "\(match.3)\(match.4)" : String(match.4)
    }
    return result
  }

  /// A time at the end of an archive's name has its extension behind it.
  private static func stem(_ text: String, _ isFolder: Bool) -> String {
    if isFolder { return text }
    return String(text.dropLast(Interest.archiveExtension(text) ?? 0))
  }

  /// A name without what Brightspace puts before some (`.`), and in composed characters.
  private static func tidied(_ name: String) -> String {
    name.trimmingCharacters(in: .whitespaces.union(["."])).precomposedStringWithCanonicalMapping
  }
}
