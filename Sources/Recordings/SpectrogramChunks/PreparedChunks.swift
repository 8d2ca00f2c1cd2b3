import Examples
import Signals
import TensorCore

/// The steps from recordings to balanced chunks: selection, padding, spectrograms, normalisation, split,
/// chunks, balancing.
public struct PreparedChunks: Sendable {
  /// The recordings to train on, in the order of the permutation, not balanced.
  public let train: ExampleSet
  /// The recordings to validate on, in the order of the permutation, not balanced.
  public let validation: ExampleSet
  /// The chunks to train on, balanced.
  public let trainChunks: ExampleSet
  /// The chunks to validate on, balanced.
  public let validationChunks: ExampleSet
  /// Windows a chunk.
  public let chunkLength: Int
  /// The figures the course prints.
  public let statistics: ChunkStatistics

  /// Frequency bins a window.
  public var binCount: Int { train.inputs[0].table.rowSize }

  /// Prepares `recordings` as the course does.
  ///
  /// One generator from `options.seed` draws the permutation of the split, then balances the
  /// training chunks, then the validation chunks. Only whole true windows are kept in memory, not
  /// the padding, though the padding counts in the normalisation.
  ///
  /// Throws `RecordingError.unusableSet` where a class would be missing in training or validation.
  public static func prepare(
    _ recordings: RecordingSet, options: SpectrogramChunks.Options = .init()
  ) throws -> PreparedChunks {
    try check(options)
    let spectrogram = Spectrogram(windowLength: options.windowLength, overlap: options.overlap)
    let chosen = recordings.selection(
      labels: options.labels,
      minimumLength: max(options.minimumLength, spectrogram.windowLength))
    let longest = chosen.map(\.sampleCount).max() ?? 0
    guard let paddedLength = options.paddedLength ?? (longest > 0 ? longest : nil) else {
      throw RecordingError.unusableSet(
        problem: "none is labelled \(RhythmLabel.list(options.labels, "or")) and has at least "
          + "\(options.minimumLength) samples")
    }
    guard longest <= paddedLength else {
      throw RecordingError.unusableSet(
        problem: "the longest has \(longest) samples, more than the \(paddedLength) to pad to")
    }
    let windows = spectrogram.windowCount(of: paddedLength)
    let lengths = chosen.map { spectrogram.trueWindowCount(of: $0.sampleCount) }
    let (frames, normalisation) = spectrogram.normalised(
      chosen.map(\.samples), lengths: lengths, windows: windows)
    let classes = chosen.compactMap { options.labels.firstIndex(of: $0.label).map(Int32.init) }

    var starts: [Int] = []
    var next = 0
    for length in lengths {
      starts.append(next)
      next += length
    }
    let whole = ExampleSet(
      [
        .init(
          Table(frames, rowShape: [spectrogram.binCount]), firstRows: starts,
          extent: .stretches(lengths))
      ], targets: .classes(classes, count: options.labels.count), names: chosen.map(\.name))

    var generator = MersenneTwister(seed: options.seed)
    let permutation = generator.permutation(whole.count)
    let (train, validation) = whole.split(
      permutation, trainCount: Int(options.trainShare * Double(whole.count)))
    let chunks = train.windows(length: options.chunkLength)
    let otherChunks = validation.windows(length: options.chunkLength)
    for (part, set) in [("training", chunks), ("validation", otherChunks)] {
      for (index, label) in options.labels.enumerated()
      where !set.labels.contains(Int32(index)) {
        throw RecordingError.unusableSet(
          problem: "no \(part) chunk is labelled \(label.rawValue) among \(whole.count) recordings "
            + "of \(RhythmLabel.list(options.labels)); take more or longer recordings")
      }
    }
    let balanced = chunks.balanced(&generator)
    let otherBalanced = otherChunks.balanced(&generator)
    return PreparedChunks(
      train: train, validation: validation, trainChunks: balanced,
      validationChunks: otherBalanced, chunkLength: options.chunkLength,
      statistics: ChunkStatistics(
        labels: options.labels, chosen: chosen, set: whole, windows: windows,
        normalisation: normalisation, permutation: permutation, train: train,
        validation: validation, chunks: chunks, validationChunks: otherChunks,
        balanced: balanced.count, validationBalanced: otherBalanced.count))
  }

  /// Throws `RecordingError.unusableSet` for choices that make no sense.
  private static func check(_ options: SpectrogramChunks.Options) throws {
    guard options.chunkLength > 0, (0...1).contains(options.trainShare) else {
      throw RecordingError.unusableSet(
        problem: "chunks of \(options.chunkLength) windows and a training share of "
          + "\(options.trainShare) were asked for; a chunk has at least one window and a share is "
          + "between 0 and 1")
    }
    let lengths = Spectrogram.windowLengths
    guard lengths.contains(options.windowLength), options.windowLength % 2 == 0,
      (0..<options.windowLength).contains(options.overlap)
    else {
      throw RecordingError.unusableSet(
        problem: "windows of \(options.windowLength) samples that share \(options.overlap) were "
          + "asked for; a window has an even number of samples from \(lengths.lowerBound) to "
          + "\(lengths.upperBound) and shares fewer than it has")
    }
    guard options.labels.count >= 2, Set(options.labels).count == options.labels.count else {
      throw RecordingError.unusableSet(
        problem: "\(options.labels.map(\.rawValue)) are no labels to tell apart; give two or more, "
          + "each once")
    }
  }
}
