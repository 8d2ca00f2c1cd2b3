import Foundation

extension Figure {
  /// The figures of a search's trials in their order, with the best so far; how much each parameter decides; and below
  /// the figures by the value of each parameter. The best trial has a mark in all panels.
  ///
  /// - Throws: `PlotError.nothing` where no trial has a figure.
  public static func search(_ search: SearchPicture) throws(PlotError) -> Figure {
    guard
      let best = search.test.indices.filter({ !search.test[$0].isNaN }).max(by: {
        (search.test[$0], -$0) < (search.test[$1], -$1)
      })
    else { throw .nothing(what: "no trial has a figure") }
    let columns = min(search.parameters.count, 3)
    let rows = (search.parameters.count + 2) / 3
    let height = 520 + 300.0 * Double(rows)
    func panel(_ left: Double, _ right: Double, top: Double, bottom: Double) -> Panel {
      Panel(left: left, right: right, bottom: 1 - bottom / height, top: 1 - top / height)
    }
    let upper = (top: 95.0, bottom: 345.0)
    let importances = search.parameters.compactMap(\.importance)
    let hasBars = importances.count == search.parameters.count
    let yRange = range(search.test + search.validation)
    var commands = [
      "set multiplot title \(quoted(search.title))",
      block("trials", rowsOfTrials(search)),
      block("best", [[Double(search.trials[best]), search.test[best]]]),
      "set key at screen 0.5,\(number(1 - 478 / height)) center bottom horizontal maxrows 1 "
        + "reverse Left samplen 3",
    ]
    commands += panel(0.09, hasBars ? 0.63 : 0.97, top: upper.top, bottom: upper.bottom).commands
    commands += [
      "set title 'Trials in their order; the best has a square'",
      "set xlabel 'trial'",
      "set ylabel \(quoted(search.metric))",
      "set xrange [0:\(number(Double((search.trials.max() ?? 0) + 1)))]",
      "set yrange [\(number(yRange.low)):\(number(yRange.high))]",
      "set ytics \(number(ticStep(yRange, count: 6)))",
      "plot $trials using 1:2 title 'validation' with points pointtype 6 pointsize 0.8 "
        + "linecolor rgb '#e69f00', \\\n"
        + "$trials using 1:3 title 'test' with points pointtype 7 pointsize 0.9 "
        + "linecolor rgb '\(LineStyle.colour(0))', \\\n"
        + "$trials using 1:4 title 'best so far' with steps linecolor rgb '#404040' "
        + "linewidth 1.5, \\\n\(mark)",
      "unset key",
    ]
    if hasBars {
      commands += bars(search, in: panel(0.79, 0.97, top: upper.top, bottom: upper.bottom))
    }
    for (place, parameter) in search.parameters.enumerated() {
      let (row, column) = place.quotientAndRemainder(dividingBy: columns)
      let width = 0.88 / Double(columns)
      let left = 0.09 + width * Double(column)
      let top = 530 + 300 * Double(row)
      commands += panel(left, left + width - 0.05, top: top, bottom: top + 205).commands
      commands += values(
        parameter, of: search, best: best, yRange: yRange, hasLabel: column == 0, place: place)
    }
    return Figure(width: 1100, height: Int(height), commands + ["unset multiplot"])
  }

  /// Trial, validation, test, best test so far.
  private static func rowsOfTrials(_ search: SearchPicture) -> [[Double]] {
    var best = -Double.infinity
    return search.trials.indices.map { index in
      if search.test[index] > best { best = search.test[index] }
      return [Double(search.trials[index]), search.validation[index], search.test[index], best]
    }
  }

  /// Tics at the powers of ten, or at the bounds where there are fewer than two between them.
  private static func powers(_ low: Double, _ high: Double) -> [String] {
    let exponents = stride(
      from: (log10(low) - 1e-9).rounded(.up), through: (log10(high) + 1e-9).rounded(.down), by: 1)
    let tics = exponents.map { "'1e\(Int($0))' 1e\(Int($0))" }
    return tics.count >= 2 ? tics : [low, high].map { "'\(number($0))' \(number($0))" }
  }

  /// The square about the best trial.
  private static let mark =
    "$best using 1:2 notitle with points pointtype 4 pointsize 2 linewidth 2 "
    + "linecolor rgb '\(LineStyle.colour(1))'"

  /// How much each parameter decides, as bars to the right.
  private static func bars(_ search: SearchPicture, in panel: Panel) -> [String] {
    let shares = search.parameters.map { 100 * ($0.importance ?? 0) }
    let largest = max(shares.max() ?? 0, 1)
    return panel.commands + [
      block("shares", shares.enumerated().map { [Double($0), $1] }),
      "set title 'Importance'",
      "set xlabel 'share / %'",
      "unset ylabel",
      "set xrange [0:\(number(1.15 * largest))]",
      "set xtics \(number(ticStep((0, 1.15 * largest), count: 4)))",
      "set yrange [\(number(Double(shares.count) - 0.4)):-0.6]",
      "set ytics \(tics(search.parameters.map(\.name))) scale 0",
      "plot $shares using ($2 / 2):1:($2 / 2):(0.3) with boxxyerror fillcolor rgb '#0072b2' "
        + "fillstyle solid 0.6 border rgb '#000000'",
      "set ytics scale 1",
    ]
  }

  /// The figures by the value of a parameter.
  private static func values(
    _ parameter: SearchPicture.Parameter, of search: SearchPicture, best: Int,
    yRange: (low: Double, high: Double), hasLabel: Bool, place: Int
  ) -> [String] {
    var commands = [
      block("values\(place)", zip(parameter.values, search.test).map { [$0, $1] }),
      block("best", [[parameter.values[best], search.test[best]]]),
      "set title \(quoted(parameter.name))", "unset xlabel",
      hasLabel ? "set ylabel \(quoted("test \(search.metric)"))" : "unset ylabel",
      "set yrange [\(number(yRange.low)):\(number(yRange.high))]",
      "set ytics \(number(ticStep(yRange, count: 5)))",
      "set format y '\(hasLabel ? "%h" : "")'",
    ]
    switch parameter.axis {
    case .linear(let low, let high):
      let range = range([low, high], room: 0.03)
      commands += [
        "set xrange [\(number(range.low)):\(number(range.high))]",
        "set xtics \(number(ticStep((low, max(high, low + 1e-9)), count: 4)))",
      ]
    case .logarithmic(let low, let high):
      commands += [
        "set logscale x", "set xrange [\(number(low / 1.2)):\(number(high * 1.2))]",
        "set xtics (\(powers(low, high).joined(separator: ", ")))",
      ]
    case .words(let words):
      commands += [
        "set xrange [-0.5:\(number(Double(words.count) - 0.5))]", "set xtics \(tics(words))",
      ]
    }
    commands += [
      "plot $values\(place) using 1:2 with points pointtype 7 pointsize 0.9 "
        + "linecolor rgb '\(LineStyle.colour(0))', \\\n\(mark)"
    ]
    commands.append("set format y '%h'")
    if case .logarithmic = parameter.axis {
      commands.append("unset logscale x")
    }
    return commands
  }
}
