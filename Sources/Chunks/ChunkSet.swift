import TensorCore

/// Chunks of equal length with their classes. A chunk is a place in a shared table of windows and
/// is not copied until a batch is made.
public struct ChunkSet: Sendable {
  /// All windows, row-major [windows, binCount].
  public let frames: [Float]
  /// Frequency bins a window.
  public let binCount: Int
  /// Windows a chunk.
  public let chunkLength: Int
  /// The first window of each chunk, as a row of `frames`.
  public let starts: [Int32]
  /// The class of each chunk.
  public let labels: [Int32]

  /// A set of chunks; each must lie inside `frames`.
  public init(
    frames: [Float], binCount: Int, chunkLength: Int, starts: [Int32], labels: [Int32]
  ) {
    precondition(binCount > 0 && frames.count % binCount == 0, "frames are no [windows, bins]")
    precondition(starts.count == labels.count, "counts differ")
    let rows = frames.count / binCount
    for start in starts {
      precondition(start >= 0 && Int(start) + chunkLength <= rows, "out of frames")
    }
    self.frames = frames
    self.binCount = binCount
    self.chunkLength = chunkLength
    self.starts = starts
    self.labels = labels
  }

  /// The number of chunks.
  public var count: Int { starts.count }

  /// The numbers of one chunk, `chunkLength * binCount`.
  public var chunkSize: Int { chunkLength * binCount }

  /// The chunks at `indices` as a tensor [indices, chunkLength, binCount], and their classes.
  public func batch(_ indices: ArraySlice<Int>) -> (X: Tensor, labels: [Int32]) {
    let (size, first) = (chunkSize, indices.startIndex)
    let X = Storage(count: indices.count * size)
    frames.withUnsafeBufferPointer { frames in
      guard let source = frames.baseAddress else { return }
      inParts(indices.count, cost: size) { range in
        for place in range {
          (X.pointer + place * size).update(
            from: source + Int(starts[indices[first + place]]) * binCount, count: size)
        }
      }
    }
    return (Tensor(X, [indices.count, chunkLength, binCount]), indices.map { labels[$0] })
  }

  /// The chunks at `indices`, in that order, repeated as often as they occur there.
  public func selecting(_ indices: some Collection<Int>) -> ChunkSet {
    ChunkSet(
      frames: frames, binCount: binCount, chunkLength: chunkLength,
      starts: indices.map { starts[$0] }, labels: indices.map { labels[$0] })
  }

  /// The set with random chunks of the smaller classes repeated until all classes are as large as
  /// the largest: whole rounds first, then a remainder without replacement.
  public func balanced(_ generator: inout MersenneTwister) -> ChunkSet {
    selecting(balancedIndices(labels, &generator))
  }

  /// The same chunks on a table that holds their windows and no others, each once, in the order of
  /// the old table: what may be sent to someone who must not see the rest.
  public func compacted() -> ChunkSet {
    let rows = frames.count / binCount
    var used = [Bool](repeating: false, count: rows)
    for start in Set(starts) {
      for row in Int(start)..<(Int(start) + chunkLength) { used[row] = true }
    }
    var newRow = [Int32](repeating: 0, count: rows)
    var kept: [Float] = []
    var next: Int32 = 0
    for row in 0..<rows where used[row] {
      newRow[row] = next
      next += 1
      kept.append(contentsOf: frames[(row * binCount)..<((row + 1) * binCount)])
    }
    return ChunkSet(
      frames: kept, binCount: binCount, chunkLength: chunkLength,
      starts: starts.map { newRow[Int($0)] }, labels: labels)
  }
}
