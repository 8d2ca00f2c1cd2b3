import Dispatch

extension Spectrogram {
  /// The spectrograms of all recordings, normalised, [true windows of all, bins].
  ///
  /// - Parameters:
  ///   - samples: of each recording.
  ///   - lengths: the windows of each that are kept.
  ///   - windows: those of the padded length, for which each recording stands in the normalisation.
  package func normalised(
    _ samples: [[Int16]], lengths: [Int], windows: Int
  ) -> ([Float], Normalisation) {
    // A window that reaches from the samples into the padding is not zero and has to be counted
    // before it is dropped.
    let stored = samples.map { min(windows, ($0.count + hop - 1) / hop) }
    let offsets = stored.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1 * binCount) }
    let total = offsets.last ?? 0
    var normalisation: Normalisation?
    let kept = lengths.reduce(0, +) * binCount
    let frames = [Float](unsafeUninitializedCapacity: total) { frames, count in
      // Threads write disjoint stretches, and a stretch does not depend on which thread writes it.
      nonisolated(unsafe) let target = frames
      let block = 64
      DispatchQueue.concurrentPerform(iterations: (samples.count + block - 1) / block) { part in
        for index in (part * block)..<min((part + 1) * block, samples.count) {
          let rows = UnsafeMutableBufferPointer(
            rebasing: target[offsets[index]..<offsets[index + 1]])
          fill(rows, with: samples[index])
        }
      }
      normalisation = Normalisation(
        UnsafeMutableBufferPointer(rebasing: frames[0..<total]), binCount: binCount,
        stored: stored, kept: lengths, windows: windows)
      count = kept
    }
    return (
      frames, normalisation ?? Normalisation(means: [], deviations: [], mean: 0, deviation: 0)
    )
  }
}
