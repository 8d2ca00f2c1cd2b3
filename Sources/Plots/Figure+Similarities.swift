import Foundation

/// A group of rows of similarities.
public struct SimilarityRows: Sendable {
  /// What the rows have in common.
  public let name: String
  /// The rows from above: what each is of, and its numbers, one for each column.
  public let rows: [(name: String, values: [Double])]

  /// Names rows.
  public init(name: String, rows: [(name: String, values: [Double])]) {
    self.name = name
    self.rows = rows
  }
}

extension Figure {
  /// Cosines of what stands in the rows with what stands in the columns: blue below zero, red above, and each that is at
  /// least half the scale as hundredths in its cell, so that the sign is told in grey too. The scale has zero in its
  /// middle and ends at the largest; an empty stripe lies between groups.
  ///
  /// - Throws: `PlotError.nothing` where there is no row or no column.
  public static func similarities(
    _ groups: [SimilarityRows], columns: [String], title: String, label: String
  ) throws(PlotError) -> Figure {
    let groups = groups.filter { !$0.rows.isEmpty }
    guard !groups.isEmpty, !columns.isEmpty else {
      throw .nothing(what: "there are no texts to compare")
    }
    // from above; nil is the stripe between two groups
    var lines: [(name: String, values: [Double])?] = []
    var labels: [String] = []
    for group in groups {
      if !lines.isEmpty { lines.append(nil) }
      let middle = Double(lines.count) + Double(group.rows.count - 1) / 2
      lines += group.rows.map { $0 }
      labels.append(
        "set label \(quoted(shortened(group.name, 4 * group.rows.count + 10))) at graph 1.015, "
          + "first \(number(middle)) left font ',13'")
    }
    let values = lines.compactMap { $0?.values }.joined()
    let range = signedRange(values)
    for (row, line) in lines.enumerated() {
      for (column, value) in (line?.values ?? []).enumerated()
      where abs(value) >= range.high / 2 {
        labels.append(
          "set label \(quoted(hundredths(value))) at \(column),\(row) center front font ',9' "
            + "textcolor rgb '\(abs(value) > 0.75 * range.high ? "#ffffff" : "#000000")'")
      }
    }
    let blank = [Double](repeating: .nan, count: columns.count)
    let names = lines.enumerated().compactMap { row, line in
      line.map { "\(quoted(shortened($0.name, 34).replacing("%", with: "%%"))) \(row)" }
    }
    let (cell, rowHeight) = (34.0, 21.0)
    let (left, right, top, bottom) = (300.0, 205.0, 60.0, 270.0)
    let (width, height) = (
      left + right + cell * Double(max(columns.count, 12)),
      top + bottom + rowHeight * Double(lines.count)
    )
    let panel = Panel(
      left: left / width, right: 1 - right / width, bottom: bottom / height, top: 1 - top / height)
    return Figure(
      width: Int(width), height: Int(height),
      panel.commands + labels + [
        "set title \(quoted(title))", pixels, "unset key", "unset grid", signedPalette,
        block("cosines", lines.map { $0?.values ?? blank }),
        "set cbrange [\(number(range.low)):\(number(range.high))]",
        "set cblabel \(quoted(label)) offset 0,0.4",
        "set cbtics \(number(ticStep(range)))",
        // below the names of the columns, on the right
        "set colorbox horizontal user origin screen \(number(1 - 185 / width)),\(number(70 / height)) "
          + "size screen \(number(160 / width)),\(number(14 / height))",
        "set xrange [-0.5:\(number(Double(columns.count) - 0.5))]",
        "set yrange [\(number(Double(lines.count) - 0.5)):-0.5]",
        "set xtics \(tics(columns.map { shortened($0, 34) })) scale 0 rotate by 50 right font ',12'",
        "set ytics (\(names.joined(separator: ", "))) scale 0 font ',12'",
        "plot $cosines matrix using 1:2:3 with image @pixels",
      ])
  }

  /// A cosine in two digits, without the zero: .96, −.14.
  private static func hundredths(_ value: Double) -> String {
    let text = String(format: "%.2f", abs(value))
    return (value < 0 ? "\u{2212}" : "") + (text.hasPrefix("0") ? String(text.dropFirst()) : text)
  }
}
