import Foundation

extension CourseStatistics {
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
      "\(counts.total) (\(counts.normal) N + \(counts.fibrillation) A)"
    }
    let total = Double(max(recordings.total, 1))
    return """
      chosen (N and A, long enough): \(recordings.total)
      length in samples: \(spread(sampleCounts))
      class shares: N \(fixed(Double(recordings.normal) / total, 5)), \
      A \(fixed(Double(recordings.fibrillation) / total, 5))
      spectrograms: \(recordings.total) x \(paddedWindows) x \(Spectrogram.binCount)
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
