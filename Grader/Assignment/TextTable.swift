/// A table for a terminal.
package struct TextTable {
  /// What stands in a column: names stand to the left, numbers to the right.
  package enum Kind { case name, number }

  private let headings: [String]
  private let cells: [[String]]
  private let kinds: [Kind]

  private static let gap = "  "
  /// A column of words that is narrower is read worse than a list.
  private static let narrowest = 14

  /// Takes a table's cells; a line has as many as there are headings.
  package init(_ headings: [String], _ cells: [[String]], kinds: [Kind]) {
    self.headings = headings
    self.cells = cells
    self.kinds = kinds
  }

  /// The lines, as wide as they are.
  package var text: String { text(columns: nil) }

  /// The lines, of which none is wider than so many columns if their words allow that: words go below
  /// each other within their cell. Where that is not enough, the last cells go below their line, and at
  /// worst all of them.
  ///
  /// - Parameter columns: nil where there is no such limit.
  package func text(columns: Int?) -> String {
    let whole = headings.indices.map { column in
      ([headings] + cells).map { LineBreaks.width($0[column]) }.max() ?? 0
    }
    let columns = columns ?? .max
    for count in stride(from: headings.count, to: 1, by: -1) {
      guard let widths = shrunk(whole.prefix(count), to: columns) else { continue }
      return
        (lines(of: headings, widths)
        + cells.flatMap { lines(of: $0, widths) + below($0, from: count, columns) })
        .joined(separator: "\n")
    }
    return cells.map { list($0, columns) }.joined(separator: "\n")
  }

  /// Widths that fit: the widest columns give way. Nil where they cannot; numbers and words are not
  /// broken.
  private func shrunk(_ whole: ArraySlice<Int>, to columns: Int) -> [Int]? {
    var widths = Array(whole)
    func isTooWide() -> Bool {
      widths.reduce(0, +) + Self.gap.count * (widths.count - 1) > columns
    }
    guard isTooWide() else { return widths }
    let limits = widths.indices.map { column in
      let own = cells.map { line in
        kinds[column] == .number
          ? LineBreaks.width(line[column]) : Self.longestWord(line[column])
      }
      let narrowest = kinds[column] == .number ? 0 : Self.narrowest
      return min(
        widths[column], max(own.max() ?? 0, Self.longestWord(headings[column]), narrowest))
    }
    while isTooWide() {
      let widest = widths.indices.filter { widths[$0] > limits[$0] }.max { widths[$0] < widths[$1] }
      guard let widest else { return nil }
      widths[widest] -= 1
    }
    return widths
  }

  private static func longestWord(_ text: String) -> Int {
    text.split(separator: " ").map { LineBreaks.width($0) }.max() ?? 0
  }

  /// The lines of the first cells of a line.
  private func lines(of line: [String], _ widths: [Int]) -> [String] {
    let parts = zip(line, widths).map { cell, width in
      LineBreaks.wrapped(cell, to: width).split(separator: "\n", omittingEmptySubsequences: false)
    }
    return (0..<(parts.map(\.count).max() ?? 0)).map { row in
      let padded = parts.indices.map { column in
        let text = row < parts[column].count ? String(parts[column][row]) : ""
        let gap = String(repeating: " ", count: max(0, widths[column] - LineBreaks.width(text)))
        return kinds[column] == .name ? text + gap : gap + text
      }
      return Self.trimmed(padded.joined(separator: Self.gap))
    }
  }

  /// The cells that have a place of their own no more, with their headings.
  private func items(_ line: [String], from column: Int) -> [String] {
    zip(headings, line).dropFirst(column).compactMap { heading, cell in
      Self.trimmed(cell).isEmpty ? nil : "\(Self.trimmed(heading)): \(Self.trimmed(cell))"
    }
  }

  /// What goes below a line.
  private func below(_ line: [String], from column: Int, _ columns: Int) -> [String] {
    let items = items(line, from: column)
    guard !items.isEmpty else { return [] }
    return [LineBreaks.wrapped(Self.gap + items.joined(separator: "; "), to: columns)]
  }

  /// A line as a list of its cells.
  private func list(_ line: [String], _ columns: Int) -> String {
    items(line, from: 0).enumerated().map { place, item in
      LineBreaks.wrapped(place == 0 ? item : Self.gap + item, to: columns)
    }.joined(separator: "\n")
  }

  /// Without blanks at the end.
  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }
}
