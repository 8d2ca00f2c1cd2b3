import TensorCore
import XCTest

@testable import Chunks

final class ChunksTests: XCTestCase {
  /// Five recordings of 7, 2, 4, 0 and 5 windows of 2 bins; frame row r holds r and r + 0.5.
  private let set = SpectrogramSet(
    frames: (0..<18).flatMap { [Float($0), Float($0) + 0.5] }, binCount: 2,
    starts: [0, 7, 9, 13, 13], lengths: [7, 2, 4, 0, 5], labels: [0, 1, 0, 1, 0],
    names: ["a", "b", "c", "d", "e"])

  private func rows(_ chunks: ChunkSet, _ indices: [Int]) -> [Float] {
    chunks.batch(indices[...]).X.array
  }

  func testChunksAreConsecutiveAndDropTheRemainder() {
    let chunks = set.chunks(length: 2)
    XCTAssertEqual(chunks.starts, [0, 2, 4, 7, 9, 11, 13, 15])
    XCTAssertEqual(chunks.labels, [0, 0, 0, 1, 0, 0, 0, 0])
    XCTAssertEqual(rows(chunks, [3, 0]), [7, 7.5, 8, 8.5, 0, 0.5, 1, 1.5])
    let batch = chunks.batch([3, 0])
    XCTAssertEqual(batch.X.shape, [2, 2, 2])
    XCTAssertEqual(batch.labels, [1, 0])
  }

  func testSplitFollowsThePermutationAndSharesFrames() {
    let (train, validation) = set.split([4, 1, 0, 3, 2], trainCount: 2)
    XCTAssertEqual(train.names, ["e", "b"])
    XCTAssertEqual(train.starts, [13, 7])
    XCTAssertEqual(validation.names, ["a", "d", "c"])
    XCTAssertEqual(validation.lengths, [7, 0, 4])
    train.frames.withUnsafeBufferPointer { mine in
      set.frames.withUnsafeBufferPointer { XCTAssertEqual(mine.baseAddress, $0.baseAddress) }
    }
  }

  func testBalancingTakesWholeRoundsAndThenARemainderWithoutReplacement() {
    var generator = MersenneTwister(seed: 1)
    let labels = [Int32](repeating: 0, count: 11) + [1, 1, 1] + [2]
    let indices = balancedIndices(labels, &generator)
    XCTAssertEqual(indices.count, 33)
    XCTAssertEqual(Array(indices.prefix(15)), Array(0..<15))
    // Class 1 lacks 8: two rounds of three and two of the three once more.
    XCTAssertEqual(Array(indices[15..<21]), [11, 12, 13, 11, 12, 13])
    XCTAssertEqual(Set(indices[21..<23]).count, 2)
    XCTAssertTrue(indices[21..<23].allSatisfy { (11...13).contains($0) })
    XCTAssertEqual(Array(indices[23...]), Array(repeating: 14, count: 10))
    var same = MersenneTwister(seed: 1)
    XCTAssertEqual(balancedIndices(labels, &same), indices)
    XCTAssertEqual(balancedIndices([], &generator), [])
  }

  func testBalancedSets() {
    var generator = MersenneTwister(seed: 1)
    XCTAssertEqual(set.balanced(&generator).labels.sorted(), [0, 0, 0, 1, 1, 1])
    let chunks = set.chunks(length: 2).balanced(&generator)
    XCTAssertEqual(chunks.count, 14)
    XCTAssertEqual(chunks.starts.suffix(6), [7, 7, 7, 7, 7, 7])
  }

  func testRandomChunksStayInTheirRecordingsAndReachBothEnds() {
    var generator = MersenneTwister(seed: 2)
    var seen: [Set<Int32>] = [[], [], []]
    for _ in 0..<200 {
      let chunks = set.randomChunks(length: 4, &generator)
      XCTAssertEqual(chunks.labels, [0, 0, 0])
      for (index, start) in chunks.starts.enumerated() { seen[index].insert(start) }
    }
    XCTAssertEqual(seen, [[0, 1, 2, 3], [9], [13, 14]])
  }

  func testBatchesCoverTheSetOnce() {
    let chunks = set.chunks(length: 2)
    XCTAssertEqual(chunks.batches(of: 3).map(Array.init), [[0, 1, 2], [3, 4, 5], [6, 7]])
    var generator = MersenneTwister(seed: 0)
    let batches = BatchSampler(count: 10, batchSize: 4).shuffled(by: &generator)
    // torch.manual_seed(0); torch.randperm(10)
    XCTAssertEqual(batches.map(Array.init), [[4, 1, 7, 5], [3, 9, 0, 8], [6, 2]])
    XCTAssertEqual(BatchSampler(count: 67998, batchSize: 192).batchCount, 355)
    XCTAssertEqual(BatchSampler(count: 0, batchSize: 4).inOrder().count, 0)
  }

  func testCompactedHoldsOnlyTheChunksWindows() {
    let chunks = set.chunks(length: 2).selecting([5, 1, 5, 2])
    let compact = chunks.compacted()
    XCTAssertEqual(compact.frames.count, 6 * 2)
    XCTAssertEqual(rows(compact, [0, 1, 2, 3]), rows(chunks, [0, 1, 2, 3]))
    XCTAssertEqual(compact.labels, chunks.labels)
  }
}
