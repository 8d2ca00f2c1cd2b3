import Assignment
import CSV
import Foundation
import Gradebook
import Intake
import People
import Publication

/// One student's page: the score, every task, every check and why, answers and comments.
public struct StudentPage {
  private let student: StudentView
  private let manifest: AssignmentManifest
  /// What the written questions ask, by question.
  private let prompts: [String: String]
  private let code: CodeSection

  /// Prepares the page.
  ///
  /// - Parameters:
  ///   - prompts: what the written questions ask, by question.
  ///   - stubs: the files as handed out, by name.
  public init(
    _ student: StudentView, manifest: AssignmentManifest, prompts: [String: String] = [:],
    stubs: [String: String] = [:]
  ) {
    self.student = student
    self.manifest = manifest
    self.prompts = prompts
    code = CodeSection(student, manifest: manifest, stubs: stubs)
  }

  /// The page, complete in itself.
  public var html: String {
    let sections = [checks, code.section, answers, run].compactMap(\.self)
    return HTML.page(
      title: "\(student.names): \(manifest.title)",
      body: heading + overview + PageSection.contents(sections) + PageSection.html(sections))
  }

  private var heading: String {
    var html = "<h1>\(HTML.escape(student.names))</h1>\n"
    html += "<p class=\"quiet\">\(HTML.escape(manifest.title))"
    if student.names != student.submission { html += " · \(HTML.escape(student.submission))" }
    if let attempt = student.attempt { html += " · attempt \(attempt)" }
    html += "</p>\n"
    for (place, part) in student.points.enumerated() {
      html += "<p><span class=\"score\">\(CSV.points(part.earned)) / \(CSV.points(part.possible))"
      html += part.name.isEmpty ? "</span> " : " <span class=\"quiet\">\(part.name)</span></span> "
      html += HTML.bar(part.earned, of: part.possible)
      html += place == 0 ? " \(HTML.badge(student.status))</p>\n" : "</p>\n"
    }
    if let provisional = student.provisional {
      html += "<p class=\"notice\"><b>\(HTML.escape(provisional))</b></p>\n"
    }
    if student.status == .notBuilt {
      html += "<p>The code does not compile, so no check could run:</p>\n"
    }
    return html + HTML.notes(student.notes)
  }

  private var overview: String {
    var rows = manifest.tasks.map { task -> [String] in
      let checks = checks(of: task)
      let (earned, possible) = (
        checks.reduce(0) { $0 + $1.points }, checks.reduce(0) { $0 + $1.maxPoints }
      )
      return [
        HTML.escape("\(task.id) \(task.title)"), HTML.points(earned, of: possible),
        HTML.bar(earned, of: possible),
        "\(checks.count { $0.outcome == .passed }) of \(checks.count) checks",
      ]
    }
    if !student.answers.isEmpty {
      let possible = student.answers.reduce(0) { $0 + $1.maxPoints }
      let marked = student.answers.count { $0.state == .marked || $0.state == .empty }
      rows.append([
        "Written answers",
        !student.isToBeMarked || student.answers.contains { $0.mark != nil }
          ? HTML.points(student.answerPoints, of: possible)
          : HTML.points(of: possible),
        HTML.bar(student.answerPoints, of: possible),
        student.answers.allSatisfy { $0.state == .empty }
          ? "no answers"
          : marked == student.answers.count
            ? "all marked" : "\(marked) of \(student.answers.count) marked",
      ])
    }
    if let late = student.late {
      rows.append([
        "Handed in late", "<span class=\"number\">−\(CSV.points(student.penalty))</span>", "",
        HTML.escape(late.sentence),
      ])
    }
    return HTML.table(["Task", "Points|number", "", "|state"], rows)
  }

  // MARK: Checks

  private func checks(of task: AssignmentManifest.Task) -> [StudentView.Check] {
    let ids = Set(task.checks.map(\.id))
    return student.checks.filter { ids.contains($0.id) }
  }

  private var checks: PageSection {
    var html = ""
    for task in manifest.tasks {
      html += "<h3>\(HTML.escape("\(task.id) \(task.title)")) "
      html += "<code>\(HTML.escape(task.file))</code></h3>\n"
      for check in checks(of: task) {
        let title = task.checks.first { $0.id == check.id }?.title ?? check.id
        html += self.check(check, title: title)
      }
    }
    let known = Set(manifest.tasks.flatMap { $0.checks.map(\.id) })
    let others = student.checks.filter { !known.contains($0.id) }
    if !others.isEmpty { html += "<h3>Other</h3>\n" }
    html += others.map { self.check($0, title: $0.id) }.joined()
    return PageSection(title: "Checks", body: html)
  }

