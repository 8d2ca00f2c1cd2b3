import Assignment

/// What programs printed while they were judged, and what else only the instructor is told, on the class
/// page: folded away, and cut; `results/*.json` have all of it.
struct PrintedSection {
  private let record: ClassRecord
  private let link: (String) -> String
  private static let maximumRows = 50
  private static let maximumCharacters = 2000

  init(_ record: ClassRecord, link: @escaping (String) -> String) {
    self.record = record
    self.link = link
  }

  /// The section; nil where nothing was printed.
  var section: PageSection? {
    let all = record.students.flatMap { student in
      student.result.checks.compactMap { check in
        check.details.map { (student.result.submission, check.id, $0) }
      }
    }
    guard !all.isEmpty else { return nil }
    let rows = all.prefix(Self.maximumRows).map { submission, check, text in
      [
        link(submission), HTML.escape(check),
        "<details><summary>Show</summary><pre>"
          + HTML.escape(PlainText.cleaned(text, limit: Self.maximumCharacters))
          + "</pre></details>",
      ]
    }
    let more = all.count - rows.count
    return PageSection(
      title: "Printed while judged",
      body: "<p class=\"quiet\">Only here and in results/*.json: students are not shown it.</p>\n"
        + HTML.table(["Submission|name", "Check|check-id", "Text|said"], rows)
        + (more > 0 ? "<p class=\"quiet\">\(more) more are not shown.</p>\n" : ""))
  }
}
