import Foundation

extension Figure {
  /// Section 4.1: how many examples each class has, as bars of per cent with the number on top.
  ///
  /// - Parameters:
  ///   - counts: the classes in the order of the bars.
  ///   - subject: what is counted, such as `recordings`.
  /// - Throws: `PlotError.nothing` where there are no examples.
  public static func classShares(
    _ counts: [(name: String, count: Int)], of subject: String
  ) throws(PlotError) -> Figure {
    let total = counts.reduce(0) { $0 + $1.count }
    guard total > 0 else { throw .nothing(what: "there are no \(subject)") }
    let shares = counts.map { 100 * Double($0.count) / Double(total) }
    // one above the other: in one line they would reach over those of the next bar
    let labels = counts.indices.flatMap { index in
      [("\(counts[index].count)", 1.9), (String(format: "%.1f %%", shares[index]), 0.8)].map {
        "set label \(quoted($0)) at \(index),\(number(shares[index])) center offset 0,\($1)"
      }
    }
    return Figure(
      width: 800, height: 500,
      [
        "set title \(quoted("Class shares of \(total) \(subject)"))",
        block("shares", shares.enumerated().map { [Double($0), $1] }),
        "set xrange [-0.6:\(number(Double(counts.count) - 0.4))]",
        "set yrange [0:\(number(min(110, (shares.max() ?? 0) * 1.2 + 2)))]",
        "set xtics \(tics(counts.map(\.name))) scale 0",
        "set ylabel 'share / %'",
        "unset key",
        "unset grid",
        "set grid ytics linetype 1 linecolor rgb '#d0d0d0' linewidth 0.6",
      ] + labels + [
        "set boxwidth 0.6",
        "plot $shares using 1:2 with boxes fillcolor rgb '#0072b2' "
          + "fillstyle solid 0.6 border rgb '#000000'",
      ])
  }
}
