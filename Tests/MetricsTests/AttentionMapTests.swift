import Metrics
import XCTest

/// Maps of attention weights, by small matrices that can be multiplied by hand.
final class AttentionMapTests: XCTestCase {
  private func require(
    _ map: AttentionMap, _ expected: [Double], line: UInt = #line
  ) {
    XCTAssertEqual(map.shares.count, expected.count, line: line)
    for (own, right) in zip(map.shares, expected) {
      XCTAssertEqual(own, right, accuracy: 1e-12, line: line)
    }
    XCTAssertEqual(map.shares.reduce(0, +), 1, accuracy: 1e-12, line: line)
  }

  func testWhatATokenReceivesIsTheMeanOverQueriesAndHeads() throws {
    // rows are queries: the first attends to itself, the second to both
    let first: [Float] = [1, 0, 0.5, 0.5]
    let second: [Float] = [0, 1, 0, 1]
    let weights = try XCTUnwrap(AttentionMap.Weights([[first, second]], tokens: 2))
    require(.received(weights, layer: 0, head: 0), [0.75, 0.25])
    require(.received(weights, layer: 0, head: 1), [0, 1])
    require(.received(weights, layer: 0), [0.375, 0.625])
    XCTAssertEqual(AttentionMap.received(weights, layer: 0).multiples, [0.75, 1.25])
    XCTAssertEqual(weights.matrix(layer: 0, head: 0), [[1, 0], [0.5, 0.5]])
    XCTAssertEqual(weights.matrix(layer: 0, head: 1), [[0, 1], [0, 1]])
  }

  /// ½ I + ½ A = (1 0; ¼ ¾), whose columns have the means 5/8 and 3/8.
  func testRolloutOfOneLayer() throws {
    let weights = try XCTUnwrap(AttentionMap.Weights([[[1, 0, 0.5, 0.5]]], tokens: 2))
    require(.rollout(weights), [0.625, 0.375])
  }

  /// R₁ = (½ ½; ½ ½) and R₂ = (1 0; ½ ½): R₂ R₁ = (½ ½; ½ ½), and R₁ R₂ = (¾ ¼; ¾ ¼).
  func testLaterLayersStandOnTheLeft() throws {
    let exchange: [Float] = [0, 1, 1, 0]
    let gather: [Float] = [1, 0, 1, 0]
    let weights = try XCTUnwrap(AttentionMap.Weights([[exchange], [gather]], tokens: 2))
    require(.rollout(weights), [0.5, 0.5])
    let other = try XCTUnwrap(AttentionMap.Weights([[gather], [exchange]], tokens: 2))
    require(.rollout(other), [0.75, 0.25])
  }

  func testWhatIsNoMatrixOfWeightsIsRefused() {
    XCTAssertNil(AttentionMap.Weights([], tokens: 2))
    XCTAssertNil(AttentionMap.Weights([[]], tokens: 2))
    XCTAssertNil(AttentionMap.Weights([[[1, 0, 0]]], tokens: 2))
    XCTAssertNil(AttentionMap.Weights([[[]]], tokens: 0))
  }
}
