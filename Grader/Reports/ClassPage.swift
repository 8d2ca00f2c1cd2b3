import Assignment
import CSV
import Foundation
import Publication

/// The whole class on one page, for the instructor.
public struct ClassPage {
  let record: ClassRecord
  let attention: [Attention]

  /// Prepares the page.
  public init(_ record: ClassRecord, attention: [Attention]) {
    self.record = record
    self.attention = attention
  }

  /// The page, complete in itself but for the links to students' pages.
  public var html: String {
    HTML.page(
      title: "\(record.summary.title): grades",
      body: heading + distribution + delivery.problems + lookAt + checks + questions + failures
        + slowest + table + PrintedSection(record, link: link).html + delivery.html)
  }

  private var delivery: DeliverySection { DeliverySection(record, link: link) }

  /// Those whose score says something.
  private var graded: [StudentRecord] {
    record.students.filter { $0.result.status != .judgeFailed }
  }

  private func link(_ submission: String) -> String {
    "<a href=\"\(HTML.link(record.pageNames[submission] ?? "_")).html\">"
      + "\(HTML.escape(submission))</a>"
  }

  private func links(_ submissions: [String], limit: Int = 6) -> String {
    let shown = submissions.prefix(limit).map(link).joined(separator: ", ")
    return submissions.count > limit ? shown + " and \(submissions.count - limit) more" : shown
  }

  private var heading: String {
    let summary = record.summary
    var html = "<h1>\(HTML.escape(summary.title))</h1>\n<p class=\"quiet\">"
    html += "\(record.students.count) of \(summary.total) submissions · seed \(summary.seed) · "
    html += "sandbox \(HTML.escape(summary.sandbox))"
    for recordings in Set(record.students.compactMap(\.result.recordings)).sorted() {
      html += " · trained on \(HTML.escape(recordings))"
    }
    // a state that was only added up anew took no time worth telling
    if summary.elapsedSeconds >= 0.5 { html += String(format: " · %.0f s", summary.elapsedSeconds) }
    html += "</p>\n"
    if !summary.complete {
      html += "<p class=\"notice\"><b>The run was stopped early: "
      html += "\(summary.total - record.students.count) submissions have no result.</b></p>\n"
    }
    if summary.sandbox == "none" {
      html += "<p class=\"notice\"><b>Student code ran unconfined.</b></p>\n"
    }
    let provisional = record.students.count { $0.provisional != nil }
    if provisional > 0 {
      html += "<p class=\"notice\"><b>\(provisional) of \(record.students.count) grades are "
      html += "provisional:</b> written answers are to be marked, or the code was not graded.</p>\n"
    }
    return html
  }

  private var distribution: String {
    guard !graded.isEmpty else { return "" }
    let maximum = graded.map(\.maxScore).max() ?? 0
    return "<h2>Scores</h2>\n"
      + Histogram(scores: graded.map(\.score), maximum: maximum).html
  }

  /// By weight and kind; where many of a kind have one reason, their names are enough.
  private var lookAt: String {
    guard !attention.isEmpty else { return "" }
    let kinds = Attention.Kind.allCases.compactMap { kind -> String? in
      let all = attention.flatMap { one in
        one.reasons.filter { $0.kind == kind }.map { (one.submission, $0.sentence) }
      }
      guard !all.isEmpty else { return nil }
      let heading =
        "<h3>\(HTML.escape(kind.heading)) <span class=\"quiet\">\(all.count)</span></h3>\n"
      if Set(all.map(\.1)).count == 1 {
        let reason =
          all[0].1.lowercased() == kind.heading.lowercased() ? "" : HTML.escape(all[0].1) + ": "
        return heading + "<p>\(reason)\(links(all.map(\.0), limit: 40))</p>\n"
      }
      return heading
        + HTML.table(
          ["Submission|name", "Why|said"], all.map { [link($0.0), HTML.escape($0.1)] })
    }
    return "<h2>To look at</h2>\n" + kinds.joined()
  }

  private var checks: String {
    let results = record.students.map(\.result)
    var rows: [[String]] = []
    for task in record.manifest.tasks {
      for check in task.checks {
        let statistics = CheckStatistics(check: check.id, in: results)
        rows.append([
          HTML.escape(task.name), HTML.escape(check.title),
          "\(statistics.passed)&nbsp;/&nbsp;\(statistics.count)",
          HTML.bar(Double(statistics.passed), of: Double(statistics.count)),
          Self.coefficient(statistics.discrimination), Self.coefficient(statistics.upperLower),
          String(format: "%.1f s", statistics.medianSeconds),
        ])
      }
    }
    let headings = [
      "Task|check-id", "Check|check-id", "Passed|number", "", "Discrimination|number",
      "Upper − lower|number",
      "Median time|number",
    ]
    return "<h2>Checks</h2>\n" + HTML.table(headings, rows)
      + "<p class=\"quiet\">Discrimination: the point-biserial correlation of passing the check "
      + "with the points of all other checks (item-rest, Henrysson 1963). Upper − lower: the share "
      + "that passed among the best 27&nbsp;% less that among the weakest 27&nbsp;% (Kelley 1939). "
      + "Both need ten submissions, some of which pass and some do not; a ⚠ marks values below "
      + "0.1: strong submissions fail there no less often than weak ones.</p>\n"
  }

