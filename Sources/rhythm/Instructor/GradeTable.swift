import Assignment
import Foundation
import Grading
import Publication
import Rainbow

/// The table that ends a run, on standard output.
struct GradeTable {
  let summary: GradeSummary
  let reportPath: String

  func print() {
    let rows = summary.submissions.map { result in
      (
        name: plain(result.submission), status: result.status.rawValue,
        score: "\(points(result.finalScore)) / \(points(result.maxScore))",
        reason: plain(late(result) + (result.firstLoss ?? "")), result: result
      )
    }
    let nameWidth = min(40, rows.map(\.name.count).max() ?? 0)
    let statusWidth = rows.map(\.status.count).max() ?? 0
    let scoreWidth = rows.map(\.score.count).max() ?? 0
    for row in rows {
      let status = pad(row.status, statusWidth)
      let shown =
        switch row.result.status {
        case _ where !isColoured: status
        case .graded: row.result.score >= row.result.maxScore - 1e-9 ? status.green : status
        case .judgeFailed: status.yellow
        case .notBuilt, .notReadable, .noCode: status.red
        }
      let score = String(repeating: " ", count: scoreWidth - row.score.count) + row.score
      let line = "\(pad(row.name, nameWidth))  \(shown)  \(score)  \(row.reason.prefix(100))"
      printLine(line.trimmingCharacters(in: .whitespaces))
    }
    for entry in summary.unrecognised { printLine("not understood: \(plain(entry))") }
    if !summary.complete {
      printLine(
        "stopped early: \(summary.submissions.count) of \(summary.total) submissions have a result")
    }
    if summary.ourFailures > 0 {
      printLine("\(summary.ourFailures) could not be graded by no fault of theirs")
    }
    printLine("sandbox: \(summary.sandbox)")
    printLine("report: \(reportPath)")
  }

  private func late(_ result: SubmissionResult) -> String {
    guard let late = result.late else { return "" }
    return late.share > 0 ? "late, −\(points(late.share * 100)) %; " : "late; "
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text.count >= width
      ? String(text.prefix(width)) : text + String(repeating: " ", count: width - text.count)
  }
}
