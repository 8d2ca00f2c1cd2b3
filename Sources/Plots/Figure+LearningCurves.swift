import Foundation

extension Figure {
  /// Section 4.8: loss and accuracy of one training, epoch by epoch, on both sets.
  ///
  /// - Throws: `PlotError.nothing` where there is no epoch.
  public static func training(_ curve: LearningCurve) throws(PlotError) -> Figure {
    guard !curve.epochs.isEmpty else { throw .nothing(what: "\(curve.name) has no epoch") }
    guard curve.groups.isEmpty else { return rankedTraining(curve) }
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
    guard curves[0].groups.isEmpty else {
      return rankedExperiment(curves, styles: styles, commands)
    }
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

  /// The groups of which a picture has room, from the first.
  private static let shownGroups = 4

  /// The loss of one training, and how well each group of queries ranks, epoch by epoch.
  private static func rankedTraining(_ curve: LearningCurve) -> Figure {
    let groups = curve.groups.prefix(shownGroups)
    let areas = range(groups.indices.flatMap(curve.figures))
    let losses = range(curve.epochs.map(\.trainLoss))
    let lines = groups.enumerated().map { index, name in
      "$training using 1:\(Column.count + 1 + index) title \(quoted(name)) "
        + LineStyle.linePoints(index, every: every(curve))
    }
    return Figure(
      width: 1100, height: 560,
      [
        "set multiplot layout 1,2 margins screen 0.09,0.98,0.28,0.82 spacing screen 0.12 "
          + "title \(quoted("Learning curves of \(curve.name)"))",
        block("training", rows(curve)),
        epochAxis(longest: curve.epochs.count, logarithmic: false),
        "set title 'Loss on the training set'", "set ylabel 'mean loss'",
        "set yrange [\(number(losses.low)):\(number(losses.high))]",
        "set ytics \(number(ticStep(losses, count: 6)))", "unset key",
        "plot $training using 1:2 " + LineStyle.linePoints(4, every: every(curve)),
        "set key at screen 0.5,0.02 center bottom horizontal maxrows 2 reverse Left samplen 4",
        "set title 'Validation examples ranked'", "set ylabel 'mean area under the ROC'",
        "set yrange [\(number(areas.low)):\(number(areas.high))]",
        "set ytics \(number(ticStep(areas, count: 6)))", "set format y '%.2f'",
        "plot " + lines.joined(separator: ", \\\n"), "unset multiplot",
      ])
  }

  /// How well the first group of queries ranks by epoch, a line for each network, and below it the training loss and the
  /// other groups.
  private static func rankedExperiment(
    _ curves: [LearningCurve], styles: [Int], _ commands: [String]
  ) -> Figure {
    let groups = curves[0].groups.prefix(shownGroups)
    func panel(
      _ column: Int, _ values: [Double], title: String, origin: String, size: String
    ) -> [String] {
      let range = range(values)
      let lines = curves.enumerated().map { index, curve in
        let name = "\(curve.name) \(String(format: "%.3f", last(curve)))"
        return "$network\(index) using 1:\(column) title \(quoted(name)) "
          + LineStyle.linePoints(styles[index], every: every(curve))
      }
      return [
        "set origin \(origin)", "set size \(size)",
        "set yrange [\(number(range.low)):\(number(range.high))]",
        "set ytics \(number(ticStep(range, count: 5)))", "set title \(quoted(title))",
        "plot " + lines.joined(separator: ", \\\n"),
      ]
    }
    var commands = commands
    commands += [
      "set key outside right center reverse Left samplen 4 spacing 1.3",
      "set ylabel 'mean area under the ROC'",
    ]
    commands += panel(
      Column.count + 1, curves.flatMap { $0.figures(of: 0) },
      title: "AUROC of \(groups[0]) (in the legend: after the last epoch)", origin: "0,0.42",
      size: "1,0.53")
    commands += ["unset key", "unset ylabel", "set tics font ',12'", "set title font ',14'"]
    let width = 1 / Double(groups.count)
    for place in groups.indices.dropFirst() {
      commands += panel(
        Column.count + 1 + place, curves.flatMap { $0.figures(of: place) },
        title: "AUROC of \(groups[place])", origin: "\(number(Double(place) * width)),0",
        size: "\(number(width)),0.42")
    }
    commands += panel(
      2, curves.flatMap { $0.epochs.map(\.trainLoss) }, title: "Training loss", origin: "0,0",
      size: "\(number(width)),0.42")
    return Figure(width: 1200, height: 850, commands + ["unset multiplot"])
  }

  /// The figures of an epoch by their place in a row of data.
  private enum Column: Int {
    case trainLoss = 2
    case trainAccuracy, validationLoss, validationAccuracy

    /// The columns of a row before those of groups.
    static let count = 5

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
      ] + $1.rankings.map(\.figure)
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
