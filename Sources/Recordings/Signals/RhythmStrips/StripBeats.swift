import Foundation

/// The heartbeats of a strip, and premature ones put between them: evidence for another rhythm whose place is known.
package struct StripBeats {
  /// The strip, upright.
  package let values: [Float]
  /// The samples of the R waves: the largest values within a quarter of a second on either side that are above half
  /// the 90th percentile of such.
  package let peaks: [Int]

  /// Finds the beats of a strip.
  package init(_ values: [Float]) {
    self.values = values
    let highest = Self.highest(of: values, within: RhythmStrip.samplesPerSecond / 4)
    let candidates = values.indices.filter { values[$0] > 0 && values[$0] == highest[$0] }
    let threshold = 0.5 * Self.percentile(candidates.map { values[$0] }, 0.9)
    peaks = candidates.filter { Double(values[$0]) > threshold }
  }

  /// The largest value within so many samples before and after each. The places in `window` are those that may yet be
  /// the largest, so that each comes and goes once.
  private static func highest(of values: [Float], within reach: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(values.count)
    var window: [Int] = []
    var (first, next) = (0, 0)
    for index in values.indices {
      while next < values.count, next <= index + reach {
        while window.count > first, let last = window.last, values[last] <= values[next] {
          window.removeLast()
        }
        window.append(next)
        next += 1
      }
      while window[first] < index - reach { first += 1 }
      result.append(values[window[first]])
    }
    return result
  }

  /// With a line between neighbours, as NumPy's `percentile`; 0 of nothing.
  private static func percentile(_ values: [Float], _ share: Double) -> Double {
    guard let last = values.indices.last else { return 0 }
    let sorted = values.sorted().map(Double.init)
    let place = share * Double(last)
    let below = Int(place)
    let above = min(below + 1, last)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }

  private var gaps: [Int] { zip(peaks, peaks.dropFirst()).map { $1 - $0 } }

  /// Whether the beats come regularly, 50 to 109 a minute: at least 12, the longest gap at most 1.35 of the shortest,
  /// the median gap 0.55 to 1.2 s.
  package var areRegular: Bool {
    let sorted = gaps.sorted()
    guard peaks.count >= 12, let shortest = sorted.first, let longest = sorted.last else {
      return false
    }
    let middle = Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    let rate = Double(RhythmStrip.samplesPerSecond)
    return Double(longest) <= 1.35 * Double(shortest) && (0.55 * rate...1.2 * rate).contains(middle)
  }

  /// The beats, by their place in `peaks`, that a premature one may follow: between 6 and 23 s, where beats are regular;
  /// else none.
  package var beatsToFollow: [Int] {
    guard areRegular else { return [] }
    let rate = RhythmStrip.samplesPerSecond
    return (1..<(peaks.count - 3)).filter { (6 * rate...23 * rate).contains(peaks[$0]) }
  }

  /// The strip with a premature beat from the ventricles.
  ///
  /// The next beat is taken out (a straight line from 0.35 of the gap before its peak to 0.5 after it). 0.6 of the gap
  /// after `beat` comes, h being the median peak, 1.2 h exp(-(t / 0.04 s)² / 2) - 0.4 h exp(-((t - 0.24 s) / 0.07 s)² / 2):
  /// a broad wave and a T wave against it. The beat after that stays where it was, as the sinus node is not disturbed.
  ///
  /// - Parameter beat: one of `beatsToFollow`.
  /// - Returns: the values, and the sample of the premature beat; nil for another beat.
  package func withPrematureBeat(after beat: Int) -> (values: [Float], place: Int)? {
    guard beatsToFollow.contains(beat) else { return nil }
    let gap = peaks[beat + 1] - peaks[beat]
    let first = peaks[beat + 1] - Int(0.35 * Double(gap))
    let end = peaks[beat + 1] + Int(0.5 * Double(gap))
    let place = peaks[beat] + Int((0.6 * Double(gap)).rounded())
    var changed = values.map(Double.init)
    // from the first to the value behind the stretch, as NumPy's linspace has both
    let step = Double(values[end] - values[first]) / Double(max(end - first - 1, 1))
    for index in first..<end {
      changed[index] = Double(values[first]) + Double(index - first) * step
    }
    let height = Self.percentile(peaks.map { values[$0] }, 0.5)
    for index in changed.indices {
      let time = Double(index - place) / Double(RhythmStrip.samplesPerSecond)
      func wave(at center: Double, width: Double) -> Double {
        let distance = (time - center) / width
        return exp(-0.5 * distance * distance)
      }
      changed[index] +=
        height * (1.2 * wave(at: 0, width: 0.04) - 0.4 * wave(at: 0.24, width: 0.07))
    }
    let limit = RhythmStrip.limit
    return (changed.map { Float(min(max($0, -limit), limit)) }, place)
  }
}
