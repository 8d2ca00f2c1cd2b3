import Foundation
import Recordings
import Signals

extension Figure {
  /// Section 4.2: the spectrograms of some recordings as heat maps below each other, seconds ×
  /// hertz, the power in decibels of one square millivolt, before the normalisation.
  ///
  /// The windows are those that reach into the stretch of samples that `recordings(_:samples:)`
  /// shows, so that each beat is found again; of a whole recording it would be a hair's breadth.
  ///
  /// - Throws: `PlotError.nothing` where no recording has a window there.
  public static func spectrograms(
    _ recordings: [Recording], samples: Range<Int> = 3000..<5000
  ) throws(PlotError) -> Figure {
    let spectrogram = Spectrogram()
    let (hop, bins) = (spectrogram.hop, spectrogram.binCount)
    let binWidth = Double(Recording.samplesPerSecond) / Double(spectrogram.windowLength)
    let first = samples.lowerBound / hop
    func windows(_ recording: Recording) -> Range<Int> {
      let end = (samples.upperBound + hop - 1) / hop
      return first..<max(first, min(end, spectrogram.trueWindowCount(of: recording.sampleCount)))
    }
    let shown = recordings.filter { !windows($0).isEmpty }
    guard !shown.isEmpty else {
      throw .nothing(what: "no recording has a window after sample \(samples.lowerBound)")
    }
    let rate = Double(Recording.samplesPerSecond)
    let powers = shown.map { recording in
      let windows = windows(recording)
      return spectrogram.power(of: recording.samples)[
        (bins * windows.lowerBound)..<(bins * windows.upperBound)
      ].map(decibels)
    }
    // One scale for all, over the middle 98 %: single artefacts would wash out the rest.
    let ordered = powers.joined().sorted()
    let lowest = ordered[ordered.count / 100].rounded(.down)
    let highest = max(ordered[ordered.count - 1 - ordered.count / 100].rounded(.up), lowest + 1)
    let panels = stack(
      shown.count,
      title: "Spectrograms, a window of \(spectrogram.windowLength) samples every \(hop)",
      right: 0.83)
    var commands = [
      panels.command,
      // Rectangles, one each cell, leave hairlines in PNG; in SVG they need no file beside it.
      "pixels = GPVAL_TERM eq 'svg' ? 'pixels' : ''",
      // Light to dark with even steps of lightness, so that print in grey shows the same order.
      "set palette defined (0 '#fde945', 0.25 '#bcae6c', 0.5 '#7c7b78', 0.75 '#3f4e6b', "
        + "1 '#00204c')",
      "set xrange [\(number(Double(samples.lowerBound) / rate)):"
        + "\(number(Double(samples.upperBound) / rate))]",
      "set xtics 1",
      "set yrange [\(number(-binWidth / 2)):\(number(rate / 2 + binWidth / 2))]",
      "set cbrange [\(number(lowest)):\(number(highest))]",
      "set ylabel 'frequency / Hz'",
      "set cblabel 'power / dB re 1 mV²'",
      "set ytics 50",
      "set cbtics 20",
      // One scale beside all panels.
      "set colorbox user origin screen 0.87,0.1 size screen 0.025,0.8",
      "unset key",
      "unset grid",
    ]
    for (index, recording) in shown.enumerated() {
      let rows = stride(from: 0, to: powers[index].count, by: bins).map {
        Array(powers[index][$0..<($0 + bins)])
      }
      commands += [
        block("spectrogram\(index)", rows),
        "set title \(quoted(title(recording))) offset 0,-0.7",
        timeAxis(isLast: index == shown.count - 1),
        // A row of the matrix is a window: gnuplot's $2; a column a frequency: $1.
        "plot $spectrogram\(index) matrix using "
          + "((\(hop) * (\(first) + $2) + \(spectrogram.windowLength / 2)) / \(number(rate))) : "
          + "(\(number(binWidth)) * $1) : 3 with image @pixels",
        "unset colorbox",
      ]
    }
    return Figure(width: 900, height: panels.height, commands + ["unset multiplot"])
  }

  /// Power in squared units of a sample as decibels of one square millivolt; silence is −120 dB.
  private static func decibels(_ power: Float) -> Double {
    let unit = Double(Recording.unitsPerMillivolt)
    return 10 * log10(max(Double(power) / (unit * unit), 1e-12))
  }
}
