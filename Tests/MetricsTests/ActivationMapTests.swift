import Foundation
import Metrics
import XCTest

/// Class activation maps, by small numbers that can be worked out by hand.
final class ActivationMapTests: XCTestCase {
  private func require(
    _ map: ActivationMap?, _ expected: [[Double]], line: UInt = #line
  ) {
    XCTAssertEqual(map?.classes.map(\.count), expected.map(\.count), line: line)
    for (own, right) in zip(map?.classes.joined().map { $0 } ?? [], expected.joined()) {
      XCTAssertEqual(own, right, accuracy: 1e-12, line: line)
    }
  }

  private func map(_ classes: [[Double]]) throws -> ActivationMap {
    try XCTUnwrap(ActivationMap(classes))
  }

  func testWhatIsNone() {
    XCTAssertNil(ActivationMap([]))
    XCTAssertNil(ActivationMap([[]]))
    XCTAssertNil(ActivationMap([[1, 2], [1]]))
  }

  func testTheLogitIsTheMeanOfTheMap() throws {
    let map = try map([[0, 2, 4, 6], [1, 1, 1, 1], [3, 3, 3, 3]])
    XCTAssertEqual(map.logits, [3, 1, 3])
    XCTAssertEqual(map.predicted, 0, "the first of several")
    // e³ : e : e³
    let power = exp(-2.0 as Double)
    let (high, low) = (1 / (2 + power), power / (2 + power))
    for (own, right) in zip(map.probabilities, [high, low, high]) {
      XCTAssertEqual(own, right, accuracy: 1e-12)
    }
    XCTAssertEqual(
      try self.map([[1000], [999]]).probabilities[0], 1 / (1 + exp(-1.0 as Double)), accuracy: 1e-12
    )
  }

  /// Between the middles of the steps, as PyTorch's `interpolate(mode="linear", align_corners=False)`.
  func testInterpolation() throws {
    require(try map([[0, 1]]).interpolated(to: 4), [[0, 0.25, 0.75, 1]])
    require(try map([[0, 2, 4], [1, 1, 0]]).interpolated(to: 2), [[0.5, 3.5], [1, 0.25]])
    require(try map([[5]]).interpolated(to: 3), [[5, 5, 5]])
    require(try map([[1, 2, 3]]).interpolated(to: 3), [[1, 2, 3]])
  }

  func testTheMovingMean() throws {
    require(try map([[0, 3, 6, 9]]).smoothed(over: 3), [[1.5, 3, 6, 7.5]])
    require(try map([[0, 4, 8, 0]]).smoothed(over: 2), [[2, 6, 4, 0]])
    require(try map([[0, 3, 6]]).smoothed(over: 1), [[0, 3, 6]])
    require(try map([[0, 3, 6]]).smoothed(over: 99), [[3, 3, 3]])
  }

  /// What is added to all classes alike leaves the contrast as it is.
  func testContrast() throws {
    require(try map([[6, 0], [2, 2], [0, 4]]).contrasts, [[5, -3], [-1, 0], [-4, 3]])
    require(try map([[16, 10], [12, 12], [10, 14]]).contrasts, [[5, -3], [-1, 0], [-4, 3]])
    require(try map([[6, 0]]).contrasts, [[6, 0]])
  }

  func testAPart() throws {
    require(try map([[0, 1, 2, 3], [4, 5, 6, 7]]).selecting(1..<9), [[1, 2, 3], [5, 6, 7]])
    XCTAssertNil(try map([[0, 1]]).selecting(1..<1))
  }
}
