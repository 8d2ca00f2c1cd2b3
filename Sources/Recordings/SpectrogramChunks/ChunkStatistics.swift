import Examples
import Signals

/// The figures that the course prints on its way to the chunks.
public struct ChunkStatistics: Sendable, Equatable {
  /// The labels that are told apart; a label's place is its class.
  public let labels: [RhythmLabel]
  /// Frequency bins a window: 17 in the course.
  public let binCount: Int
  /// The recordings chosen.
  public let recordings: ClassCounts
  /// Their lengths in samples.
  public let sampleCounts: Spread
  /// The windows of the padded length: 652 in the course.
  public let paddedWindows: Int
  /// The true lengths in windows.
  public let windowCounts: Spread
  /// What was subtracted from each bin, and what it was then divided by.
  public let binMeans: [Float]
  /// What each bin was divided by.
  public let binDeviations: [Float]
  /// Mean over all bins and windows after normalisation, padding included.
  public let mean: Double
  /// Standard deviation over all bins and windows after normalisation, padding included.
  public let deviation: Double
  /// The first eight entries of the split's permutation.
  public let permutationHead: [Int]
  /// Recordings to train on.
  public let train: ClassCounts
  /// Recordings to validate on.
  public let validation: ClassCounts
  /// Chunks to train on before balancing.
  public let trainChunks: ClassCounts
  /// Chunks to validate on before balancing.
  public let validationChunks: ClassCounts
  /// Chunks to train on after balancing.
  public let balancedTrainChunks: Int
  /// Chunks to validate on after balancing.
  public let balancedValidationChunks: Int

  init(
    labels: [RhythmLabel], chosen: [Recording], set: ExampleSet, windows: Int,
    normalisation: Normalisation,
    permutation: [Int], train: ExampleSet, validation: ExampleSet, chunks: ExampleSet,
    validationChunks: ExampleSet, balanced: Int, validationBalanced: Int
  ) {
    func classes(_ labels: [Int32]) -> ClassCounts { ClassCounts(labels, of: classCount) }
    let classCount = labels.count
    self.labels = labels
    binCount = set.inputs[0].table.rowSize
    recordings = classes(set.labels)
    sampleCounts = Spread(chosen.map(\.sampleCount))
    paddedWindows = windows
    windowCounts = Spread((0..<set.count).map(set.inputs[0].rowCount))
    binMeans = normalisation.means
    binDeviations = normalisation.deviations
    mean = normalisation.mean
    deviation = normalisation.deviation
    permutationHead = Array(permutation.prefix(8))
    self.train = classes(train.labels)
    self.validation = classes(validation.labels)
    trainChunks = classes(chunks.labels)
    self.validationChunks = classes(validationChunks.labels)
    balancedTrainChunks = balanced
    balancedValidationChunks = validationBalanced
  }
}
