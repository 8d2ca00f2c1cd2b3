import Recordings
import Signals

extension Heartbeats: DrawnKind {
  /// The classes of beats.
  public var figures: [NamedFigure<HeartbeatSet>] {
    [
      NamedFigure("beats", "five heartbeats of each class, from as many records") {
        try .heartbeats($0, count: 5)
      },
      NamedFigure("beat-forms", "the mean heartbeat of each class, and its spread") {
        try .heartbeatForms($0)
      },
      NamedFigure("beat-classes", "how many heartbeats each class has") { beats in
        try .classShares(
          HeartbeatClass.allCases.map {
            (name: $0.letter, count: beats.count(of: $0))
          }, of: "heartbeats")
      },
    ]
  }
}

extension Figure {
  /// Some heartbeats of each class above each other, seconds from the annotated peak × the scaled voltage. The
  /// zeros that fill a row are left out.
  ///
  /// - Throws: `PlotError.nothing` where there is no beat.
  public static func heartbeats(_ beats: HeartbeatSet, count: Int) throws(PlotError) -> Figure {
    let classes = HeartbeatClass.allCases.map { own in
      (own, beats.examples(of: own, count))
    }.filter { !$0.1.isEmpty }
    return try heartbeatPanels(
      title: "Heartbeats, each scaled from 0 to 1",
      classes.enumerated().map { index, of in
        let (own, examples) = of
        return HeartbeatPanel(
          title: "\(own.letter): \(own.words)",
          blocks: examples.indices.map { place in
            block("beats\(index)x\(place)", examples[place].map { [Double($0)] })
          },
          plot: examples.indices.map { place in
            "$beats\(index)x\(place) using \(seconds) : 1 with lines "
              + "linecolor rgb '\(LineStyle.colour(place))' linewidth 1.5"
          })
      })
  }

  /// The mean heartbeat of each class as a line on the band that holds the middle 80 % of its values, seconds from the
  /// annotated peak × the scaled voltage.
  ///
  /// - Throws: `PlotError.nothing` where there is no beat.
  public static func heartbeatForms(_ beats: HeartbeatSet) throws(PlotError) -> Figure {
    let classes = HeartbeatClass.allCases.filter { beats.count(of: $0) > 0 }
    return try heartbeatPanels(
      title: "The mean heartbeat of each class, and the middle 80 % of its values",
      classes.enumerated().map { index, own in
        HeartbeatPanel(
          title: "\(own.letter): \(own.words), \(beats.count(of: own)) beats",
          blocks: [
            block(
              "form\(index)",
              beats.spread(of: own).map { [Double($0.mean), Double($0.low), Double($0.high)] })
          ],
          plot: [
            "$form\(index) using \(seconds) : 2 : 3 with filledcurves fillcolor rgb '#9ecae1'",
            "$form\(index) using \(seconds) : 1 with lines linecolor rgb '#000000' linewidth 2",
          ])
      })
  }

  /// The heartbeats of a class: what is plotted, of which blocks.
  private struct HeartbeatPanel {
    let title: String
    let blocks: [String]
    let plot: [String]
  }

  /// The time of a block's line.
  private static let seconds = "($0 / \(number(HeartbeatSet.valuesPerSecond)))"

  /// Panels of heartbeats above each other, with common axes.
  private static func heartbeatPanels(
    title: String, _ shown: [HeartbeatPanel]
  ) throws(PlotError) -> Figure {
    guard !shown.isEmpty else { throw .nothing(what: "there is no heartbeat") }
    let panels = stack(shown.count, title: title, right: 0.98)
    let end = Double(HeartbeatSet.width) / HeartbeatSet.valuesPerSecond
    var commands = [
      panels.command, "set xrange [0:\(number(end))]", "set yrange [-0.05:1.05]",
      "set ylabel 'scaled voltage'", "set ytics 0.5", "set xtics 0.2", "unset key",
    ]
    for (index, panel) in shown.enumerated() {
      commands += panel.blocks
      commands += [
        "set title \(quoted(panel.title)) offset 0,-0.7",
        timeAxis(isLast: index == shown.count - 1),
        "plot " + panel.plot.joined(separator: ", "),
      ]
    }
    return Figure(width: 900, height: panels.height, commands + ["unset multiplot"])
  }
}

extension HeartbeatClass {
  /// The class in words.
  public var words: String {
    switch self {
    case .normal: "normal"
    case .supraventricular: "supraventricular"
    case .ventricular: "ventricular"
    case .fusion: "fusion of normal and ventricular"
    case .unknown: "paced or not classifiable"
    }
  }
}
