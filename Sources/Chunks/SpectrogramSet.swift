import TensorCore

/// Spectrograms of several recordings: one long table of windows, of which every recording is a
/// stretch. Subsets share the table, so splitting and balancing copy no spectrogram.
public struct SpectrogramSet: Sendable {
  /// All windows one after another, row-major [windows, binCount].
  public let frames: [Float]
  /// Frequency bins a window.
  public let binCount: Int
  /// The first window of each recording, as a row of `frames`.
  public let starts: [Int32]
  /// The number of windows of each recording.
  public let lengths: [Int32]
  /// The class of each recording.
  public let labels: [Int32]
  /// The name of each recording, or empty where names are not known.
  public let names: [String]

  /// A set of stretches of `frames`; each must lie inside it. `names` is empty or has one name for
  /// each recording.
  public init(
    frames: [Float], binCount: Int, starts: [Int32], lengths: [Int32], labels: [Int32],
    names: [String] = []
  ) {
    precondition(binCount > 0 && frames.count % binCount == 0, "frames are no [windows, bins]")
    precondition(starts.count == lengths.count && starts.count == labels.count, "counts differ")
    precondition(names.isEmpty || names.count == starts.count, "counts of names differ")
    let rows = frames.count / binCount
    for (start, length) in zip(starts, lengths) {
      precondition(start >= 0 && length >= 0 && Int(start) + Int(length) <= rows, "out of frames")
    }
    self.frames = frames
    self.binCount = binCount
    self.starts = starts
    self.lengths = lengths
    self.labels = labels
    self.names = names
  }

  /// The number of recordings.
  public var count: Int { starts.count }

  /// The recordings at `indices`, in that order, repeated as often as they occur there.
  public func selecting(_ indices: some Collection<Int>) -> SpectrogramSet {
    SpectrogramSet(
      frames: frames, binCount: binCount, starts: indices.map { starts[$0] },
      lengths: indices.map { lengths[$0] }, labels: indices.map { labels[$0] },
      names: names.isEmpty ? [] : indices.map { names[$0] })
  }

  /// The recordings at the first `trainCount` places of `permutation`, and those at the others.
  public func split(
    _ permutation: [Int], trainCount: Int
  ) -> (train: SpectrogramSet, validation: SpectrogramSet) {
    (
      selecting(permutation.prefix(trainCount)),
      selecting(permutation.dropFirst(trainCount))
    )
  }

  /// The set with random recordings of the smaller classes repeated until all classes are as large
  /// as the largest: whole rounds first, then a remainder without replacement.
  public func balanced(_ generator: inout MersenneTwister) -> SpectrogramSet {
    selecting(balancedIndices(labels, &generator))
  }

  /// Consecutive chunks of `length` windows of every recording, each with the recording's label.
  /// What is left at the end of a recording is dropped.
  public func chunks(length: Int) -> ChunkSet {
    precondition(length > 0, "a chunk has at least one window")
    var chunkStarts: [Int32] = []
    var chunkLabels: [Int32] = []
    for index in starts.indices {
      for chunk in 0..<(Int(lengths[index]) / length) {
        chunkStarts.append(starts[index] + Int32(chunk * length))
        chunkLabels.append(labels[index])
      }
    }
    return ChunkSet(
      frames: frames, binCount: binCount, chunkLength: length, starts: chunkStarts,
      labels: chunkLabels)
  }

  /// One chunk of `length` windows a recording, at a random offset: the course's augmentation.
  /// Recordings shorter than `length` are left out. Draws one number for each chunk.
  public func randomChunks(length: Int, _ generator: inout MersenneTwister) -> ChunkSet {
    precondition(length > 0, "a chunk has at least one window")
    var chunkStarts: [Int32] = []
    var chunkLabels: [Int32] = []
    for index in starts.indices where Int(lengths[index]) >= length {
      let offset = generator.nextIndex(below: Int(lengths[index]) - length + 1)
      chunkStarts.append(starts[index] + Int32(offset))
      chunkLabels.append(labels[index])
    }
    return ChunkSet(
      frames: frames, binCount: binCount, chunkLength: length, starts: chunkStarts,
      labels: chunkLabels)
  }
}
