import Foundation

extension ChunkStatistics {
  /// The figures as text, a line each, in the order of the course's steps.
  public var report: String {
    func fixed(_ number: Double, _ digits: Int) -> String {
      String(format: "%.\(digits)f", number)
    }
    func classes(_ counts: ClassCounts) -> String { counts.text(labels) }
    let shares = zip(recordings.shares, labels).map { "\($1.rawValue) \(fixed($0, 5))" }
    return """
      chosen (\(RhythmLabel.list(labels)), long enough): \(recordings.total)
      length in samples: \(sampleCounts)
      class shares: \(shares.joined(separator: ", "))
      spectrograms: \(recordings.total) x \(paddedWindows) x \(binCount)
      length in windows: \(windowCounts)
      mean \(fixed(mean, 6)), standard deviation \(fixed(deviation, 6))
      training recordings: \(classes(train))
      validation recordings: \(classes(validation))
      permutation: \(permutationHead.map(String.init).joined(separator: ", ")), …
      training chunks: \(classes(trainChunks)), balanced \(balancedTrainChunks)
      validation chunks: \(classes(validationChunks)), balanced \(balancedValidationChunks)
      """
  }
}
