import Foundation

extension Figure {
  /// A confusion matrix: a cell for each true and each predicted class, with the number of examples
  /// and its share of the true class; the darker, the larger the share.
  ///
  /// - Parameters:
  ///   - counts: row: the true class; column: the predicted one. As many as there are classes.
  ///   - title: what was classified, by what.
  /// - Throws: `PlotError.nothing` where there are no examples.
  public static func confusionMatrix(
    _ counts: [[Int]], classes: [String], title: String
  ) throws(PlotError) -> Figure {
    let size = classes.count
    guard size > 0, counts.count == size, counts.allSatisfy({ $0.count == size }),
      counts.joined().contains(where: { $0 > 0 })
    else { throw .nothing(what: "the confusion matrix is empty") }
    let shares = counts.map { row in
      let total = row.reduce(0, +)
      return row.map { total > 0 ? 100 * Double($0) / Double(total) : 0 }
    }
    let labels = (0..<size * size).map { place in
      let (row, column) = place.quotientAndRemainder(dividingBy: size)
      let share = shares[row][column]
      // none and all need no tenths, and all of them has no room for any
      let digits = share == 0 || share == 100 ? 0 : 1
      let text = "\(counts[row][column]) (\(String(format: "%.\(digits)f", share)) %)"
      // White on the dark cells.
      return "set label \(quoted(text)) at \(column),\(row) center front "
        + "textcolor rgb '\(share > 55 ? "#ffffff" : "#000000")'"
    }
    let edge = number(Double(size) - 0.5)
    return Figure(
      width: 260 + 190 * max(size, 2), height: 180 + 130 * max(size, 2),
      [
        block("shares", shares),
        "set lmargin screen 0.15",
        "set bmargin 4.5",
        "set title \(quoted(title))",
        "set palette defined (0 '#ffffff', 1 '#08306b')",
        "set cbrange [0:100]",
        "set cblabel 'share of the true class / %' offset 1.5,0",
        "set rmargin screen 0.76",
        "set xrange [-0.5:\(edge)]",
        // The first class on top, as in a table.
        "set yrange [\(edge):-0.5]",
        "set xtics \(tics(classes)) scale 0",
        "set ytics \(tics(classes)) scale 0",
        "set xlabel 'predicted class'",
        "set ylabel 'true class'",
        "unset key",
        "unset grid",
      ] + labels + ["plot $shares matrix with image pixels"])
  }
}
