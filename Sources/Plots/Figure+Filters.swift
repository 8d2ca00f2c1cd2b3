extension Figure {
  /// The filters of a convolution as heat maps, tap × input channel (or, of one over two axes, its two axes for
  /// each input channel below each other), sixteen beside each other.
  ///
  /// - Parameters:
  ///   - shape: `[filters, channels, taps]` or `[filters, channels, rows, taps]`.
  ///   - values: row-major.
  /// - Throws: `PlotError.nothing` where there are no filters.
  public static func filters(
    shape: [Int], values: [Float], title: String
  ) throws(PlotError) -> Figure {
    guard (3...4).contains(shape.count), shape.reduce(1, *) == values.count, values.count > 0,
      let taps = shape.last
    else { throw .nothing(what: "there are no filters of a convolution") }
    let beside = min(16, shape[0])
    let bands = (shape[0] + beside - 1) / beside
    // a row of a filter is a channel, or a channel's row with an empty one after the channel's last
    let rowsOfChannel = shape.count == 4 ? shape[2] : 1
    let gap = shape.count == 4 ? 1 : 0
    let rowCount = shape[1] * (rowsOfChannel + gap) - gap
    let grid = Grid(
      rows: bands, columns: 1, rowHeight: max(110, min(260, Double(rowCount) * 9)), rowGap: 45,
      right: 110)
    let range = signedRange(values.lazy.map(Double.init))
    let axis = shape.count == 4 ? "input channel's row" : "input channel"
    var commands = [
      "set multiplot title \(quoted(title))", pixels, signedPalette, "unset key", "unset grid",
      "set ylabel \(quoted(axis))",
      "set ytics \(number(max(1, ticStep((0, Double(rowCount)))))) out",
    ]
    for band in 0..<bands {
      let first = band * beside
      let shown = first..<min(first + beside, shape[0])
      let rows = (0..<rowCount).map { row -> [Double] in
        let (channel, inner) = row.quotientAndRemainder(dividingBy: rowsOfChannel + gap)
        // as wide as the other bands, and an empty column after each filter
        return (first..<(first + beside)).flatMap { filter -> [Double] in
          guard shown.contains(filter), inner < rowsOfChannel else {
            return [Double](repeating: .nan, count: taps + 1)
          }
          let start = ((filter * shape[1] + channel) * rowsOfChannel + inner) * taps
          return values[start..<(start + taps)].map(Double.init) + [.nan]
        }.dropLast()
      }
      let tics = shown.map { filter in
        "'\(filter)' \(number(Double(filter - first) * Double(taps + 1) + Double(taps - 1) / 2))"
      }
      commands += [
        "set xtics (\(tics.joined(separator: ", "))) scale 0",
        band == bands - 1 ? "set xlabel \(quoted("filter, each of \(taps) taps"))" : "unset xlabel",
      ]
      commands += heatMap(
        "filters\(band)", rows, in: grid.panel(band, 0), range: range, hasScale: band == 0)
    }
    return Figure(
      width: Int(grid.width), height: Int(grid.height), commands + ["unset multiplot"])
  }
}
