import Foundation

extension ChunkStatistics {
  /// The figures as text, a line each, in the order of the course's steps.
  public var report: String {
    func fixed(_ number: Double, _ digits: Int) -> String {
      String(format: "%.\(digits)f", number)
    }
    func spread(_ values: Spread) -> String {
      let whole = values.median == values.median.rounded()
      return "min \(values.minimum), median \(fixed(values.median, whole ? 0 : 1)), "
        + "max \(values.maximum)"
    }
    func classes(_ counts: ClassCounts) -> String {
      let parts = zip(counts.counts, labels).map { "\($0) \($1.rawValue)" }
      return "\(counts.total) (\(parts.joined(separator: " + ")))"
    }
    let total = Double(max(recordings.total, 1))
    let shares = zip(recordings.counts, labels).map {
      "\($1.rawValue) \(fixed(Double($0) / total, 5))"
    }
    return """
      chosen (\(RhythmLabel.list(labels)), long enough): \(recordings.total)
      length in samples: \(spread(sampleCounts))
      class shares: \(shares.joined(separator: ", "))
      spectrograms: \(recordings.total) x \(paddedWindows) x \(binCount)
      length in windows: \(spread(windowCounts))
      mean \(fixed(mean, 6)), standard deviation \(fixed(deviation, 6))
      training recordings: \(classes(train))
      validation recordings: \(classes(validation))
      permutation: \(permutationHead.map(String.init).joined(separator: ", ")), …
      training chunks: \(classes(trainChunks)), balanced \(balancedTrainChunks)
      validation chunks: \(classes(validationChunks)), balanced \(balancedValidationChunks)
      """
  }
}
