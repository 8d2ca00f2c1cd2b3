/// Lines that end between words.
package enum LineBreaks {
  /// A text in which no line is wider than so many columns, if its words allow that. The parts of a
  /// line begin as far to the right as the line did.
  package static func wrapped(_ text: String, to columns: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { parts(of: $0, columns).joined(separator: "\n") }.joined(separator: "\n")
  }

  /// A text as one line of at most so many columns: the words that fit, and a mark where some do not.
  package static func fitting(_ text: String, to columns: Int) -> String {
    guard width(text) > columns, columns > 1 else { return text }
    let first = wrapped(text, to: columns - 1).split(separator: "\n").first ?? ""
    return first.prefix(columns - 1) + "…"
  }

  private static func parts(of line: Substring, _ columns: Int) -> [String] {
    guard columns > 0, width(line) > columns else { return [String(line)] }
    let indentation = line.prefix { $0 == " " }.prefix(columns / 2)
    var parts: [String] = []
    var current = ""
    var gap = String(indentation)
    for word in line.drop(while: { $0 == " " }).split(
      separator: " ", omittingEmptySubsequences: false)
    {
      if word.isEmpty {
        // columns of a table
        gap += " "
        continue
      }
      if current.isEmpty || width(current) + width(gap) + width(word) <= columns {
        current += gap + String(word)
      } else {
        parts.append(current)
        current = String(indentation) + word
      }
      gap = " "
    }
    return parts + [current]
  }

  /// The columns that a text takes: its characters without the codes of colours.
  static func width(_ text: some StringProtocol) -> Int {
    var isCode = false
    return text.reduce(0) { count, character in
      if character == "\u{1B}" { isCode = true }
      defer { if isCode, character.isLetter { isCode = false } }
      return isCode ? count : count + 1
    }
  }
}
