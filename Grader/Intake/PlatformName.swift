import Foundation
import People

/// What the name that a platform gave to a student's folder or file says.
///
/// The forms, read off the platforms' own code and downloads:
/// - Brightspace: `397063-2557369 - Jane Doe - Sep 24, 2024 926 PM/…`
/// - Canvas (`content_zipper.rb`): `doejane_LATE_123_4567_LSTM.swift`, with the user's number and
///   the upload's; `anon_aB3dE_4567_…` where students are anonymous; `doejane_123_text.html`
/// - Moodle (`mod_assign`): `Jane Doe_12345_assignsubmission_file_/…`, or flat with the file's name
///   at the end; the number is the one in the grading worksheet's "Participant 12345"; where marking is
///   blind `Participant_12345_…`, and where groups hand in `Group 3-Jane Doe_12345_…` for each member
///
/// Names are taken apart at their separators, once from left to right: students choose parts of them,
/// and an expression that goes back would take its time over a long one.
package struct PlatformName {
  var platform: Platform
  package var person: Person
  /// The moment of handing in.
  var time: Date?
  /// The platform's number of the upload; higher is later.
  var upload: Int?
  /// Whether the platform itself says that it is late.
  var isMarkedLate = false
  /// The file's own name, where the platform puts everything into it.
  var file: String?
  /// Which kind of submission of Moodle's it is part of, such as `file` and `onlinetext`.
  var kind: String?
  /// What is odd about the name.
  var problem: String?

  /// Longer ones come from no disk: 255 bytes is the most that a name can have.
  private static let maximumBytes = 1024

  /// Reads a name; nil if it has no platform's form.
  package static func read(_ name: String, isFolder: Bool, in zone: TimeZone) -> PlatformName? {
    guard name.utf8.count <= maximumBytes else { return nil }
    return brightspace(name, isFolder: isFolder, zone) ?? moodle(name, isFolder: isFolder)
      ?? (isFolder ? nil : canvas(name))
  }

  private static func isNumber(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  // MARK: Brightspace

  private static func brightspace(
    _ name: String, isFolder: Bool, _ zone: TimeZone
  ) -> PlatformName? {
    let numbers = name.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
    guard numbers.count == 3, isNumber(numbers[0]),
      isNumber(numbers[1].trimmingSuffix(\.isWhitespace)), !numbers[2].isEmpty
    else { return nil }
    let parts = parts(numbers[2])
    func person(before place: Int) -> Person {
      Person(
        name: tidied(parts[..<place].joined(separator: " - ")), ids: [String(numbers[0])])
    }
    if isFolder {
      // the platform puts the time last, whatever the student's name has in it
      guard parts.count > 1, let last = parts.last else { return nil }
      var result = PlatformName(platform: .brightspace, person: person(before: parts.count - 1))
      result.time = NameTime.read(last, in: zone)
      if result.time == nil {
        result.problem = "the time \(shown(last)) in its name cannot be read"
      }
      return result
    }
    // a file's name behind the time and a person's before it can hold what looks like one;
    // either has some hyphens, not a hundred
    let times = parts.indices.dropFirst().prefix(12).filter { NameTime.mayBe(stem(parts[$0])) }
    guard let first = times.first(where: { NameTime.read(stem(parts[$0]), in: zone) != nil }),
      let from = times.first, let to = times.last
    else { return nil }
    var result = PlatformName(platform: .brightspace, person: person(before: from))
    if times.count == 1 {
      result.time = NameTime.read(stem(parts[first]), in: zone)
    } else {
      result.problem =
        "its name has more than one time in it ("
        + times.map { shown(stem(parts[$0])) }.joined(separator: ", ") + ")"
    }
    let rest = parts[(to + 1)...].joined(separator: " - ")
    if !rest.isEmpty { result.file = rest }
    return result
  }

  /// What stands between hyphens with a space behind them: one within a name has none.
  private static func parts(_ text: Substring) -> [String] {
    var parts: [Substring] = []
    var start = text.startIndex
    var place = start
    while place < text.endIndex {
      let next = text.index(after: place)
      if text[place] == "-", next < text.endIndex, text[next].isWhitespace {
        parts.append(text[start..<place])
        start = next
      }
      place = next
    }
    return (parts + [text[start...]]).enumerated().map { index, part in
      let part = index == 0 ? part : part.trimmingPrefix(while: \.isWhitespace)
      return String(index == parts.count ? part : part.trimmingSuffix(\.isWhitespace))
    }.filter { !$0.isEmpty }
  }

  // MARK: Canvas

  private static func canvas(_ name: String) -> PlatformName? {
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
    // "anon_aB3dE": where students are anonymous there is no name
    if words.count > 1, words[0] == "anon", !isNumber(words[1]),
      let result = upload(words, from: 0)
    {
      return result
    }
    for start in words.indices.dropFirst() {
      guard var result = upload(words, from: start) else { continue }
      // a name before the platform's mark and a file's behind it can hold another one
      if !result.isMarkedLate, words[(start + 1)...].contains("LATE"),
        words.indices[(start + 1)...].contains(where: {
          upload(words, from: $0)?.isMarkedLate == true
        })
      {
        result.problem = "its name can be read as marked late or as not"
      }
      return result
    }
    return upload(words, from: 0) ?? online(words)
  }

  /// `NAME_LATE_USER_UPLOAD_FILE`, or `anon_WHO` in place of the user, as it stands from a word on.
  private static func upload(_ words: [Substring], from start: Int) -> PlatformName? {
    var place = start
    var isLate = words[place] == "LATE"
    if isLate { place += 1 }
    var id: Substring?
    var isAnonymous = false
    if words.indices.contains(place), isNumber(words[place]) {
      id = words[place]
    } else if words.indices.contains(place + 1), words[place] == "anon",
      !words[place + 1].isEmpty,
      words[place + 1].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    {
      isAnonymous = true
      place += 1
      id = words[place]
    }
    guard let id, words.count > place + 2, isNumber(words[place + 1]) else { return nil }
    let file = words[(place + 2)...].joined(separator: "_")
    guard !file.isEmpty else { return nil }
    var who: String? = words[..<start].joined(separator: "_")
    if who == "LATE" { (who, isLate) = (nil, true) }
    if who?.isEmpty == true { who = nil }
    // two numbers alone are any file's
    guard who != nil || isLate || isAnonymous else { return nil }
    var result = PlatformName(platform: .canvas, person: Person(name: who, ids: [String(id)]))
    result.upload = Int(words[place + 1])
    result.isMarkedLate = isLate
    result.file = file
    return result
  }

  /// `NAME_LATE_USER_text.html`.
  private static func online(_ words: [Substring]) -> PlatformName? {
    guard words.count > 2, let file = words.last, file == "text.html" || file == "link.html",
      isNumber(words[words.count - 2])
    else { return nil }
    let isLate = words.count > 3 && words[words.count - 3] == "LATE"
    let who = words.dropLast(isLate ? 3 : 2).joined(separator: "_")
    guard !who.isEmpty else { return nil }
    var result = PlatformName(
      platform: .canvas, person: Person(name: who, ids: [String(words[words.count - 2])]))
    result.isMarkedLate = isLate
    result.file = String(file)
    return result
  }

  // MARK: Moodle

  /// `NAME_NUMBER_assignsubmission_KIND_FILE`. A name can hold that too, and a file's name can: a
  /// folder has no file's name behind, so there the last place counts, else the first.
  private static func moodle(_ name: String, isFolder: Bool) -> PlatformName? {
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
    let places = words.indices.dropFirst(2).filter {
      words[$0] == "assignsubmission" && isNumber(words[$0 - 1]) && $0 + 1 < words.count
        && words[$0 + 1].utf8.first.map { (97...122).contains($0) } ?? false
    }
    guard let place = isFolder ? places.last : places.first else { return nil }
    let who = words[..<(place - 1)].joined(separator: "_")
    guard !who.isEmpty else { return nil }
    var result = PlatformName(
      platform: .moodle, person: participant(who, String(words[place - 1])))
    let rest = words[(place + 1)...].joined(separator: "_")
    let kind = rest.prefix { $0.isASCII && $0.isLowercase }
    result.kind = String(kind)
    guard !isFolder else { return result }
    var file = rest.dropFirst(kind.count)
    if file.first == "_" { file.removeFirst() }
    // "…_onlinetext.html" has its extension where the file's name would be.
    result.file = file.isEmpty || file.hasPrefix(".") ? "\(kind)\(file)" : String(file)
    return result
  }

  /// Moodle's word for everybody where marking is blind, in the languages of English, German, Dutch, French,
  /// Spanish, Portuguese and Italian.
  private static let participantWords: Set<String> = [
    "participant", "teilnehmer", "teilnehmerin", "deelnemer", "participante", "partecipante",
  ]

  /// Somebody with the number of theirs: without the group's name before theirs, and where all have one name
  /// called by the number, as the grading worksheet does.
  private static func participant(_ who: String, _ number: String) -> Person {
    var name = tidied(who)
    let parts = name.split(separator: "-", maxSplits: 1)
    if parts.count == 2, Member.isGroupName(String(parts[0])) {
      name = tidied(String(parts[1]))
    }
    let last = name.split(separator: "-").last.map(String.init) ?? name
    if participantWords.contains(Person.folded(last).trimmingCharacters(in: .whitespaces)) {
      name = "Participant \(number)"
    }
    return Person(name: name, ids: [number])
  }

  // MARK: Parts

  /// A time at the end of an archive's name has its extension behind it.
  private static func stem(_ text: String) -> String {
    String(text.dropLast(Interest.archiveExtension(text) ?? 0))
  }

  /// A name without what Brightspace puts before some (`.`), and in composed characters.
  private static func tidied(_ name: String) -> String {
    name.trimmingCharacters(in: .whitespaces.union(["."])).precomposedStringWithCanonicalMapping
  }
}

extension Substring {
  /// Without what stands at the end.
  fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> Substring {
    guard let last = lastIndex(where: { !isTrimmed($0) }) else {
      return self[startIndex..<startIndex]
    }
    return self[...last]
  }
}
