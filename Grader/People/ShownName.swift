/// A name as it may stand in a sentence or a table: one line, no control codes, nothing that turns
/// the writing's direction, not endless.
public func shown(_ name: String) -> String {
  var text = ""
  for scalar in name.unicodeScalars.prefix(200) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      text += "\\u{" + String(scalar.value, radix: 16) + "}"
    default: text.unicodeScalars.append(scalar)
    }
  }
  return name.unicodeScalars.count > 200 ? text + "…" : text
}
