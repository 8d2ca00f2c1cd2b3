/// Whether a map points at a place.
///
/// Source of the idea: Zhang et al. 2016, Top-down Neural Attention by Excitation Backprop (the pointing game).
package struct Pointing: Sendable {
  /// Values that the map is averaged over before: 2 s of a strip. 1 for the map as it is.
  package var width = 2 * RhythmStrip.samplesPerSecond
  /// How far its largest value may be from the place: 1 s.
  package var tolerance = RhythmStrip.samplesPerSecond

  /// The usual choices.
  package init() {}

  /// Whether the map, which has a value for each of the strip's, is largest near the place.
  package func hits(_ map: [Float], _ place: Int) -> Bool {
    let mean = Self.movingMean(map, over: width)
    guard let largest = mean.max(), let found = mean.firstIndex(of: largest) else { return false }
    return abs(found - place) <= tolerance
  }

  /// The share of hits of a map that is largest anywhere.
  package func chance(length: Int) -> Double {
    Double(2 * tolerance + 1) / Double(max(length, 1))
  }

  /// The mean of `width` values around each, of an even number one more before than after; beyond the ends are
  /// zeros (NumPy's `convolve` with mode `same`).
  package static func movingMean(_ values: [Float], over width: Int) -> [Double] {
    let (before, after) = (width / 2, (width - 1) / 2)
    var sums = [0.0]
    for value in values { sums.append(sums[sums.count - 1] + Double(value)) }
    return values.indices.map { index in
      let (first, end) = (max(index - before, 0), min(index + after + 1, values.count))
      return (sums[end] - sums[first]) / Double(width)
    }
  }
}
