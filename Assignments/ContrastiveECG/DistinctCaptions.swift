import TensorCore

/// Batches in which no caption comes twice (given).
///
/// In a batch with two records of one caption the loss would ask of each to be far from the other's text, which is its own.
/// So the records are gone through in a random order, and one is put aside for the next batch where its caption is in this
/// one already. What is left over at the end of an epoch, since no full batch can be made of it, is dropped.
public struct DistinctCaptions {
  let captions: [Int32]
  let batchSize: Int

  /// Prepares batches.
  ///
  /// - Parameters:
  ///   - captions: a number for the caption of each record; equal captions have equal numbers.
  ///   - batchSize: the records of a batch, 1 or more.
  public init(captions: [Int32], batchSize: Int) throws {
    guard batchSize > 0 else {
      throw TensorError("DistinctCaptions", "a batch of \(batchSize) records: it needs one")
    }
    self.captions = captions
    self.batchSize = batchSize
  }

  /// The batches of an epoch: places in `captions`, each at most once.
  public func batches(using generator: inout RandomGenerator) -> [[Int]] {
    var left = generator.permutation(captions.count)
    var batches: [[Int]] = []
    while true {
      var batch: [Int] = []
      var aside: [Int] = []
      var used: Set<Int32> = []
      for (place, record) in left.enumerated() {
        if batch.count == batchSize {
          aside += left[place...]
          break
        }
        if used.insert(captions[record]).inserted {
          batch.append(record)
        } else {
          aside.append(record)
        }
      }
      guard batch.count == batchSize else { return batches }
      batches.append(batch)
      left = aside
    }
  }
}
