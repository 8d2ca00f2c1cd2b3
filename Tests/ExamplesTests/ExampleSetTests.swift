import TensorCore
import XCTest

@testable import Examples

final class ExampleSetTests: XCTestCase {
  /// Five recordings of 7, 2, 4, 0 and 5 windows of 2 bins; frame row r holds r and r + 0.5.
  private let set = ExampleSet(
    [
      .init(
        Table((0..<18).flatMap { [Float($0), Float($0) + 0.5] }, rowShape: [2]),
        firstRows: [0, 7, 9, 13, 13], extent: .stretches([7, 2, 4, 0, 5]))
    ], targets: .classes([0, 1, 0, 1, 0], count: 2), names: ["a", "b", "c", "d", "e"])

  private func starts(_ set: ExampleSet) -> [Int] { set.inputs[0].firstRows }

  private func rows(_ chunks: ExampleSet, _ indices: [Int]) -> [Float] {
    chunks.batch(indices[...]).X.array
  }

  func testChunksAreConsecutiveAndDropTheRemainder() {
    let chunks = set.windows(length: 2)
    XCTAssertEqual(starts(chunks), [0, 2, 4, 7, 9, 11, 13, 15])
    XCTAssertEqual(chunks.labels, [0, 0, 0, 1, 0, 0, 0, 0])
    XCTAssertEqual(rows(chunks, [3, 0]), [7, 7.5, 8, 8.5, 0, 0.5, 1, 1.5])
    let batch = chunks.batch([3, 0])
    XCTAssertEqual(batch.X.shape, [2, 2, 2])
    XCTAssertEqual(batch.labels, [1, 0])
  }

