import Assignment
import CSV
import Foundation
import Grading
import Publication
import Rainbow

/// The table that ends a run, on standard output.
struct GradeTable {
  let summary: GradeSummary
  let reportPath: String

  func print() {
    let cells = summary.submissions.map { result in
      [
        plain(result.submission), status(result),
        "\(CSV.points(result.finalScore)) of \(CSV.points(result.maxScore))",
        // a line's worth: the report has all of it
        LineBreaks.fitting(
          plain([late(result), result.firstLoss].compactMap(\.self).joined(separator: "; ")),
          to: 100),
      ]
    }
    printTable(
      TextTable(
        ["submission", "status", "score", "first loss"], cells,
        kinds: [.name, .name, .number, .name]))
    for entry in summary.unrecognised { printLine("not understood: \(plain(entry))") }
    if !summary.complete {
      printLine(
        "stopped early: \(summary.submissions.count) of \(summary.total) submissions have a result")
    }
    if summary.ourFailures > 0 {
      printLine("\(summary.ourFailures) could not be graded by no fault of theirs")
    }
    printLine("report: \(reportPath)")
  }

  private func late(_ result: SubmissionResult) -> String? {
    result.late.map { $0.share > 0 ? "late, −\(CSV.points($0.share * 100)) %" : "late" }
  }

  private func status(_ result: SubmissionResult) -> String {
    let word = result.status.rawValue
    return switch result.status {
    case _ where !isColoured: word
    case .graded: result.score >= result.maxScore - 1e-9 ? word.green : word
    case .judgeFailed: word.yellow
    case .notBuilt, .notReadable, .noCode: word.red
    }
  }
}