  private static func coefficient(_ value: Double?) -> String {
    guard let value else { return "<span class=\"idle\">–</span>" }
    let text = String(format: "%.2f", value).replacing("-", with: "−")
    return value < 0.1 ? "<span class=\"bad\">\(text)&nbsp;⚠</span>" : text
  }

  private var questions: String {
    guard let questions = record.manifest.questions, !questions.isEmpty else { return "" }
    let rows = questions.map { question -> [String] in
      let answers = record.students.flatMap(\.answers).filter { $0.question == question.id }
      let marked = answers.filter { $0.state == .marked }
      let mean = marked.isEmpty ? 0 : marked.reduce(0) { $0 + $1.points } / Double(marked.count)
      return [
        HTML.escape(question.id), "\(answers.count { $0.state == .empty })",
        "\(answers.count { $0.state == .unmarked })", "\(answers.count { $0.state == .changed })",
        "\(marked.count)", marked.isEmpty ? "–" : HTML.points(mean, of: question.points),
        marked.isEmpty ? "" : HTML.bar(mean, of: question.points),
      ]
    }
    let headings = [
      "Question", "Without answer|number", "To mark|number", "To mark again|number",
      "Marked|number", "Mean|number", "",
    ]
    return "<h2>Written answers</h2>\n" + HTML.table(headings, rows)
  }

  private var failures: String {
    let groups = FailureGroup.groups(record.students.map(\.result))
    guard !groups.isEmpty else { return "" }
    let shown = groups.prefix(20)
    let rows = shown.map { group in
      [
        "\(group.submissions.count)", HTML.escape(group.check), HTML.badge(group.outcome),
        HTML.path(group.reason), links(group.submissions),
      ]
    }
    return "<h2>Most common failures</h2>\n"
      + HTML.table(
        [
          "Count|number", "Check|check-id", "Ended", "Reason (numbers as #)|said",
          "Submissions|name",
        ], rows)
      + (groups.count > shown.count
        ? "<p class=\"quiet\">\(groups.count - shown.count) rarer ones are not shown.</p>\n" : "")
  }

  private var slowest: String {
    let all = record.students.flatMap { student in
      student.result.checks.map { (student.result.submission, $0) }
    }
    let broken = all.filter { $0.1.outcome == .crashed || $0.1.outcome == .timedOut }
    var html = ""
    if !broken.isEmpty {
      let byCheck = Dictionary(grouping: broken) { "\($0.1.id)\n\($0.1.outcome.words)" }
      html += "<h2>Crashed and timed out</h2>\n"
      html += HTML.table(
        ["Check|check-id", "Ended", "Submissions|said"],
        byCheck.sorted { $0.key < $1.key }.map { _, entries in
          [
            HTML.escape(entries[0].1.id), HTML.badge(entries[0].1.outcome),
            links(entries.map(\.0), limit: 12),
          ]
        })
    }
    let slow = record.students.sorted { Self.seconds($0) > Self.seconds($1) }.prefix(5)
      .filter { Self.seconds($0) > 0 }
    guard !slow.isEmpty else { return html }
    html += "<h2>Slowest</h2>\n"
    return html
      + HTML.table(
        ["Submission|name", "Build|number", "Judging|number", "Longest check|check-id"],
        slow.map { student in
          let longest = student.result.checks.max { $0.seconds < $1.seconds }
          return [
            link(student.result.submission),
            String(format: "%.1f s", student.result.seconds.build),
            String(format: "%.1f s", student.result.seconds.judge),
            longest.map { HTML.escape($0.id) + String(format: ", %.1f s", $0.seconds) } ?? "",
          ]
        })
  }

  private static func seconds(_ student: StudentRecord) -> Double {
    student.result.seconds.build + student.result.seconds.judge
  }

  private static func lateness(_ late: LateMark?) -> String {
    guard let late else { return "" }
    let cost = late.share > 0 ? ", −\(CSV.points(late.share * 100))&nbsp;%" : ""
    return "<br><span class=\"warn\">late\(cost)</span>"
  }

  private var table: String {
    let rows = record.students.map { student in
      [
        link(student.result.submission)
          + (student.result.submission.hasPrefix(student.names)
            ? "" : "<br><span class=\"quiet\">\(HTML.escape(student.names))</span>"),
        HTML.points(student.score, of: student.maxScore)
          + (student.provisional == nil ? "" : " <span class=\"warn\">provisional</span>"),
        HTML.bar(student.score, of: student.maxScore),
        HTML.badge(student.result.status) + Self.lateness(student.result.late),
        HTML.path(student.result.firstLoss ?? ""),
      ]
    }
    return "<h2>Submissions</h2>\n"
      + HTML.table(["Submission|name", "Score|number", "", "Status", "First loss|said"], rows)
  }
}