  func testSplitFollowsThePermutationAndSharesFrames() {
    let (train, validation) = set.split([4, 1, 0, 3, 2], trainCount: 2)
    XCTAssertEqual(train.names, ["e", "b"])
    XCTAssertEqual(starts(train), [13, 7])
    XCTAssertEqual(validation.names, ["a", "d", "c"])
    XCTAssertEqual((0..<3).map(validation.inputs[0].rowCount), [7, 0, 4])
    train.inputs[0].table.values.withUnsafeBufferPointer { mine in
      set.inputs[0].table.values.withUnsafeBufferPointer {
        XCTAssertEqual(mine.baseAddress, $0.baseAddress)
      }
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
    let chunks = set.windows(length: 2).balanced(&generator)
    XCTAssertEqual(chunks.count, 14)
    XCTAssertEqual(starts(chunks).suffix(6), [7, 7, 7, 7, 7, 7])
  }

  func testRandomChunksStayInTheirRecordingsAndReachBothEnds() {
    var generator = MersenneTwister(seed: 2)
    var seen: [Set<Int>] = [[], [], []]
    for _ in 0..<200 {
      let chunks = set.randomWindows(length: 4, &generator)
      XCTAssertEqual(chunks.labels, [0, 0, 0])
      for (index, start) in starts(chunks).enumerated() { seen[index].insert(start) }
    }
    XCTAssertEqual(seen, [[0, 1, 2, 3], [9], [13, 14]])
  }

  func testBatchesCoverTheSetOnce() {
    let chunks = set.windows(length: 2)
    XCTAssertEqual(chunks.batches(of: 3).map(Array.init), [[0, 1, 2], [3, 4, 5], [6, 7]])
    var generator = MersenneTwister(seed: 0)
    let batches = BatchSampler(count: 10, batchSize: 4).shuffled(by: &generator)
    // torch.manual_seed(0); torch.randperm(10)
    XCTAssertEqual(batches.map(Array.init), [[4, 1, 7, 5], [3, 9, 0, 8], [6, 2]])
    XCTAssertEqual(BatchSampler(count: 67998, batchSize: 192).batchCount, 355)
    XCTAssertEqual(BatchSampler(count: 0, batchSize: 4).inOrder().count, 0)
  }

  func testCompactedHoldsOnlyTheChunksWindows() {
    let chunks = set.windows(length: 2).selecting([5, 1, 5, 2])
    let compact = chunks.compacted()
    XCTAssertEqual(compact.inputs[0].table.values.count, 6 * 2)
    XCTAssertEqual(rows(compact, [0, 1, 2, 3]), rows(chunks, [0, 1, 2, 3]))
    XCTAssertEqual(compact.labels, chunks.labels)
  }

  /// Windows that overlap or touch keep their places to each other; an example without rows may lie anywhere.
  func testCompactedKeepsOverlaps() {
    let table = Table((0..<40).map(Float.init), rowShape: [1])
    let set = ExampleSet(
      [.init(table, firstRows: [30, 4, 6, 9, 40, 20], extent: .stretches([5, 4, 3, 2, 0, 0]))],
      targets: .none)
    let input = set.compacted().inputs[0]
    XCTAssertEqual(input.table.values, [4, 5, 6, 7, 8, 9, 10, 30, 31, 32, 33, 34])
    XCTAssertEqual(Array(input.firstRows.prefix(4)), [7, 0, 2, 5])
    XCTAssertEqual(input.extent, .stretches([5, 4, 3, 2, 0, 0]))
    XCTAssertEqual(set.selecting([4]).compacted().inputs[0].table.rowCount, 0)
  }

  func testChangedExamplesAreChangedOnce() {
    let table = Table((0..<12).map(Float.init), rowShape: [2])
    var calls = 0
    let input = ExampleSet.Input(table, firstRows: [4, 0, 4], extent: .window(2)).changed {
      calls += 1
      return $0.map { $0 + 100 }
    }
    XCTAssertEqual(calls, 2)
    XCTAssertEqual(input.table.values, [108, 109, 110, 111, 100, 101, 102, 103])
    XCTAssertEqual(input.firstRows, [0, 2, 0])
    XCTAssertEqual(input.table.rowShape, [2])
  }

  /// Two leads of any length, one text vector each, and labels that may be several.
  private let pairs = ExampleSet(
    [
      .init(
        Table((0..<20).map(Float.init), rowShape: [2]), name: "leads", firstRows: [0, 3, 8],
        extent: .stretches([3, 5, 2])),
      .init(
        Table([1, 2, 3, 4, 5, 6], rowShape: [2]), name: "text", firstRows: [2, 1, 0], extent: .row),
    ], targets: .labelSets([1, 0, 0, 1, 1, 1], count: 2))

  func testExamplesOfDifferentLengthEndInZeros() throws {
    let batch = pairs.batch([2, 0])
    XCTAssertEqual(batch.count, 2)
    XCTAssertEqual(try batch["leads"].shape, [2, 3, 2])
    XCTAssertEqual(try batch["leads"].array, [16, 17, 18, 19, 0, 0, 0, 1, 2, 3, 4, 5])
    XCTAssertEqual(batch.lengths, ["leads": [2, 3]])
    XCTAssertEqual(try batch["text"].shape, [2, 2])
    XCTAssertEqual(try batch["text"].array, [1, 2, 5, 6])
    XCTAssertEqual(batch.targets, .labelSets([1, 1, 1, 0], count: 2))
    XCTAssertEqual(batch.labels, [])
  }

  /// What is cut into windows takes along what is not.
  func testWindowsOfOneInputKeepTheOthers() throws {
    let windows = pairs.windows(length: 2)
    XCTAssertEqual(windows.inputs.map(\.firstRows), [[0, 3, 5, 8], [2, 1, 1, 0]])
    XCTAssertEqual(windows.inputs.map(\.extent), [.window(2), .row])
    XCTAssertEqual(windows.targets, .labelSets([1, 0, 0, 1, 0, 1, 1, 1], count: 2))
    XCTAssertEqual(try windows.batch([3, 1])["leads"].array, [16, 17, 18, 19, 6, 7, 8, 9])
  }

  func testNumbersAsTargets() {
    let set = ExampleSet(
      [.init(Table([0, 1, 2], rowShape: []), firstRows: [0, 1, 2], extent: .row)],
      targets: .numbers([1, 2, 3, 4, 5, 6], width: 2))
    XCTAssertEqual(set.selecting([2, 0]).targets, .numbers([5, 6, 1, 2], width: 2))
    XCTAssertEqual(set.batch([1]).X.shape, [1])
    var generator = MersenneTwister(seed: 1)
    XCTAssertEqual(set.balanced(&generator).count, 3, "there are no classes to balance")
  }

  func testSourcesOfAnEpoch() {
    var (order, same) = (MersenneTwister(seed: 4), MersenneTwister(seed: 4))
    XCTAssertEqual(starts(EpochSource.all.examples(of: set, using: &order)), starts(set))
    XCTAssertEqual(
      starts(EpochSource.randomWindows(4).examples(of: set, using: &order)),
      starts(set.randomWindows(length: 4, &same)))
  }
}

/// How many examples are looked at together.
final class CountInMemoryTests: XCTestCase {
  func testLongExamplesAreFewer() {
    func count(_ rows: Int, _ rowSize: Int, of examples: Int = 4) -> Int {
      ExampleSet(
        [
          .init(
            Table([Float](repeating: 0, count: rows * rowSize), rowShape: [rowSize]),
            firstRows: [Int](repeating: 0, count: examples), extent: .window(rows))
        ], targets: .none
      ).countInMemory
    }
    // 2^17 = 131072 numbers, one more for each example
    XCTAssertEqual(count(1, 187), 512)
    XCTAssertEqual(count(3000, 1), 43)
    XCTAssertEqual(count(1000, 12), 10)
    XCTAssertEqual(count(1 << 17, 2), 1)
    XCTAssertEqual(count(3000, 1, of: 0), 512)
  }
}
