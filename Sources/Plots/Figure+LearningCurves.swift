import Foundation

extension Figure {
  /// Section 4.8: loss and accuracy of one training, epoch by epoch, on both sets.
  ///
  /// - Throws: `PlotError.nothing` where there is no epoch.
  public static func training(_ curve: LearningCurve) throws(PlotError) -> Figure {
    guard !curve.epochs.isEmpty else { throw .nothing(what: "\(curve.name) has no epoch") }
    let panels: [(String, String, Column, Column, format: String)] = [
      ("Loss", "mean loss", .trainLoss, .validationLoss, "%g"),
      ("Accuracy", "right predictions", .trainAccuracy, .validationAccuracy, "%.2f"),
    ]
    var commands = [
      "set multiplot layout 1,2 margins screen 0.11,0.98,0.24,0.8 spacing screen 0.12 "
        + "title \(quoted("Learning curves of \(curve.name)"))",
      block("training", rows(curve)),
      epochAxis(longest: curve.epochs.count, logarithmic: false),
      // One legend, where no curve runs through it.
      "set key at screen 0.5,0.04 center bottom horizontal maxrows 1 reverse Left samplen 4",
    ]
    let style = curve.place ?? 0
    for (title, unit, train, validation, format) in panels {
      let range = range([train, validation].flatMap { $0.values(curve) })
      commands += [
        "set title \(quoted(title))",
        "set ylabel \(quoted(unit))",
        "set yrange [\(number(range.low)):\(number(range.high))]",
        "set format y '\(format)'",
        "set ytics \(number(ticStep(range, count: 6)))",
        "plot $training using 1:\(train.rawValue) title 'training' "
          + "\(LineStyle.linePoints(style == 1 ? 0 : 1, every: every(curve))), \\\n"
          + "$training using 1:\(validation.rawValue) title 'validation' "
          + LineStyle.linePoints(style, every: every(curve)),
        "unset key",
      ]
    }
    return Figure(width: 1100, height: 520, commands + ["unset multiplot"])
  }

  /// Sections 4.10 and 4.12: the validation accuracy of all networks by epoch, a line each, and
  /// below it the losses on both sets.
  ///
  /// Where the networks are trained for different numbers of epochs, the axis of the epochs is
  /// logarithmic: the first epochs, in which most is learnt, keep their room.
  ///
  /// - Throws: `PlotError.nothing` where there is no epoch.
  public static func experiment(
    _ curves: [LearningCurve], title: String
  ) throws(PlotError) -> Figure {
    // Best first, as the eye meets them from the top.
    let curves = curves.filter { !$0.epochs.isEmpty }.sorted { last($0) > last($1) }
    let styles = LineStyle.indices(curves.map(\.place))
    let lengths = curves.map(\.epochs.count)
    guard let longest = lengths.max(), let shortest = lengths.min() else {
      throw .nothing(what: "no network has an epoch")
    }
    let isLogarithmic = longest >= 3 * shortest
    var commands = ["set multiplot title \(quoted(title))"]
    commands += curves.enumerated().map { block("network\($0)", rows($1)) }
    commands.append(epochAxis(longest: longest, logarithmic: isLogarithmic))
    func panel(_ column: Column, origin: String, size: String, label: String) -> [String] {
      let range = range(curves.flatMap(column.values))
      let lines = curves.enumerated().map { index, curve in
        let name = "\(curve.name) \(String(format: "%.3f", last(curve)))"
        return "$network\(index) using 1:\(column.rawValue) title \(quoted(name)) "
          + LineStyle.linePoints(styles[index], every: every(curve))
      }
      return [
        "set origin \(origin)",
        "set size \(size)",
        "set yrange [\(number(range.low)):\(number(range.high))]",
        "set ytics \(number(ticStep(range, count: 6)))",
        "set title \(quoted(label))",
        "plot " + lines.joined(separator: ", \\\n"),
      ]
    }
    commands.append("set key outside right center reverse Left samplen 4 spacing 1.3")
    commands.append("set ylabel 'share of right predictions'")
    commands += panel(
      .validationAccuracy, origin: "0,0.42", size: "1,0.53",
      label: "Validation accuracy (in the legend: after the last epoch)")
    commands.append("unset key")
    commands.append("set ylabel 'mean loss'")
    commands += panel(.trainLoss, origin: "0,0", size: "0.5,0.42", label: "Training loss")
    commands += panel(.validationLoss, origin: "0.5,0", size: "0.5,0.42", label: "Validation loss")
    return Figure(width: 1100, height: 850, commands + ["unset multiplot"])
  }

  /// The figures of an epoch by their place in a row of data.
  private enum Column: Int {
    case trainLoss = 2
    case trainAccuracy, validationLoss, validationAccuracy

    func values(_ curve: LearningCurve) -> [Double] {
      curve.epochs.map {
        switch self {
        case .trainLoss: $0.trainLoss
        case .trainAccuracy: $0.trainAccuracy
        case .validationLoss: $0.validationLoss
        case .validationAccuracy: $0.validationAccuracy
        }
      }
    }
  }

  private static func rows(_ curve: LearningCurve) -> [[Double]] {
    curve.epochs.enumerated().map {
      [
        Double($0 + 1), $1.trainLoss, $1.trainAccuracy, $1.validationLoss, $1.validationAccuracy,
      ]
    }
  }

  /// The last epoch's validation accuracy, for order.
  private static func last(_ curve: LearningCurve) -> Double {
    let accuracy = curve.epochs.last?.validationAccuracy ?? .nan
    return accuracy.isFinite ? accuracy : 0
  }

  /// A point in how many epochs: at each of a few, some ten on a longer line.
  private static func every(_ curve: LearningCurve) -> Int {
    curve.epochs.count <= 25 ? 1 : curve.epochs.count / 10
  }

  private static func epochAxis(longest: Int, logarithmic: Bool) -> String {
    guard logarithmic else {
      // Whole epochs only, at most some ten of them.
      let room = max(0.2, Double(longest) / 40)
      let step = [1, 2, 5, 10, 20, 50, 100, 200, 500].first { longest / $0 <= 10 } ?? 1000
      return """
        set xlabel 'epoch'
        set xrange [\(number(1 - room)):\(number(Double(longest) + room))]
        set xtics \(step),\(step)
        """
    }
    return """
      set xlabel 'epoch (logarithmic)'
      set logscale x
      set xrange [0.95:\(number(1.06 * Double(longest)))]
      set xtics (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
      """
  }
}
