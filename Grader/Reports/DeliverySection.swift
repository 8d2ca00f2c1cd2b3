import Assignment
import Foundation
import Intake
import People
import Publication

/// What the last intake found beside the submissions that count: who is missing or unknown, earlier
/// attempts, what was not understood.
struct DeliverySection {
  private let intake: IntakeReport?
  /// What is still to be decided.
  private let open: [Problem]
  /// What lay in the delivery, or in the folder of results, and was not understood.
  private let unrecognised: [String]
  /// A submission's name as a link to its page.
  private let link: (String) -> String

  init(_ record: ClassRecord, link: @escaping (String) -> String) {
    intake = record.summary.intake
    open = record.open(record.summary.intake?.problems ?? [])
    unrecognised = record.summary.unrecognised
    self.link = link
  }

  /// What the delivery leaves to decide, by weight and kind, each with the commands that decide it.
  var problems: PageSection? {
    let groups = Problem.byKind(open)
    guard !groups.isEmpty else { return nil }
    let html = groups.map { kind, problems in
      let entries = problems.map { problem in
        ([HTML.escape(problem.sentence)]
          + problem.answers.map {
            "\(HTML.escape($0.meaning)): <code>\(HTML.escape($0.command))</code>"
          }).joined(separator: "<br>")
      }
      let heading = HTML.escape(kind.heading.prefix(1).uppercased() + kind.heading.dropFirst())
      let (first, rest) = (entries.prefix(Self.mostOfAKind), entries.dropFirst(Self.mostOfAKind))
      return "<h3>\(heading) <span class=\"quiet\">\(entries.count)</span></h3>\n"
        + Self.items(Array(first))
        + (rest.isEmpty
          ? ""
          : "<details><summary>and \(rest.count) more</summary>\n\(Self.items(Array(rest)))"
            + "</details>\n")
    }
    return PageSection(title: "To decide", body: html.joined())
  }

  /// So many are shown of each kind before the others are folded away.
  private static let mostOfAKind = 8

  /// One section for each kind of finding.
  var sections: [PageSection] { [roster, attempts, continuity, leftovers].compactMap(\.self) }

  private var continuity: PageSection? {
    guard let continuity = intake?.continuity else { return nil }
    let lists =
      Self.list(
        "In the gradebook and not in the last delivery, kept with their grades:",
        continuity.kept.map(link))
      + Self.list(
        "Handed in again with other files, which count now:", continuity.changed.map(link))
      + Self.list(
        "Taken out of the gradebook:",
        continuity.removed.map {
          HTML.escape("\($0.submission), \($0.date.formatted(.iso8601))")
        })
    return lists.isEmpty ? nil : PageSection(title: "Earlier deliveries", body: lists)
  }

  private var roster: PageSection? {
    guard let roster = intake?.roster else { return nil }
    var html = "<p>\(roster.students) students on "
    html += "\(HTML.escape(URL(fileURLWithPath: roster.file).lastPathComponent)); "
    html += "\(roster.missing.count) without a submission, "
    html += "\(roster.unknown.count) who handed in and are not on it for sure.</p>\n"
    let rows =
      roster.missing.map {
        [HTML.escape($0.label), "<span class=\"badge bad\">✗&nbsp;missing</span>", ""]
      }
      + roster.unknown.map {
        [
          HTML.escape($0.person.label), "<span class=\"badge warn\">?&nbsp;unknown</span>",
          link($0.submission),
        ]
      }
    if !rows.isEmpty { html += HTML.table(["Who|name", "", "Submission|name"], rows) }
    return PageSection(title: "Class list", body: html)
  }

  private var attempts: PageSection? {
    guard let intake, !intake.superseded.isEmpty else { return nil }
    let names = Dictionary(intake.submissions.map { ($0.source, $0) }) { first, _ in first }
    let rows = intake.superseded.sorted { ($0.name, $0.source) < ($1.name, $1.source) }.map {
      let counted = names[$0.countedSource]
      return [
        counted.map { link($0.name) } ?? HTML.escape($0.name), HTML.escape($0.source),
        HTML.escape($0.submitted ?? "–"), HTML.escape(counted?.submitted ?? "–"),
      ]
    }
    return PageSection(
      title: "Earlier attempts",
      body: "<p>The last attempt of a student counts; these were not graded:</p>\n"
        + HTML.table(
          ["Submission|name", "Earlier attempt|said", "Handed in", "The one that counts"], rows))
  }

  private var leftovers: PageSection? {
    let list = Self.list("These were not graded:", unrecognised.map(HTML.escape))
    return list.isEmpty ? nil : PageSection(title: "Not understood", body: list)
  }

  /// A heading and what is HTML already; nothing without entries.
  private static func list(_ heading: String, _ entries: [String]) -> String {
    entries.isEmpty ? "" : "<p>\(heading)</p>\n" + items(entries)
  }

  private static func items(_ entries: [String]) -> String {
    "<ul>" + entries.map { "<li>\($0)</li>" }.joined() + "</ul>\n"
  }
}

extension ClassRecord {
  /// Those of an intake's problems that are still open: where written answers may lie is no matter once
  /// they are all marked.
  func open(_ problems: [Problem]) -> [Problem] {
    let marked = Set(
      students.filter { !$0.answers.isEmpty && $0.answers.allSatisfy { $0.state == .marked } }
        .map(\.result.submission))
    return Problem.inOrder(problems).filter {
      $0.kind != .answers || $0.submissions.isEmpty || !marked.isSuperset(of: $0.submissions)
    }
  }
}
