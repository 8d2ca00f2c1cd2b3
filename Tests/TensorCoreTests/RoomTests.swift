import TensorCore
import XCTest

/// Operations that throw refuse what there is no room for, also where it is not the result that is large.
final class RoomTests: XCTestCase {
  private func check(
    _ sentence: String, bytes: Int, line: UInt = #line, _ operation: () throws -> Tensor
  ) {
    TensorMemory.pretendAvailable(bytes: bytes)
    defer { TensorMemory.pretendAvailable(bytes: nil) }
    XCTAssertThrowsError(try operation(), line: line) { error in
      XCTAssertTrue("\(error)".hasPrefix(sentence), "\(error)", line: line)
    }
  }

  /// Means and slopes of variances take 16 bytes a result, distances 8, angles 24.
  func testRecordsForGradientsAreAskedFor() throws {
    let (X, column) = (Tensor.ones([10, 10]), Tensor.ones([100, 1]))
    let kept = "[10, 10]: what is kept in between takes"
    check("variance: \(kept)", bytes: 100) { try X.variance(axis: 1) }
    check("standardDeviation: \(kept)", bytes: 100) { try X.standardDeviation(axis: 1) }
    check("pairwiseDistance: [100, 1] and [100, 1]: what is kept in between takes", bytes: 500) {
      try Tensor.pairwiseDistance(column, column)
    }
    check("cosineSimilarity: [100, 1] and [100, 1]: what is kept in between takes", bytes: 2000) {
      try Tensor.cosineSimilarity(column, column)
    }
    let signal = Tensor.ones([2, 5, 10])
    check("variance: [2, 5, 10]: what is kept in between takes", bytes: 300) {
      try signal.variance(axes: [0, 2])
    }
  }

  func testResultsAsLargeAsTheOperandAreAskedFor() throws {
    let X = Tensor.ones([10, 10])
    check("rolled: [10, 10]: the result [10, 10] takes", bytes: 100) {
      try X.rolled(by: 1, axis: 0)
    }
    check("rolled: [10, 10]: the result [10, 10] takes", bytes: 100) {
      try X.rolled(byRow: Array(0..<10), axis: 1)
    }
    check("clip: [10, 10]: the result [10, 10] takes", bytes: 100) { try X.clip(minimum: 0) }
    let turned = try X.transposed(0, 1)
    check("reshaped: [10, 10]: the result [100] takes", bytes: 100) { try turned.reshaped([100]) }
  }

  func testWhatIsKeptToSortIsNotCalledTheResult() {
    let X = Tensor.ones([10, 10])
    check("topK: [10, 10]: what is kept in between takes", bytes: 400) { try X.topK(1).values }
  }

  /// A list of positions takes memory where the tensor takes none.
  func testPositionsAlongAnAxisOfAnyLength() {
    let nothing = Tensor.zeros([0, 1 << 40])
    check("flipped: [0, 1099511627776]: what is kept in between takes", bytes: 1 << 30) {
      try nothing.flipped(axes: [1])
    }
    check("slice: [0, 1099511627776]: what is kept in between takes", bytes: 1 << 30) {
      try nothing.slice(axis: 1, 0..<(1 << 40), step: 2)
    }
  }
}
