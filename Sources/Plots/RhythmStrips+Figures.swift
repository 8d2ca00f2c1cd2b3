import Recordings
import Signals

extension RhythmStrips: DrawnKind {
  /// Strips as networks read them.
  public var figures: [NamedFigure<RecordingSet>] {
    [
      NamedFigure("strips", "two recordings of each rhythm as networks read them, 30 s each") {
        recordings in
        try .strips(
          Self.labels.flatMap { label in recordings.filter { $0.label == label }.prefix(2) })
      },
      NamedFigure("rhythms", "how many recordings each rhythm has") { recordings in
        try .classShares(
          Self.labels.map { label in
            (
              name: "\(label.words) (\(label.rawValue))",
              count: recordings.count { $0.label == label }
            )
          }, of: "recordings")
      },
    ]
  }
}

extension Figure {
  /// Recordings as strips below each other, seconds × standard deviations of the recording. The zeros around a short
  /// one are left out.
  ///
  /// - Throws: `PlotError.nothing` where there is none.
  public static func strips(
    _ recordings: [Recording], length: Int = 3000
  ) throws(PlotError) -> Figure {
    guard !recordings.isEmpty else { throw .nothing(what: "there is no recording") }
    let rate = Double(RhythmStrip.samplesPerSecond)
    let panels = stack(
      recordings.count, title: "Rhythm strips, each centred, scaled and upright", right: 0.98)
    var commands = [
      panels.command, "set xrange [0:\(number(Double(length) / rate))]",
      "set ylabel 'deviations'", "set xtics 5", "set mxtics 5", "unset key",
    ]
    for (index, recording) in recordings.enumerated() {
      let strip = RhythmStrip(recording.samples, length: length)
      let inside = strip.trueRange
      let values = strip.values[inside].map(Double.init)
      let range = range(values)
      commands += [
        "set yrange [\(number(range.low)):\(number(range.high))]",
        "set ytics \(number(ticStep(range)))",
        block("strip\(index)", values.map { [$0] }),
        "set title \(quoted(title(recording) + (strip.isTurned ? ", turned" : ""))) offset 0,-0.7",
        timeAxis(isLast: index == recordings.count - 1),
        "plot $strip\(index) using ((\(inside.lowerBound) + $0) / \(number(rate))) : 1 with lines "
          + "linecolor rgb '#000000' linewidth 0.7",
      ]
    }
    return Figure(width: 900, height: panels.height, commands + ["unset multiplot"])
  }
}
