import Recordings

extension Figure {
  /// Section 4.1: a stretch of some recordings below each other, seconds × millivolts.
  ///
  /// A recording's samples are divided by 1000: the gain that PhysioNet's header files (`.hea`)
  /// give with each record of the Challenge 2017, in units per millivolt.
  ///
  /// - Parameter samples: the stretch; recordings that end before it are cut off there.
  /// - Throws: `PlotError.nothing` where no recording reaches into the stretch.
  public static func recordings(
    _ recordings: [Recording], samples: Range<Int> = 3000..<5000
  ) throws(PlotError) -> Figure {
    let shown = recordings.filter { $0.sampleCount > samples.lowerBound }
    guard !shown.isEmpty else {
      throw .nothing(what: "no recording has more than \(samples.lowerBound) samples")
    }
    let rate = Double(Recording.samplesPerSecond)
    let start = Double(samples.lowerBound) / rate
    let end = Double(samples.upperBound) / rate
    let panels = stack(
      shown.count,
      title: "Single-lead ECG, samples \(samples.lowerBound) to \(samples.upperBound)", right: 0.98)
    var commands = [
      panels.command,
      "set xrange [\(number(start)):\(number(end))]",
      "set ylabel 'voltage / mV'",
      "set xtics 1",
      "unset key",
    ]
    let stretches = shown.map { $0.samples[samples.clamped(to: $0.samples.indices)] }
    let ranges = stretches.map { stretch in
      range(stretch.map { Double($0) / Double(Recording.unitsPerMillivolt) })
    }
    commands.append("set format y '\(format(ofSteps: ranges.map { ticStep($0) }))'")
    for (index, recording) in shown.enumerated() {
      let (stretch, range) = (stretches[index], ranges[index])
      commands += [
        "set yrange [\(number(range.low)):\(number(range.high))]",
        "set ytics \(number(ticStep(range)))",
        block("recording\(index)", stretch.map { [Double($0)] }),
        "set title \(quoted(title(recording))) offset 0,-0.7",
        timeAxis(isLast: index == shown.count - 1),
        "plot $recording\(index) using ((\(samples.lowerBound) + $0) / \(number(rate))) : "
          + "($1 / \(Recording.unitsPerMillivolt).0) "
          + "with lines linecolor rgb '#000000' linewidth 1",
      ]
    }
    return Figure(width: 900, height: panels.height, commands + ["unset multiplot"])
  }

  /// Only the last of the panels below each other has numbers at its axis of time.
  static func timeAxis(isLast: Bool) -> String {
    isLast ? "set format x '%g'\nset xlabel 'time / s'" : "set format x ''"
  }

  /// A recording's name and what it shows.
  static func title(_ recording: Recording) -> String {
    "\(recording.name): \(recording.label.words) (\(recording.label.rawValue))"
  }
}

extension RhythmLabel {
  /// The finding in words.
  public var words: String {
    switch self {
    case .normal: "normal sinus rhythm"
    case .fibrillation: "atrial fibrillation"
    case .other: "other rhythm"
    case .noisy: "too noisy"
    }
  }
}
