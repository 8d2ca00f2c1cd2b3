extension Figure {
  /// The probability of a class while a recording is masked, and while a masked one comes back, in the orders of
  /// several maps.
  ///
  /// - Throws: `PlotError.nothing` where there is no curve.
  public static func maskingCurves(
    _ curves: [(name: String, deletion: [Double], insertion: [Double])], title: String
  ) throws(PlotError) -> Figure {
    guard !curves.isEmpty else { throw .nothing(what: "there is no curve of masking") }
    func rows(_ values: [Double]) -> [[Double]] {
      values.enumerated().map { [Double($0) / Double(max(values.count - 1, 1)), $1] }
    }
    func plot(_ name: String) -> String {
      "plot "
        + curves.indices.map {
          "$\(name)\($0) using 1:2 title \(quoted(curves[$0].name)) \(LineStyle.linePoints($0, every: 3))"
        }.joined(separator: ", \\\n")
    }
    return Figure(
      width: 1100, height: 600,
      ["set multiplot layout 1,2 title \(quoted(title))"]
        + curves.indices.map { block("deletion\($0)", rows(curves[$0].deletion)) }
        + curves.indices.map { block("insertion\($0)", rows(curves[$0].insertion)) }
        + [
          "set xrange [0:1]", "set yrange [0:1]", "set ylabel 'probability of the class'",
          // below: inside it would hide a line
          "set bmargin 8",
          "set key at screen 0.5,0.02 center bottom maxrows 2 reverse Left samplen 3",
          "set title 'deletion: the windows where the map is highest first'",
          "set xlabel 'masked part'", plot("deletion"),
          "set title 'insertion: in the same order'", "set xlabel 'part that is back'",
          "unset key", plot("insertion"), "unset multiplot",
        ])
  }
}
