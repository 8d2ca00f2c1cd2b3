import Foundation
import Judge

/// The whole class on one page.
struct ClassPage {
  let summary: GradeSummary
  let manifest: AssignmentManifest
  /// File name of each submission's page.
  let names: [String: String]

  var html: String {
    HTML.page(
      title: "\(summary.title): grades", body: heading + table + rates + details + leftovers)
  }

  private var heading: String {
    let scores = summary.submissions.filter { $0.status != .judgeFailed }.map(\.score).sorted()
    var html = "<h1>\(HTML.escape(summary.title))</h1>\n<p class=\"quiet\">"
    html += "\(summary.submissions.count) of \(summary.total) submissions"
    if !scores.isEmpty {
      let middle = scores.count / 2
      let median =
        scores.count % 2 == 1 ? scores[middle] : (scores[middle - 1] + scores[middle]) / 2
      let mean = scores.reduce(0, +) / Double(scores.count)
      html += " · mean \(CSV.points(mean)), median \(CSV.points(median))"
    }
    html += " · seed \(summary.seed) · sandbox \(HTML.escape(summary.sandbox))"
    html += String(format: " · %.0f s</p>\n", summary.elapsedSeconds)
    if !summary.complete {
      html += "<p class=\"warn\"><b>The run was stopped early: "
      html += "\(summary.total - summary.submissions.count) submissions have no result.</b></p>\n"
    }
    if summary.sandbox == "none" {
      html += "<p class=\"warn\"><b>Student code ran unconfined.</b></p>\n"
    }
    return html
  }

  private var table: String {
    var html = "<h2>Submissions</h2>\n<div class=\"wide\"><table><thead><tr><th>Submission</th>"
    html += "<th>Score</th><th>Status</th><th>First loss</th></tr></thead><tbody>\n"
    for result in summary.submissions {
      html += "<tr><td><a href=\"\(HTML.link(names[result.submission] ?? "_")).html\">"
      html += "\(HTML.escape(result.submission))</a></td>"
      html += "<td class=\"number\">\(HTML.bar(result.score, of: result.maxScore))</td>"
      html += "<td>\(HTML.badge(result.status))</td>"
      html += "<td>\(HTML.escape(result.firstLoss ?? ""))</td></tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  private var rates: String {
    let judged = summary.submissions.filter { $0.status != .judgeFailed }
    guard !judged.isEmpty else { return "" }
    var passed: [String: Int] = [:]
    for check in judged.flatMap(\.checks) where check.outcome == .passed {
      passed[check.id, default: 0] += 1
    }
    var html = "<h2>Checks</h2>\n<div class=\"wide\"><table><thead><tr><th>Task</th><th>Check</th>"
    html += "<th>Passed</th></tr></thead><tbody>\n"
    for task in manifest.tasks {
      for check in task.checks {
        html += "<tr><td>\(HTML.escape(task.name))</td>"
        html += "<td>\(HTML.escape(check.title))</td><td class=\"number\">"
        html += HTML.bar(Double(passed[check.id] ?? 0), of: Double(judged.count)) + "</td></tr>\n"
      }
    }
    return html + "</tbody></table></div>\n"
  }

  private var details: String {
    var html = "<h2>Details</h2>\n"
    for result in summary.submissions {
      html += "<details class=\"student\"><summary><b>\(HTML.escape(result.submission))</b> "
      html += "\(CSV.points(result.score)) / \(CSV.points(result.maxScore)) "
      html += "\(HTML.badge(result.status))</summary>\n"
      html += HTML.notes(result) + HTML.checks(result, manifest) + "</details>\n"
    }
    return html
  }

  private var leftovers: String {
    if summary.unrecognised.isEmpty { return "" }
    return "<h2>Not understood</h2>\n<p>These lay in the folder and were not graded:</p>\n<ul>"
      + summary.unrecognised.map { "<li>\(HTML.escape($0))</li>" }.joined() + "</ul>\n"
  }
}

extension SubmissionResult {
  /// Why the first points were lost, in one line; nil with full marks.
  public var firstLoss: String? {
    if status == .notReadable || status == .judgeFailed { return notes.last }
    let order: [Outcome] = [.crashed, .timedOut, .failed, .notBuilt, .notImplemented, .notRun]
    let lost = checks.filter { $0.outcome != .passed }
    // What ran and failed says more than what was never started.
    guard
      let check = lost.first(where: { order.prefix(4).contains($0.outcome) }) ?? lost.first
    else { return nil }
    let reason = check.diagnosis ?? check.message
    return
      "\(check.task): \(reason.split(whereSeparator: \.isNewline).first.map(String.init) ?? "")"
  }
}
