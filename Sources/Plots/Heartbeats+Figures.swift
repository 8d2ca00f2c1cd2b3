import Recordings
import Signals

extension Heartbeats: DrawnKind {
  /// The classes of beats.
  public var figures: [NamedFigure<HeartbeatSet>] {
    [
      NamedFigure("beats", "five heartbeats of each class, from as many records") {
        try .heartbeats($0, count: 5)
      },
      NamedFigure("beat-classes", "how many heartbeats each class has") { beats in
        try .classShares(
          HeartbeatClass.allCases.map {
            (name: "\($0.words) (\($0.letter))", count: beats.count(of: $0))
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
    guard !classes.isEmpty else { throw .nothing(what: "there is no heartbeat") }
    let rate = HeartbeatSet.valuesPerSecond
    let panels = stack(
      classes.count, title: "Heartbeats, each scaled from 0 to 1", right: 0.98)
    let end = Double(HeartbeatSet.width) / rate
    var commands = [
      panels.command, "set xrange [0:\(number(end))]", "set yrange [-0.05:1.05]",
      "set ylabel 'scaled voltage'", "set ytics 0.5", "set xtics 0.2", "unset key",
    ]
    for (index, (own, examples)) in classes.enumerated() {
      let blocks = examples.indices.map { place in
        block("beats\(index)x\(place)", examples[place].map { [Double($0)] })
      }
      commands += blocks
      commands += [
        "set title \(quoted("\(own.letter): \(own.words)")) offset 0,-0.7",
        timeAxis(isLast: index == classes.count - 1),
        "plot "
          + examples.indices.map { place in
            "$beats\(index)x\(place) using ($0 / \(number(rate))) : 1 with lines "
              + "linecolor rgb '\(LineStyle.colour(place))' linewidth 1.5"
          }.joined(separator: ", "),
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
