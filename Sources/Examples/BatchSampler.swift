import TensorCore

/// The indices of a set, cut into batches. The last batch of an epoch may be smaller.
public struct BatchSampler: Sendable {
  /// The number of samples.
  public let count: Int
  /// The most samples a batch.
  public let batchSize: Int

  /// A sampler of `count` samples in batches of `batchSize`, which is at least 1.
  public init(count: Int, batchSize: Int) {
    precondition(count >= 0 && batchSize > 0, "a batch has at least one sample")
    self.count = count
    self.batchSize = batchSize
  }

  /// The batches of an epoch.
  public var batchCount: Int { (count + batchSize - 1) / batchSize }

  /// The batches in the order of the set.
  public func inOrder() -> [ArraySlice<Int>] { cut(Array(0..<count)) }

  /// The batches of one epoch in the random order `torch.randperm` would give.
  public func shuffled(by generator: inout MersenneTwister) -> [ArraySlice<Int>] {
    cut(generator.permutation(count))
  }

  private func cut(_ order: [Int]) -> [ArraySlice<Int>] {
    stride(from: 0, to: count, by: batchSize).map { order[$0..<min($0 + batchSize, count)] }
  }
}
