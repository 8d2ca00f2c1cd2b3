/// A table for a terminal.
package struct TextTable {
  /// What stands in a column: names stand to the left, numbers to the right.
  package enum Kind { case name, number }

  /// The lines.
  package let text: String

  /// Lays a table out; a line has as many cells as there are headings.
  package init(_ headings: [String], _ cells: [[String]], kinds: [Kind]) {
    let lines = [headings] + cells
    let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    text = lines.map { line in
      let padded = headings.indices.map { column in
        let gap = String(repeating: " ", count: widths[column] - line[column].count)
        return kinds[column] == .name ? line[column] + gap : gap + line[column]
      }.joined(separator: "  ")
      return String(padded.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
