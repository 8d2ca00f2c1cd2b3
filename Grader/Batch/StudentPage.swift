import Judge

/// One student's page: the score, every task, every check, why.
struct StudentPage {
  let result: SubmissionResult
  let manifest: AssignmentManifest

  var html: String {
    var body = "<h1>\(HTML.escape(result.submission))</h1>\n"
    body += "<p class=\"quiet\">\(HTML.escape(manifest.title))"
    if result.members != [result.submission] {
      body += " · \(HTML.escape(result.members.joined(separator: ", ")))"
    }
    body += "</p>\n<p>\(HTML.bar(result.score, of: result.maxScore)) "
    body += "\(HTML.badge(result.status))</p>\n"
    if result.status == .notBuilt {
      body += "<p>The code does not compile, so no check could run:</p>\n"
    }
    body += HTML.notes(result)
    body += HTML.checks(result, manifest)
    return HTML.page(title: "\(result.submission): \(manifest.title)", body: body)
  }
}
