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
  /// those that turn the direction of writing or end a line unseen.
  static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar == "\n" || scalar == "\t" { return scalar }
    let isHidden =
      scalar.value < 32 || (127...159).contains(scalar.value)
      || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      || [0x061C, 0x200E, 0x200F, 0x2028, 0x2029].contains(scalar.value)
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

  /// A whole page. Nothing in it runs but the script of tables where it has one, and nothing is loaded
  /// from anywhere.
  static func page(title: String, body: String, hasTableScript: Bool = false) -> String {
    let policy = hasTableScript ? " script-src 'sha256-\(TableScript.hash)';" : ""
    let script = hasTableScript ? "<script>\(TableScript.text)</script>\n" : ""
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'sha256-\(Stylesheet.hash)';\(policy) base-uri 'none'; \
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
      \(script)</body>
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

  /// Points possible, where none are known yet.
  static func points(of maximum: Double) -> String {
    "<span class=\"number\">–&nbsp;/&nbsp;\(CSV.points(maximum))</span>"
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
    return badge(kind, sign, outcome.words)
  }

  /// A sign and a word of ours, in the colour of a kind.
  static func badge(_ kind: String, _ sign: String, _ words: String) -> String {
    "<span class=\"badge \(kind)\">\(sign)&nbsp;\(words.replacing(" ", with: "&nbsp;"))</span>"
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

  /// A table. Cells are HTML already, headings plain words; a class after a heading's bar is for its
  /// column, as in `Score|number`.
  static func table(_ headings: [String], _ rows: [[String]], id: String? = nil) -> String {
    let parts = headings.map { heading -> (title: String, kind: String) in
      let halves = heading.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return (halves[0], halves.count > 1 ? " class=\"\(halves[1])\"" : "")
    }
    // the roles are said since a narrow page shows rows as blocks, which takes them away
    var html = "<div class=\"wide\"><table\(id.map { " id=\"\($0)\"" } ?? "") role=\"table\">"
    html += "<thead role=\"rowgroup\"><tr role=\"row\">"
    for part in parts {
      html +=
        part.title.isEmpty
        ? "<td\(part.kind) role=\"cell\"></td>"
        : "<th scope=\"col\" role=\"columnheader\"\(part.kind)>\(part.title)</th>"
    }
    html += "</tr></thead><tbody role=\"rowgroup\">\n"
    for row in rows {
      html += "<tr role=\"row\">"
      for (cell, part) in zip(row, parts) {
        let label = part.title.isEmpty ? "" : " data-label=\"\(escape(part.title))\""
        html += "<td role=\"cell\"\(part.kind)\(label)>\(cell)</td>"
      }
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
