import Assignment
import CSV
import Foundation
import Gradebook

/// The student's page as Markdown, for platforms and mails that take no HTML.
public struct StudentMarkdown {
  private let student: StudentView
  private let manifest: AssignmentManifest

  /// Prepares the text.
  public init(_ student: StudentView, manifest: AssignmentManifest) {
    self.student = student
    self.manifest = manifest
  }

  /// The text.
  public var text: String {
    var text = "# \(Self.escape(student.names))\n\n\(Self.escape(manifest.title))\n\n"
    text += student.points.map { part in
      "**\(CSV.points(part.earned)) of \(CSV.points(part.possible)) points**"
        + (part.name.isEmpty ? "" : " (\(part.name))")
    }.joined(separator: ", ")
    text += " (\(student.status.words))\n\n"
    if let provisional = student.provisional { text += "> \(Self.escape(provisional))\n\n" }
    for note in student.notes { text += "- \(Self.escape(note))\n" }
    if !student.notes.isEmpty { text += "\n" }
    if let late = student.late { text += Self.escape(late.sentence) + "\n\n" }
    return text + code + answers + facts
  }

  private var code: String {
    var text = ""
    for task in manifest.tasks {
      let checks = student.checks.filter { result in
        task.checks.contains { $0.id == result.id }
      }
      let earned = checks.reduce(0) { $0 + $1.points }
      text += "## \(Self.escape("\(task.id) \(task.title)")): \(CSV.points(earned)) of "
      text += "\(CSV.points(task.points))\n\n"
      for check in checks {
        let title = task.checks.first { $0.id == check.id }?.title ?? check.id
        text +=
          "- **\(Self.escape(title))**: \(check.outcome.words), \(CSV.points(check.points)) of "
        text += "\(CSV.points(check.maxPoints)). \(Self.escape(check.message))\n"
        if let byHand = check.byHand { text += "  - \(Self.escape(byHand))\n" }
        if let diagnosis = check.diagnosis {
          text += "  - Likely cause: \(Self.escape(diagnosis))\n"
        }
        for finding in check.findings { text += "  - \(Self.escape(finding))\n" }
        if let curve = check.curve, !curve.points.isEmpty {
          text += "  - \(Self.escape(LearningCurve(curve).caption))\n"
          for remark in curve.remarks ?? [] { text += "  - \(Self.escape(remark))\n" }
        }
      }
      text += "\n"
    }
    return text
  }

  private var answers: String {
    guard !student.answers.isEmpty else { return "" }
    var text = "## Written answers\n\n"
    let problems = (student.sheet?.problems ?? []) + (student.sheet?.remarks ?? [])
    for problem in problems { text += "- \(Self.escape(problem))\n" }
    if !problems.isEmpty { text += "\n" }
    for answer in student.answers {
      let points = answer.state == .unmarked ? "–" : CSV.points(answer.points)
      text += "### \(Self.escape(answer.question)): \(points) of \(CSV.points(answer.maxPoints))"
      text += " (\(answer.state.words))\n\n"
      if !answer.text.isEmpty { text += Self.block(answer.text) }
      if let comment = answer.mark?.comment, !comment.isEmpty {
        text += "Comment:\n\n" + Self.block(comment)
      }
    }
    for leftover in student.sheet?.leftovers ?? [] {
      text += "### Line \(leftover.line): in no answer\n\n" + Self.block(leftover.text)
    }
    return text
  }

  private var facts: String {
    "## How this was graded\n\n"
      + student.facts.map { "- \(Self.escape($0.name)): \(Self.escape($0.value))\n" }.joined()
  }

  /// Text on one line without meaning for Markdown or HTML: a backslash before all punctuation.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      let isPunctuation =
        scalar.isASCII && scalar.value > 32 && scalar.value < 127
        && !scalar.properties.isAlphabetic && !(48...57).contains(scalar.value)
        && !",;:%".unicodeScalars.contains(scalar)
      if isPunctuation { escaped += "\\" }
      escaped.unicodeScalars.append(
        scalar == "\n" || scalar == "\t" ? " " : HTML.visible(scalar))
    }
    return escaped
  }

  /// Text as it is, between fences that are longer than any in it.
  static func block(_ text: String) -> String {
    var (longest, run) = (2, 0)
    for scalar in text.unicodeScalars {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.map(HTML.visible)))
    return "\(fence)text\n\(shown)\n\(fence)\n\n"
  }
}
