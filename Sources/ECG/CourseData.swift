import Chunks
import Dispatch
import TensorCore

/// The course's data steps from recordings to balanced chunks: selection, padding, spectrograms,
/// normalisation, split, chunks, balancing.
public struct CourseData: Sendable {
  /// The choices of the course, each with the course's value.
  public struct Options: Sendable {
    /// Recordings of fewer samples are left out.
    public var minimumLength = 4000
    /// Samples to pad to; nil pads to the longest recording, which in the course has 18286.
    public var paddedLength: Int?
    /// The share of recordings to train on, rounded down to whole recordings.
    public var trainShare = 0.8
    /// The seed of the split and of the balancing.
    public var seed: UInt64 = 12345
    /// Windows a chunk.
    public var chunkLength = 40

    /// The course's choices.
    public init() {}
  }

  /// The recordings to train on, in the order of the permutation, not balanced.
  public let train: SpectrogramSet
  /// The recordings to validate on, in the order of the permutation, not balanced.
  public let validation: SpectrogramSet
  /// The chunks to train on, balanced.
  public let trainChunks: ChunkSet
  /// The chunks to validate on, balanced.
  public let validationChunks: ChunkSet
  /// The figures the course prints.
  public let statistics: CourseStatistics

  /// Prepares `recordings` as the course does.
  ///
  /// One generator from `options.seed` draws the permutation of the split, then balances the
  /// training chunks, then the validation chunks. Only whole true windows are kept in memory, not
  /// the padding, though the padding counts in the normalisation.
  ///
  /// Throws `ECGError.unusableSet` where a class would be missing in training or validation.
  public static func prepare(
    _ recordings: Recordings, options: Options = Options()
  ) throws -> CourseData {
    guard options.chunkLength > 0, (0...1).contains(options.trainShare) else {
      throw ECGError.unusableSet(
        problem: "chunks of \(options.chunkLength) windows and a training share of "
          + "\(options.trainShare) were asked for; a chunk has at least one window and a share is "
          + "between 0 and 1")
    }
    let chosen = recordings.courseSelection(
      minimumLength: max(options.minimumLength, Spectrogram.windowLength))
    let longest = chosen.map(\.samples.count).max() ?? 0
    guard let paddedLength = options.paddedLength ?? (longest > 0 ? longest : nil) else {
      throw ECGError.unusableSet(
        problem: "none is labelled N or A and has at least \(options.minimumLength) samples")
    }
    guard longest <= paddedLength else {
      throw ECGError.unusableSet(
        problem: "the longest has \(longest) samples, more than the \(paddedLength) to pad to")
    }
    let lengths = chosen.map { Spectrogram.trueWindowCount(of: $0.samples.count) }
    let (frames, normalisation) = normalisedFrames(
      chosen, lengths: lengths, windows: Spectrogram.windowCount(of: paddedLength))

    var starts: [Int32] = []
    var next = 0
    for length in lengths {
      starts.append(Int32(next))
      next += length
    }
    let whole = SpectrogramSet(
      frames: frames, binCount: Spectrogram.binCount, starts: starts,
      lengths: lengths.map { Int32($0) }, labels: chosen.compactMap(\.label.courseClass),
      names: chosen.map(\.name))

    var generator = MersenneTwister(seed: options.seed)
    let permutation = generator.permutation(whole.count)
    let (train, validation) = whole.split(
      permutation, trainCount: Int(options.trainShare * Double(whole.count)))
    let chunks = train.chunks(length: options.chunkLength)
    let otherChunks = validation.chunks(length: options.chunkLength)
    for (part, set) in [("training", chunks), ("validation", otherChunks)] {
      for (label, name) in [(Int32(0), "N"), (1, "A")] where !set.labels.contains(label) {
        throw ECGError.unusableSet(
          problem: "no \(part) chunk is labelled \(name) among \(whole.count) recordings of N and "
            + "A; take more or longer recordings")
      }
    }
    let balanced = chunks.balanced(&generator)
    let otherBalanced = otherChunks.balanced(&generator)
    return CourseData(
      train: train, validation: validation, trainChunks: balanced,
      validationChunks: otherBalanced,
      statistics: CourseStatistics(
        chosen: chosen, set: whole, windows: Spectrogram.windowCount(of: paddedLength),
        normalisation: normalisation, permutation: permutation, train: train,
        validation: validation, chunks: chunks, validationChunks: otherChunks,
        balanced: balanced.count, validationBalanced: otherBalanced.count))
  }

  /// The spectrograms of all recordings, normalised, [true windows of all, 17].
  private static func normalisedFrames(
    _ chosen: [Recording], lengths: [Int], windows: Int
  ) -> ([Float], Normalisation) {
    // A window that reaches from the samples into the padding is not zero and has to be counted
    // before it is dropped.
    let stored = chosen.map {
      min(windows, ($0.samples.count + Spectrogram.hop - 1) / Spectrogram.hop)
    }
    let offsets = stored.reduce(into: [0]) {
      $0.append(($0.last ?? 0) + $1 * Spectrogram.binCount)
    }
    let total = offsets.last ?? 0
    let spectrogram = Spectrogram()
    var normalisation: Normalisation?
    let kept = lengths.reduce(0, +) * Spectrogram.binCount
    let frames = [Float](unsafeUninitializedCapacity: total) { frames, count in
      // Threads write disjoint stretches, and a stretch does not depend on which thread writes it.
      nonisolated(unsafe) let target = frames
      let block = 64
      DispatchQueue.concurrentPerform(iterations: (chosen.count + block - 1) / block) { part in
        for index in (part * block)..<min((part + 1) * block, chosen.count) {
          let rows = UnsafeMutableBufferPointer(
            rebasing: target[offsets[index]..<offsets[index + 1]])
          spectrogram.fill(rows, with: chosen[index].samples)
        }
      }
      normalisation = Normalisation(
        UnsafeMutableBufferPointer(rebasing: frames[0..<total]), stored: stored, kept: lengths,
        windows: windows)
      count = kept
    }
    return (
      frames,
      normalisation
        ?? Normalisation(
          UnsafeMutableBufferPointer(start: nil, count: 0), stored: [], kept: [], windows: 0)
    )
  }
}
