/// A recording as networks of rhythm strips read it: 100 samples a second, centred, scaled, upright, limited, and
/// all of one length.
///
/// Computed in double precision and rounded once. Source of the steps: the unit's own, after Goodfellow et al. 2018
/// (Towards understanding ECG rhythm classification using convolutional neural networks and attention mappings),
/// who filter more and turn recordings by their median beat.
package struct RhythmStrip: Sendable, Equatable {
  /// Samples a second: a third of the recording's.
  package static let samplesPerSecond = RecordingDevice.samplesPerSecond / step
  /// Samples of the recording that make one of the strip.
  package static let step = 3
  /// No value is farther from 0, in standard deviations of the recording.
  package static let limit = 8.0

  /// The values, `length` of them.
  package let values: [Float]
  /// Where the recording is; what lies outside is zeros.
  package let trueRange: Range<Int>
  /// Whether the recording is upside down in it.
  package let isTurned: Bool

  /// Makes a strip of a recording.
  ///
  /// - Parameters:
  ///   - samples: at 300 Hz, in any unit.
  ///   - length: values of the strip. Of a longer recording it has the beginning; a shorter one gets zeros at both
  ///     ends, the odd one at the end.
  package init(_ samples: [Int16], length: Int) {
    let whole = Self.scaled(Self.thirds(of: samples))
    isTurned = Self.isUpsideDown(whole)
    let sign = isTurned ? -1.0 : 1
    let count = min(whole.count, length)
    let first = (length - count) / 2
    var values = [Float](repeating: 0, count: length)
    for index in 0..<count {
      values[first + index] = Float(min(max(sign * whole[index], -Self.limit), Self.limit))
    }
    self.values = values
    trueRange = first..<(first + count)
  }

  /// The means of every three samples; what is left at the end is dropped.
  private static func thirds(of samples: [Int16]) -> [Double] {
    (0..<(samples.count / step)).map { index in
      var sum = 0
      for sample in samples[(index * step)..<((index + 1) * step)] { sum += Int(sample) }
      return Double(sum) / Double(step)
    }
  }

  /// Minus the mean, divided by the standard deviation of all values; zeros where all are alike.
  private static func scaled(_ values: [Double]) -> [Double] {
    guard !values.isEmpty else { return [] }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let deviation =
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    // the mean of equal values may differ from them by a rounding
    return values.map { deviation > 1e-9 ? ($0 - mean) / deviation : 0 }
  }

  /// Whether the largest deflections are downwards, as the third moment says.
  private static func isUpsideDown(_ values: [Double]) -> Bool {
    values.reduce(0) { $0 + $1 * $1 * $1 } < 0
  }

  /// Whether all of a strip's values are the recording's: of what is scaled none is exactly 0.
  package static func isWhole(_ values: [Float]) -> Bool {
    values.first ?? 0 != 0 && values.last ?? 0 != 0
  }
}
