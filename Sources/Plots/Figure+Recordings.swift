import ECG

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
    let shown = recordings.filter { $0.samples.count > samples.lowerBound }
    guard !shown.isEmpty else {
      throw .nothing(what: "no recording has more than \(samples.lowerBound) samples")
    }
    let rate = Double(Recording.samplesPerSecond)
    let start = Double(samples.lowerBound) / rate
    let end = Double(samples.upperBound) / rate
    var commands = [
      "set multiplot layout \(shown.count),1 title "
        + quoted("Single-lead ECG, samples \(samples.lowerBound) to \(samples.upperBound)"),
      "set xrange [\(number(start)):\(number(end))]",
      "set ylabel 'voltage / mV'",
      "set lmargin 9",
      "set rmargin 2",
      "set xtics 1",
      "unset key",
    ]
    for (index, recording) in shown.enumerated() {
      let stretch = recording.samples[samples.clamped(to: recording.samples.indices)]
      commands += [
        block("recording\(index)", stretch.map { [Double($0)] }),
        "set title \(quoted(title(recording))) offset 0,-0.6",
        index == shown.count - 1 ? "set xlabel 'time / s'" : "unset xlabel",
        "plot $recording\(index) using (\(samples.lowerBound) + $0) / \(number(rate)) : "
          + "($1 / \(Recording.unitsPerMillivolt).0) "
          + "with lines linecolor rgb '#000000' linewidth 1",
      ]
    }
    return Figure(width: 900, height: 80 + 210 * shown.count, commands + ["unset multiplot"])
  }

  /// A recording's name and what it shows.
  static func title(_ recording: Recording) -> String {
    "\(recording.name): \(recording.label.words) (\(recording.label.rawValue))"
  }
}

extension Rhythm {
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
