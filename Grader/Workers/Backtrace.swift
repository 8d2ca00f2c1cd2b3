import Assignment

/// What the Swift runtime wrote when a program trapped: the reason, and the student's line.
package struct Backtrace {
  /// As in `Index out of range`, or `zeros: a tensor of the shape [-1] has a negative size`; on one line,
  /// short, and nothing that a terminal obeys.
  package let reason: String?
  /// The student's line.
  package let place: SourcePlace?

  /// Reads a worker's standard error.
  ///
  /// The text may come from the student, so it is only ever shown and decides nothing.
  package init(_ text: String, files: [String]) {
    let lines = text.split(whereSeparator: \.isNewline)
    reason =
      lines.lazy.compactMap { line in
        for mark in ["Fatal error: ", "Fatal error", "Precondition failed", "Assertion failed"] {
          if let range = line.firstRange(of: mark) {
            // a sentence of the core's, or of anyone's who can print
            let rest = line[range.upperBound...]
            let said = PlainText.quoted(String(rest))
            let gap = rest.first?.isWhitespace == true ? " " : ""
            return said.isEmpty ? mark : mark == "Fatal error: " ? said : mark + gap + said
          }
        }
        return nil
      }.first
    // frames look like `3 [ra] 0x… Layer.callAsFunction(_:) + 32 in worker at /path/Layer.swift:41:20`
    place =
      lines.lazy.compactMap { line -> SourcePlace? in
        guard let at = line.firstRange(of: " at ") else { return nil }
        let path = line[at.upperBound...]
        guard let name = path.split(separator: "/").last else { return nil }
        let parts = name.split(separator: ":")
        guard parts.count >= 2, files.contains(String(parts[0])), let number = Int(parts[1]) else {
          return nil
        }
        return SourcePlace(file: String(parts[0]), line: number)
      }.first
  }
}