  private func check(_ check: StudentView.Check, title: String) -> String {
    let index = student.checks.firstIndex { $0.id == check.id } ?? 0
    var html =
      "<div class=\"check\" id=\"\(CodeSection.anchor(check: index))\"><div class=\"head\">"
    html += "\(HTML.badge(check.outcome)) <b>\(HTML.escape(title))</b> \(code.link(check)) "
    html += "\(HTML.points(check.points, of: check.maxPoints))</div>\n"
    if let difference = check.difference {
      html += Self.facts([
        ("where", difference.quantity), ("yours", difference.yours),
        ("expected", difference.expected), ("allowed difference", difference.tolerance),
        ("numbers that differ", "\(difference.wrong) of \(difference.count)"),
      ])
    } else if !check.message.isEmpty, check.message != "correct" {
      html += "<p>\(HTML.escape(check.message))</p>\n"
    }
    if let byHand = check.byHand { html += "<p><b>\(HTML.escape(byHand))</b></p>\n" }
    if let diagnosis = check.diagnosis {
      html += "<p class=\"cause\"><b>Likely cause:</b> \(HTML.escape(diagnosis))</p>\n"
    }
    let findings = check.findings.map { "<li>\(HTML.escape($0))</li>\n" }.joined()
    if !findings.isEmpty { html += "<ul>\n\(findings)</ul>\n" }
    if let curve = check.curve {
      html += LearningCurve(curve).html
      let remarks = (curve.remarks ?? []).map { "<li>\(HTML.escape($0))</li>\n" }.joined()
      if !remarks.isEmpty { html += "<p>Of the last training:</p>\n<ul>\n\(remarks)</ul>\n" }
      html += ParameterBars(curve.parameters ?? []).html
    }
    return html + "</div>\n"
  }

  // MARK: Answers

  private var answers: PageSection? {
    guard !student.answers.isEmpty else { return nil }
    var html = ""
    if student.sheet == nil { html += "<p>There is no ANSWERS.md in the submission.</p>\n" }
    let problems = (student.sheet?.problems ?? []) + (student.sheet?.remarks ?? [])
    if !problems.isEmpty {
      html += "<p>In ANSWERS.md:</p>\n" + HTML.notes(problems)
    }
    for answer in student.answers {
      html += "<h3>\(HTML.escape(answer.question)) "
      html +=
        answer.state == .unmarked
        ? HTML.points(of: answer.maxPoints)
        : HTML.points(answer.points, of: answer.maxPoints)
      html += " <span class=\"badge \(answer.state.style)\">\(answer.state.words)</span></h3>\n"
      if let prompt = prompts[answer.question] {
        html += "<p class=\"quiet\">\(HTML.escape(prompt))</p>\n"
      }
      if !answer.text.isEmpty {
        html += "<div class=\"answer\">\(HTML.escape(answer.text))</div>\n"
      }
      if let comment = answer.mark?.comment, !comment.isEmpty {
        html += "<div class=\"comment\"><b>Comment:</b> \(HTML.escape(comment))</div>\n"
      }
    }
    for leftover in student.sheet?.leftovers ?? [] {
      html += "<h3>Line \(leftover.line): in no answer</h3>\n"
      html += "<div class=\"answer\">\(HTML.escape(leftover.text))</div>\n"
    }
    return PageSection(title: "Written answers", body: html)
  }

  // MARK: The run

  private var run: PageSection {
    PageSection(title: "How this was graded", body: Self.facts(student.facts))
  }

  /// Names and values, one below the other.
  private static func facts(_ facts: [(name: String, value: String)]) -> String {
    let rows = facts.map {
      "<tr><th scope=\"row\">\(HTML.escape($0.name))</th><td>\(HTML.escape($0.value))</td></tr>\n"
    }
    return "<table class=\"facts\">\n\(rows.joined())</table>\n"
  }
}

extension StudentRecord {
  /// Who handed it in.
  var names: String {
    let names = record.people.compactMap(\.name).filter { !$0.isEmpty }
    return names.isEmpty ? result.submission : names.joined(separator: ", ")
  }
}

extension MarkedAnswer.State {
  /// The state in words.
  var words: String {
    switch self {
    case .empty: "○ no answer"
    case .unmarked: "… not marked yet"
    case .marked: "✓ marked"
    case .changed: "… changed since it was marked"
    }
  }

  var style: String {
    switch self {
    case .empty: "idle"
    case .marked: "good"
    case .unmarked, .changed: "warn"
    }
  }
}
