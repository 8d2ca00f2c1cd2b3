import Assignment
import Foundation
import People
import Yams

/// `submission_metadata.yml` of a Gradescope download: who handed in which folder, and when.
package struct GradescopeExport {
  /// One submission.
  package struct Entry {
    var people: [Person]
    var time: Date?
    /// Gradescope's number of it; higher is later.
    var number: Int?
  }

  /// By the folder's name, such as `submission_456`.
  package let entries: [String: Entry]
  private static let maximumPeople = 100

  /// Reads the file's text.
  ///
  /// - Throws: `IntakeError.unreadable`.
  package init(_ text: String) throws {
    func wrong(_ reason: String) -> IntakeError {
      .unreadable(path: Interest.gradescope, reason: reason)
    }
    let root: Yams.Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      let detail = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
      throw wrong("it is not valid YAML: \(shown(detail))")
    }
    guard let mapping = root?.mapping else {
      throw wrong("it does not list submissions")
    }
    var entries: [String: Entry] = [:]
    for (key, value) in mapping {
      guard let folder = key.string else { continue }
      // Ruby writes its symbols as keys: ":submitters".
      let people = (value[":submitters"] ?? value["submitters"])?.sequence?
        .prefix(Self.maximumPeople).map { person in
          Person(
            name: Self.text(person, "name"), ids: [Self.text(person, "sid")].compactMap { $0 },
            email: Self.text(person, "email"))
        }
      entries[folder] = Entry(
        people: people ?? [], time: Self.text(value, "created_at").flatMap(Self.time),
        number: Int(String(folder.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())))
    }
    self.entries = entries
  }

  private static func text(_ node: Yams.Node, _ key: String) -> String? {
    let text = (node[":" + key] ?? node[key])?.scalar?.string.trimmingCharacters(in: .whitespaces)
    return text.flatMap { $0.isEmpty || $0 == "null" || $0 == "~" ? nil : String($0.prefix(200)) }
  }

  /// `2023-10-03 21:59:00.123456000 Z` as Ruby writes it, or the same with `-07:00`.
  private static func time(_ text: String) -> Date? {
    try? DueDate(text).date
  }
}
