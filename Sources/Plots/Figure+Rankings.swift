import Foundation

/// Examples in the order of a query, those that fit best first.
public struct RankedExamples: Sendable {
  /// What is asked for.
  public let name: String
  /// Whether each is an answer, from the first on.
  public let isAnswer: [Bool]
  /// The figures of the ranking; nil where they are undefined.
  public let areaUnderROC, averagePrecision: Double?

  /// Describes a ranking.
  public init(
    name: String, isAnswer: [Bool], areaUnderROC: Double?, averagePrecision: Double?
  ) {
    self.name = name
    self.isAnswer = isAnswer
    self.areaUnderROC = areaUnderROC
    self.averagePrecision = averagePrecision
  }

  /// The share of answers down to each place.
  var precisions: [Double] {
    var found = 0
    return isAnswer.enumerated().map { place, isAnswer in
      if isAnswer { found += 1 }
      return Double(found) / Double(place + 1)
    }
  }
}

extension Figure {
  /// Rankings below each other: a stroke at the rank of each answer, the share of answers down to each rank as a line, whose
  /// mean at the answers is the average precision, and the share of answers among all as a dashed one, which chance
  /// would give.
  ///
  /// - Throws: `PlotError.nothing` where no ranking has an answer.
  public static func rankings(
    _ rankings: [RankedExamples], title: String
  ) throws(PlotError) -> Figure {
    let shown = rankings.filter { $0.isAnswer.contains(true) }
    guard !shown.isEmpty else { throw .nothing(what: "no example is an answer") }
    let longest = shown.map(\.isAnswer.count).max() ?? 1
    let panels = stack(shown.count, title: title, right: 0.96)
    var commands = [
      panels.command, "set xrange [0:\(longest + 1)]", "set yrange [0:1.02]", "set ytics 0.5",
      "set format y '%.1f'", "set ylabel 'precision'", "unset key", "set format x ''",
      "unset grid", "set grid ytics linetype 1 linecolor rgb '#d0d0d0' linewidth 0.6",
    ]
    for (index, ranking) in shown.enumerated() {
      let precisions = ranking.precisions
      let answers = ranking.isAnswer.indices.filter { ranking.isAnswer[$0] }
      let count = ranking.isAnswer.count
      let share = Double(answers.count) / Double(count)
      func text(_ figure: Double?) -> String {
        figure.map { String(format: "%.3f", $0) } ?? "undefined"
      }
      let isLast = index == shown.count - 1
      commands += [
        "set title "
          + quoted(
            "\(shortened(ranking.name, 60)): AUROC \(text(ranking.areaUnderROC)), average precision "
              + "\(text(ranking.averagePrecision)), \(answers.count) of \(count)")
          + " offset 0,-0.6 font ',14'",
        block("answers\(index)", answers.map { [Double($0 + 1), 0.3] }),
        block("precision\(index)", precisions.enumerated().map { [Double($0 + 1), $1] }),
        isLast
          ? "set format x '%h'\nset xlabel 'rank among the examples, the best fit first'"
          : "unset xlabel",
        "plot $answers\(index) using 1:2 with impulses linecolor rgb '#d55e00' linewidth 1.4, \\\n"
          + "\(number(share)) with lines linecolor rgb '#404040' linewidth 1 dashtype '- ', \\\n"
          + "$precision\(index) using 1:2 with lines linecolor rgb '#0072b2' linewidth 2.2",
      ]
    }
    return Figure(width: 1000, height: panels.height, commands + ["unset multiplot"])
  }
}
