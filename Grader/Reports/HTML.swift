import Assignment
import CSV

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
      default: escaped.unicodeScalars.append(visible(scalar))
      }
    }
    return escaped
  }

  /// A character, or a mark in the place of one that steers what follows: control characters, and
  /// those that turn the direction of writing.
  static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar == "\n" || scalar == "\t" { return scalar }
    let isHidden =
      scalar.value < 32 || (127...159).contains(scalar.value)
      || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      || scalar.value == 0xFFFE || scalar.value == 0xFFFF
    return isHidden ? "\u{fffd}" : scalar
  }

  /// Text in which lines may break after a slash, and not within a file's name.
  static func path(_ text: String) -> String { escape(text).replacing("/", with: "/<wbr>") }

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

  /// A whole page. Nothing in it runs, and nothing is loaded from anywhere.
  static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" \
    content="default-src 'none'; style-src 'sha256-\(Stylesheet.hash)'; base-uri 'none'; \
    form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>\(escape(title))</title>
    <style>\(Stylesheet.text)</style>
    </head>
    <body>
    <main>
    \(body)
    </main>
    </body>
    </html>

    """
  }

  /// A bar for a share of something; the numbers stand beside it.
  static func bar(_ value: Double, of maximum: Double) -> String {
    let share = maximum > 0 ? min(max(value / maximum, 0), 1) : 0
    // drawn, since styles of single elements are not allowed
    return
      "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
      + "<rect class=\"track\" width=\"100\" height=\"10\" rx=\"3\"/>"
      + "<rect class=\"fill\" width=\"\(Int((share * 100).rounded()))\" height=\"10\" rx=\"3\"/></svg>"
  }

  /// Points earned and possible.
  static func points(_ value: Double, of maximum: Double) -> String {
    "<span class=\"number\">\(CSV.points(value))&nbsp;/&nbsp;\(CSV.points(maximum))</span>"
  }

  /// A word with a sign, so that colour is not the only difference.
  static func badge(_ outcome: Outcome) -> String {
    let (kind, sign) =
      switch outcome {
      case .passed: ("good", "✓")
      case .failed, .crashed, .timedOut, .notBuilt: ("bad", "✗")
      case .notImplemented: ("idle", "○")
      case .notRun: ("idle", "–")
      }
    return "<span class=\"badge \(kind)\">\(sign)&nbsp;"
      + outcome.words.replacing(" ", with: "&nbsp;") + "</span>"
  }

  static func badge(_ status: SubmissionResult.Status) -> String {
    let kind =
      switch status {
      case .graded: "good"
      case .notBuilt, .notReadable, .noCode: "bad"
      case .judgeFailed: "warn"
      }
    return "<span class=\"badge \(kind)\">\(status.words)</span>"
  }

  /// A list of what others wrote.
  static func notes(_ notes: [String]) -> String {
    notes.isEmpty
      ? ""
      : "<ul class=\"notes\">" + notes.map { "<li>\(escape($0))</li>" }.joined() + "</ul>\n"
  }

  /// A table. Headings and cells are HTML already; a class after a heading's bar is for its column,
  /// as in `Score|number`.
  static func table(_ headings: [String], _ rows: [[String]]) -> String {
    let parts = headings.map { heading -> (String, String) in
      let halves = heading.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return (halves[0], halves.count > 1 ? " class=\"\(halves[1])\"" : "")
    }
    var html = "<div class=\"wide\"><table><thead><tr>"
    html += parts.map { "<th\($0.1)>\($0.0)</th>" }.joined() + "</tr></thead><tbody>\n"
    for row in rows {
      html += "<tr>"
      html += zip(row, parts).map { "<td\($1.1)>\($0)</td>" }.joined()
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }
}

extension SubmissionResult.Status {
  /// The status in words.
  var words: String {
    switch self {
    case .graded: "graded"
    case .notBuilt: "does not compile"
    case .judgeFailed: "not graded: our fault"
    case .notReadable: "cannot be read"
    case .noCode: "no code handed in"
    }
  }
}
