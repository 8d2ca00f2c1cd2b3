import ECG
import Foundation

extension Figure {
  /// Section 4.2: the spectrograms of some recordings as heat maps below each other, seconds ×
  /// hertz, the power in decibels of one square millivolt. Only true windows are shown, without the
  /// padding and before the normalisation.
  ///
  /// - Throws: `PlotError.nothing` where no recording fills a window.
  public static func spectrograms(_ recordings: [Recording]) throws(PlotError) -> Figure {
    let shown = recordings.filter { Spectrogram.trueWindowCount(of: $0.samples.count) > 0 }
    guard !shown.isEmpty else { throw .nothing(what: "no recording fills a window") }
    let rate = Double(Recording.samplesPerSecond)
    let spectrogram = Spectrogram()
    let powers = shown.map { recording in
      let kept = Spectrogram.trueWindowCount(of: recording.samples.count) * Spectrogram.binCount
      return spectrogram.power(of: recording.samples).prefix(kept).map(decibels)
    }
    // One scale for all, over the middle 98 %: single artefacts would wash out the rest.
    let ordered = powers.joined().sorted()
    let lowest = ordered[ordered.count / 100].rounded(.down)
    let highest = max(ordered[ordered.count - 1 - ordered.count / 100].rounded(.up), lowest + 1)
    let longest = shown.map(\.samples.count).max() ?? 0
    var commands = [
      "set multiplot layout \(shown.count),1 title 'Spectrograms, windows of "
        + "\(Spectrogram.windowLength) samples every \(Spectrogram.hop)'",
      // Light to dark with even steps of lightness, so that print in grey shows the same order.
      "set palette defined (0 '#fde945', 0.25 '#bcae6c', 0.5 '#7c7b78', 0.75 '#3f4e6b', "
        + "1 '#00204c')",
      "set xrange [0:\(number(Double(longest) / rate))]",
      "set yrange [\(number(-binWidth / 2)):\(number(rate / 2 + binWidth / 2))]",
      "set cbrange [\(number(lowest)):\(number(highest))]",
      "set ylabel 'frequency / Hz'",
      "set cblabel 'power / dB (1 mV²)'",
      "set ytics 50",
      "set lmargin 9",
      "set rmargin 14",
      "unset key",
      "unset grid",
    ]
    for (index, recording) in shown.enumerated() {
      let bins = Spectrogram.binCount
      let rows = stride(from: 0, to: powers[index].count, by: bins).map {
        Array(powers[index][$0..<($0 + bins)])
      }
      commands += [
        block("spectrogram\(index)", rows),
        "set title \(quoted(title(recording))) offset 0,-0.6",
        index == shown.count - 1 ? "set xlabel 'time / s'" : "unset xlabel",
        // A row of the matrix is a window: gnuplot's $2; a column a frequency: $1.
        "plot $spectrogram\(index) matrix using "
          + "((\(Spectrogram.hop) * $2 + \(Spectrogram.windowLength / 2)) / \(number(rate))) : "
          + "(\(number(binWidth)) * $1) : 3 with image pixels",
      ]
    }
    return Figure(width: 900, height: 80 + 210 * shown.count, commands + ["unset multiplot"])
  }

  /// The distance of two frequency bins in hertz.
  private static let binWidth =
    Double(Recording.samplesPerSecond) / Double(Spectrogram.windowLength)

  /// Power in squared units of a sample as decibels of one square millivolt; silence is −120 dB.
  private static func decibels(_ power: Float) -> Double {
    let unit = Double(Recording.unitsPerMillivolt)
    return 10 * log10(max(Double(power) / (unit * unit), 1e-12))
  }
}
