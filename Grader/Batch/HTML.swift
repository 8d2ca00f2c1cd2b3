import Judge

/// Pieces that the pages share.
enum HTML {
  /// Text as text: everything that a student or the compiler wrote goes through here.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      default:
        // Control characters, and marks that turn the direction of what follows.
        let hidden =
          scalar.value < 32 || scalar.value == 127
          || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        escaped.unicodeScalars.append(hidden ? "\u{fffd}" : scalar)
      }
    }
    return escaped
  }

  /// A file name in a link.
  static func link(_ fileName: String) -> String {
    var path = ""
    for byte in fileName.utf8 {
      let plain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == 45 || byte == 46 || byte == 95
      if plain {
        path.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        path += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return path
  }

  /// A whole page; nothing in it runs or is loaded from anywhere.
  static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" \
    content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>\(escape(title))</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    <main>
    \(body)
    </main>
    </body>
    </html>

    """
  }

  /// A bar for a share between 0 and 1, with the numbers beside it.
  static func bar(_ value: Double, of maximum: Double) -> String {
    let share = maximum > 0 ? min(max(value / maximum, 0), 1) : 0
    let percent = Int((share * 100).rounded())
    return "<span class=\"bar\"><span style=\"width:\(percent)%\"></span></span> "
      + "<span class=\"number\">\(CSV.points(value)) / \(CSV.points(maximum))</span>"
  }

  /// A word with a sign, so that colour is not the only difference.
  static func badge(_ outcome: Outcome) -> String {
    let (kind, sign, word) =
      switch outcome {
      case .passed: ("good", "✓", "passed")
      case .failed: ("bad", "✗", "failed")
      case .crashed: ("bad", "✗", "crashed")
      case .timedOut: ("bad", "✗", "timed out")
      case .notImplemented: ("idle", "○", "not started")
      case .notRun: ("idle", "–", "not run")
      case .notBuilt: ("bad", "✗", "not built")
      }
    return "<span class=\"badge \(kind)\">\(sign)&nbsp;\(word)</span>"
  }

  static func badge(_ status: SubmissionResult.Status) -> String {
    let (kind, word) =
      switch status {
      case .graded: ("good", "graded")
      case .notBuilt: ("bad", "does not compile")
      case .judgeFailed: ("warn", "not graded: our fault")
      case .notReadable: ("bad", "cannot be read")
      }
    return "<span class=\"badge \(kind)\">\(word)</span>"
  }

  /// The tasks of a result with each check below, as one table.
  static func checks(_ result: SubmissionResult, _ manifest: AssignmentManifest) -> String {
    var html = ""
    var shown = Set<String>()
    for task in manifest.tasks {
      let ids = Set(task.checks.map(\.id))
      let own = result.checks.filter { ids.contains($0.id) }
      shown.formUnion(own.map(\.id))
      let titles = Dictionary(task.checks.map { ($0.id, $0.title) }) { first, _ in first }
      html += section(
        heading: "\(task.id) \(task.title)", file: task.file, checks: own, titles: titles)
    }
    let others = result.checks.filter { !shown.contains($0.id) }
    if !others.isEmpty { html += section(heading: "Other", file: "", checks: others, titles: [:]) }
    return html
  }

  private static func section(
    heading: String, file: String, checks: [CheckResult], titles: [String: String]
  ) -> String {
    let points = checks.reduce(0) { $0 + $1.points }
    let maximum = checks.reduce(0) { $0 + $1.maxPoints }
    var html =
      "<h3>\(escape(heading)) <code>\(escape(file))</code></h3>\n<p>\(bar(points, of: maximum))</p>\n"
    html += "<div class=\"wide\"><table class=\"checks\"><tbody>\n"
    for check in checks {
      html += "<tr><td>\(badge(check.outcome))</td>"
      html += "<td class=\"number\">\(CSV.points(check.points))&nbsp;/&nbsp;"
      html += "\(CSV.points(check.maxPoints))</td><td><b>"
      html += "\(escape(titles[check.id] ?? check.id))</b>"
      if !check.message.isEmpty { html += "<br>\(escape(check.message))" }
      if let diagnosis = check.diagnosis {
        html += "<br><strong>Likely cause:</strong> \(escape(diagnosis))"
      }
      if let details = check.details, !details.isEmpty {
        html += "<details><summary>Details</summary><pre>\(escape(details))</pre></details>"
      }
      html += "</td></tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  static func notes(_ result: SubmissionResult) -> String {
    if result.notes.isEmpty { return "" }
    return "<ul class=\"notes\">"
      + result.notes.map { "<li>\(escape($0))</li>" }.joined() + "</ul>\n"
  }

  private static let style = """
    :root { --text: #1b1f24; --back: #ffffff; --soft: #f2f4f7; --line: #d5dae1; --good: #14713d;
      --bad: #b3261e; --warn: #8a5a00; --idle: #59636e; --accent: #2b5fb4; }
    @media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --back: #14171b;
      --soft: #1e2329; --line: #363d47; --good: #6fd39b; --bad: #ff8a80; --warn: #f0c060;
      --idle: #9aa4b0; --accent: #86b0f5; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--back); color: var(--text);
      font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; }
    h3 { font-size: 1rem; margin: 1.4rem 0 .2rem; }
    p { margin: .2rem 0 .6rem; } a { color: var(--accent); }
    .quiet, h3 code { color: var(--idle); font-weight: normal; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; vertical-align: top; padding: .4rem .7rem .4rem 0;
      border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    th { font-weight: 600; color: var(--idle); font-size: .85rem; }
    td:first-child { overflow-wrap: normal; }
    .checks td:first-child { width: 7rem; } .checks .number { width: 6rem; }
    .number { font-variant-numeric: tabular-nums; white-space: nowrap; }
    .bar { display: inline-block; width: 7rem; height: .6rem; background: var(--line);
      border-radius: .3rem; overflow: hidden; vertical-align: middle; }
    .bar span { display: block; height: 100%; background: var(--accent); }
    .badge { white-space: nowrap; font-weight: 600; font-size: .9rem; }
    .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
    .idle { color: var(--idle); }
    details.student { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0;
      padding: .5rem .8rem; background: var(--soft); }
    summary { cursor: pointer; overflow-wrap: anywhere; }
    pre { overflow-x: auto; font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
    .notes { background: var(--soft); border-left: 3px solid var(--warn); margin: .6rem 0;
      padding: .5rem 1rem .5rem 2rem; overflow-wrap: anywhere; }
    @media print { :root { --soft: #fff; } main { max-width: none; padding: 0; }
      tr, h3 { break-inside: avoid; } a { color: inherit; text-decoration: none; }
      .bar, .bar span { print-color-adjust: exact; } }
    """
}
