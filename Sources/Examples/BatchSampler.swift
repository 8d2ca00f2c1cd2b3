import TensorCore

/// The indices of a set, cut into batches. The last batch of an epoch may be smaller.
public struct BatchSampler: Sendable {
  /// The number of samples.
  public let count: Int
  /// The most samples a batch.
  public let batchSize: Int

  /// A sampler of `count` samples in batches of `batchSize`, which is at least 1.
  public init(count: Int, batchSize: Int) {
    guard count >= 0, batchSize > 0 else {
      stop(
        "BatchSampler",
        "\(count) samples in batches of \(batchSize): a batch has at least one sample, a set at least none")
    }
    self.count = count
    self.batchSize = batchSize
  }

  /// The batches of an epoch.
  public var batchCount: Int { count / batchSize + (count % batchSize > 0 ? 1 : 0) }

  /// The batches in the order of the set.
  public func inOrder() -> [ArraySlice<Int>] { cut(Array(0..<count)) }

  /// The batches of one epoch in the random order `torch.randperm` would give.
  public func shuffled(by generator: inout MersenneTwister) -> [ArraySlice<Int>] {
    cut(generator.permutation(count))
  }

  private func cut(_ order: [Int]) -> [ArraySlice<Int>] {
    (0..<batchCount).map { order[($0 * batchSize)...].prefix(batchSize) }
  }
}
