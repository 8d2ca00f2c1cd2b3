import Foundation
import Metrics

extension Figure {
  /// Receiver operating characteristics in one square, with the area under each in the legend and
  /// the line of chance.
  ///
  /// - Parameter curves: with the network's place among those of its unit, see `LearningCurve.place`.
  /// - Throws: `PlotError.nothing` where there is no curve.
  public static func roc(
    _ curves: [(name: String, curve: ROCCurve, place: Int?)], title: String
  ) throws(PlotError) -> Figure {
    guard !curves.isEmpty else { throw .nothing(what: "there is no ROC curve") }
    let curves = curves.sorted { $0.curve.area > $1.curve.area }
    let styles = LineStyle.indices(curves.map(\.place))
    let lines = curves.enumerated().map { index, item in
      let name = "\(item.name), AUROC \(String(format: "%.3f", item.curve.area))"
      return "$roc\(index) using 1:2 title \(quoted(name)) \(LineStyle.line(styles[index]))"
    }
    return Figure(
      width: 700, height: 740 + 20 * curves.count,
      curves.enumerated().map { index, item in
        let points = zip(item.curve.falsePositiveRates, item.curve.truePositiveRates)
        return block("roc\(index)", points.map { [$0, $1] })
      } + [
        "set title \(quoted(title))",
        "set size square",
        "set xrange [0:1]",
        "set yrange [0:1]",
        "set xtics 0.2",
        "set ytics 0.2",
        "set xlabel 'false positive rate'",
        "set ylabel 'true positive rate'",
        // Below: inside it would hide a line.
        "set bmargin \(7 + curves.count)",
        "set key at screen 0.5,0.02 center bottom vertical maxcols 1 reverse Left samplen 3 spacing 1.2",
        "plot x title 'chance, AUROC 0.500' with lines linecolor rgb '#808080' linewidth 1 "
          + "dashtype '- ', \\\n" + lines.joined(separator: ", \\\n"),
      ])
  }
}
