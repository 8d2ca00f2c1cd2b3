/// Text that came from a student's code, for terminals and reports: what it says, and nothing that
/// a terminal would obey.
public enum PlainText {
  /// The text without control characters other than new lines and tabs, without marks that turn the
  /// direction of writing, and cut where it is longer than a reader would read.
  public static func cleaned(_ text: String, limit: Int = 2000) -> String {
    var clean = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < limit else {
        clean.append(contentsOf: " … (cut)".unicodeScalars)
        break
      }
      count += 1
      clean.append(isHarmless(scalar) ? scalar : "\u{fffd}")
    }
    return String(clean)
  }

  /// A few words that a student's program chose, for a sentence of the judge's: on one line, and not
  /// more than a sentence can hold.
  public static func quoted(_ text: String, limit: Int = 300) -> String {
    // more than can be shown is not looked at
    let start = String(text.unicodeScalars.prefix(4 * limit))
    let words = start.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
    return cleaned(words.isEmpty && !start.isEmpty ? "blanks" : words, limit: limit)
  }

  /// A text in which a path of the machine, as in a compiler's or a linker's words, is no more than
  /// the name at its end. A path has no spaces here, and begins where a word does.
  public static func withoutPaths(_ text: String) -> String {
    let scalars = Array(text.replacing("file://", with: "").unicodeScalars)
    var result = String.UnicodeScalarView()
    var place = 0
    while place < scalars.count {
      var end = place
      if scalars[place] == "/", place == 0 || !isOfPath(scalars[place - 1]) {
        while end < scalars.count, isOfPath(scalars[end]) { end += 1 }
        let parts = scalars[place..<end].split(separator: "/")
        // "/" alone, "//" and "/x" are no places
        if parts.count > 1, let last = parts.last, scalars[place + 1] != "/" {
          result.append(contentsOf: last)
          place = end
          continue
        }
      }
      end = max(end, place + 1)
      result.append(contentsOf: scalars[place..<end])
      place = end
    }
    return String(result)
  }

  private static func isOfPath(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || "/._-~+@%$#".unicodeScalars.contains(scalar)
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar == "\n" || scalar == "\t"
    // zero-width joiners are part of words in some scripts, and of emoji
    case .format: scalar == "\u{200c}" || scalar == "\u{200d}"
    case .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
    default: true
    }
  }
}
