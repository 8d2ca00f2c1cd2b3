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
