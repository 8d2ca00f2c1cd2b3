extension Figure {
  /// The place of a panel, as shares of the picture.
  struct Panel {
    let left, right, bottom, top: Double

    /// What sets it.
    var commands: [String] {
      [
        "set lmargin at screen \(number(left))", "set rmargin at screen \(number(right))",
        "set bmargin at screen \(number(bottom))", "set tmargin at screen \(number(top))",
      ]
    }
  }

  /// Panels in rows and columns, with room for titles above and between, for the axes on the left and below,
  /// and for a legend on the right.
  struct Grid {
    let rows: Int
    let columns: Int
    let rowHeight: Double
    var width = 1000.0
    /// Points between one column and the next, one row and the next, and on the right.
    var columnGap = 45.0
    var rowGap = 30.0
    var right = 150.0

    private static let left = 112.0
    private static let top = 85.0
    private static let bottom = 92.0
    var height: Double { Self.top + Self.bottom + Double(rows) * (rowHeight + rowGap) - rowGap }

    /// The panel of a row from above and a column.
    func panel(_ row: Int, _ column: Int) -> Panel {
      let room = width - Self.left - right - Double(columns - 1) * columnGap
      let x = Self.left + Double(column) * (room / Double(columns) + columnGap)
      let y = height - Self.top - Double(row) * (rowHeight + rowGap)
      return Panel(
        left: x / width, right: (x + room / Double(columns)) / width,
        bottom: (y - rowHeight) / height, top: y / height)
    }
  }

  /// Blue below zero, white, red above, told apart by colour-blind eyes too; in grey, far from zero is dark.
  static let signedPalette =
    "set palette defined (-1 '#2166ac', -0.5 '#92c5de', 0 '#ffffff', 0.5 '#f4a582', 1 '#b2182b')"

  /// Rectangles, one each cell, leave hairlines in PNG; in SVG they need no file beside it.
  static let pixels = "pixels = GPVAL_TERM eq 'svg' ? 'pixels' : ''"

  /// A heat map in a panel; its scale is on the right of the panel if it is asked for.
  ///
  /// - Parameters:
  ///   - rows: from below, each from the left.
  ///   - range: of the colours.
  static func heatMap(
    _ block: String, _ rows: [[Double]], in panel: Panel, range: (low: Double, high: Double),
    hasScale: Bool
  ) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let height = number(panel.top - panel.bottom)
    return panel.commands + [
      Self.block(block, rows),
      "set cbrange [\(number(range.low)):\(number(range.high))]",
      "set cbtics \(number(ticStep(range)))",
      hasScale
        ? "set colorbox user origin screen \(number(panel.right + 0.012)),\(number(panel.bottom)) "
          + "size screen 0.014,\(height)" : "unset colorbox",
      "set xrange [-0.5:\(number(Double(columns) - 0.5))]",
      "set yrange [-0.5:\(number(Double(rows.count) - 0.5))]",
      "plot $\(block) matrix using 1:2:3 with image @pixels",
    ]
  }

  /// The range of a scale that has zero in its middle.
  static func signedRange(_ values: some Sequence<Double>) -> (low: Double, high: Double) {
    let largest = values.lazy.filter(\.isFinite).map(abs).max() ?? 0
    return largest > 0 ? (-largest, largest) : (-1, 1)
  }
}
