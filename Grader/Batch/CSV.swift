import Judge

/// The table that instructors upload (RFC 4180).
enum CSV {
  static func grades(_ results: [SubmissionResult]) -> String {
    var rows = [["submission", "members", "score", "max_score", "status"]]
    for result in results {
      rows.append([
        result.submission, result.members.joined(separator: ";"), points(result.finalScore),
        points(result.maxScore), result.status.rawValue,
      ])
    }
    return rows.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A field, quoted where needed.
  ///
  /// A student chooses the submission's name. Spreadsheets run a cell that begins with one of these
  /// characters as a formula, so an apostrophe goes in front.
  static func field(_ text: String) -> String {
    var text = text
    if let first = text.unicodeScalars.first, "=+-@\t\r\n|%".unicodeScalars.contains(first) {
      text = "'" + text
    }
    let needsQuotes = text.unicodeScalars.contains { "\",\r\n;".unicodeScalars.contains($0) }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  /// Points without needless decimals: 2, 0.5, 3.25.
  static func points(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }
}
