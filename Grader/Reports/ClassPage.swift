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
    let delivery = DeliverySection(record, link: link)
    let sections =
      [
        table, delivery.problems, lookAt, distribution, checks, questions, failures, broken,
        slowest,
      ].compactMap(\.self)
      + delivery.sections
      + [PrintedSection(record, link: link).section].compactMap(\.self)
    return HTML.page(
      title: "\(record.summary.title): grades",
      body: heading + PageSection.contents(sections) + PageSection.html(sections),
      hasTableScript: true)
  }

  /// While answers are to be marked, their points stand apart from the code's: the sum of both would be
  /// taken for a grade.
  private var standsApart: Bool { record.students.contains(where: \.isToBeMarked) }

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

  private var distribution: PageSection? {
    guard !graded.isEmpty else { return nil }
    let scores = graded.map { standsApart ? $0.result.score : $0.score }
    let maximum = graded.map { standsApart ? $0.result.maxScore : $0.maxScore }.max() ?? 0
    return PageSection(
      title: standsApart ? "Scores of the code" : "Scores",
      body: Histogram(scores: scores, maximum: maximum).html)
  }

  /// By weight and kind; where many of a kind have one reason, their names are enough.
  private var lookAt: PageSection? {
    guard !attention.isEmpty else { return nil }
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
    return PageSection(title: "To look at", body: kinds.joined())
  }

  private var checks: PageSection {
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
    return PageSection(
      title: "Checks",
      body: HTML.table(headings, rows)
        + "<p class=\"quiet\">Discrimination: the point-biserial correlation of passing the check "
        + "with the points of all other checks (item-rest, Henrysson 1963). Upper − lower: the share "
        + "that passed among the best 27&nbsp;% less that among the weakest 27&nbsp;% (Kelley 1939). "
        + "Both need ten submissions, some of which pass and some do not; a ⚠ marks values below "
        + "0.1: strong submissions fail there no less often than weak ones.</p>\n")
  }

  private static func coefficient(_ value: Double?) -> String {
    guard let value else { return "<span class=\"idle\">–</span>" }
    let text = String(format: "%.2f", value).replacing("-", with: "−")
    return value < 0.1 ? "<span class=\"bad\">\(text)&nbsp;⚠</span>" : text
  }

  private var questions: PageSection? {
    guard let questions = record.manifest.questions, !questions.isEmpty else { return nil }
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
    return PageSection(title: "Written answers", body: HTML.table(headings, rows))
  }

  private var failures: PageSection? {
    let groups = FailureGroup.groups(record.students.map(\.result))
    guard !groups.isEmpty else { return nil }
    let shown = groups.prefix(20)
    let rows = shown.map { group in
      [
        "\(group.submissions.count)", HTML.escape(group.check), HTML.badge(group.outcome),
        HTML.path(group.reason), links(group.submissions),
      ]
    }
    return PageSection(
      title: "Most common failures",
      body: HTML.table(
        [
          "Count|number", "Check|check-id", "Ended", "Reason (numbers as #)|said",
          "Submissions|name",
        ], rows)
        + (groups.count > shown.count
          ? "<p class=\"quiet\">\(groups.count - shown.count) rarer ones are not shown.</p>\n" : "")
    )
  }

  private var broken: PageSection? {
    let all = record.students.flatMap { student in
      student.result.checks.map { (student.result.submission, $0) }
    }
    let broken = all.filter { $0.1.outcome == .crashed || $0.1.outcome == .timedOut }
    guard !broken.isEmpty else { return nil }
    let byCheck = Dictionary(grouping: broken) { "\($0.1.id)\n\($0.1.outcome.words)" }
    return PageSection(
      title: "Crashed and timed out",
      body: HTML.table(
        ["Check|check-id", "Ended", "Submissions|said"],
        byCheck.sorted { $0.key < $1.key }.map { _, entries in
          [
            HTML.escape(entries[0].1.id), HTML.badge(entries[0].1.outcome),
            links(entries.map(\.0), limit: 12),
          ]
        }))
  }

  private var slowest: PageSection? {
    let slow = record.students.sorted { Self.seconds($0) > Self.seconds($1) }.prefix(5)
      .filter { Self.seconds($0) > 0 }
    guard !slow.isEmpty else { return nil }
    return PageSection(
      title: "Slowest",
      body: HTML.table(
        ["Submission|name", "Build|number", "Judging|number", "Longest check|check-id"],
        slow.map { student in
          let longest = student.result.checks.max { $0.seconds < $1.seconds }
          return [
            link(student.result.submission),
            String(format: "%.1f s", student.result.seconds.build),
            String(format: "%.1f s", student.result.seconds.judge),
            longest.map { HTML.escape($0.id) + String(format: ", %.1f s", $0.seconds) } ?? "",
          ]
        }))
  }

  private static func seconds(_ student: StudentRecord) -> Double {
    student.result.seconds.build + student.result.seconds.judge
  }

  private static func lateness(_ late: LateMark?) -> String {
    guard let late else { return "" }
    let cost = late.share > 0 ? ", −\(CSV.points(late.share * 100))&nbsp;%" : ""
    return "<br><span class=\"warn\">late\(cost)</span>"
  }

  // MARK: Who handed in

  private var table: PageSection {
    // without the script, which shows it, a search would find nothing
    let tools =
      "<div id=\"tools\" class=\"tools\" hidden=\"\"><label for=\"search\">Search</label> "
      + "<input id=\"search\" type=\"search\" autocomplete=\"off\"/> "
      + "<output id=\"count\" for=\"search\" class=\"quiet\"></output></div>\n"
    let scores =
      standsApart ? ["Code|number", "", "Answers|number"] : ["Score|number", ""]
    return PageSection(
      title: "Submissions",
      body: tools
        + HTML.table(
          ["Submission|name"] + scores + ["Status|state", "First loss|said"],
          record.students.map(row), id: "class"))
  }

  private func row(_ student: StudentRecord) -> [String] {
    let result = student.result
    let names =
      result.submission.hasPrefix(student.names)
      ? "" : "<br><span class=\"quiet\">\(HTML.escape(student.names))</span>"
    return [link(result.submission) + names] + (standsApart ? parts(student) : whole(student)) + [
      HTML.badge(result.status) + Self.lateness(result.late), HTML.path(result.firstLoss ?? ""),
    ]
  }

  /// Both together, which are the grade.
  private func whole(_ student: StudentRecord) -> [String] {
    [
      HTML.points(student.score, of: student.maxScore)
        + (student.provisional == nil ? "" : " <span class=\"warn\">provisional</span>"),
      HTML.bar(student.score, of: student.maxScore),
    ]
  }

  /// The code's and the answers' apart, before what lateness costs of both.
  private func parts(_ student: StudentRecord) -> [String] {
    let possible = student.answers.reduce(0) { $0 + $1.maxPoints }
    let left = student.answers.count { $0.state == .unmarked || $0.state == .changed }
    let isKnown = left == 0 || student.answers.contains { $0.mark != nil }
    let answers =
      isKnown ? HTML.points(student.answerPoints, of: possible) : HTML.points(of: possible)
    return [
      HTML.points(student.result.score, of: student.result.maxScore),
      HTML.bar(student.result.score, of: student.result.maxScore),
      answers + (left > 0 ? ", <span class=\"warn\">\(left)&nbsp;to&nbsp;mark</span>" : ""),
    ]
  }
}
