import TestSupport
import XCTest

@testable import TensorCore

/// Softmax of products, its gradient and the gradients of the products, of which each matrix is only in the
/// caches, against the same with every matrix stored: the same bits, whatever the sizes.
final class ProductChainTests: XCTestCase {
  private var generator = RandomGenerator(seed: 31)

  private func leaf(_ shape: Shape) -> Tensor {
    Tensor.randn(shape, using: &generator).requiringGrad()
  }

  /// The weights and the outputs of an attention, and the gradients of queries, keys and values.
  ///
  /// - Parameter isStored: whether scores, weights and their gradients are asked for on the way.
  private func attention(
    _ inputs: [Tensor], mask: Tensor? = nil, isStored: Bool
  ) throws -> [[Float]] {
    for input in inputs { input.zeroGrad() }
    let scores = try inputs[0].matmul(inputs[1].transposed(-2, -1)) / 3
    if isStored { _ = scores.storage }
    let weights = try mask.map { try scores.softmax(mask: $0) } ?? scores.softmax()
    let outputs = try weights.matmul(inputs[2])
    let loss = try (outputs * outputs).sum()
    if isStored {
      let between = try loss.backward(through: [scores, weights])
      XCTAssertTrue(between.allSatisfy { $0 != nil })
    } else {
      try loss.backward()
    }
    return [weights.array, outputs.array] + inputs.map { $0.grad?.array ?? [] }
  }

  private func checkSameBits(
    _ name: String, _ shapes: [Shape], mask: Tensor? = nil, line: UInt = #line
  ) throws {
    let inputs = shapes.map { leaf($0) }
    let stored = try attention(inputs, mask: mask, isStored: true)
    let chained = try attention(inputs, mask: mask, isStored: false)
    for (index, (got, expected)) in zip(chained, stored).enumerated() {
      XCTAssertFalse(expected.isEmpty, "\(name): number \(index)", line: line)
      XCTAssertEqual(
        got.map(\.bitPattern), expected.map(\.bitPattern), "\(name): number \(index)", line: line)
    }
  }

  func testAttention() throws {
    try checkSameBits(
      "rows of one vector more than two", [[3, 4, 33, 8], [3, 4, 33, 8], [3, 4, 33, 8]])
    try checkSameBits(
      "as many as tokens of a heartbeat", [[2, 4, 188, 8], [2, 4, 188, 8], [2, 4, 188, 8]])
    try checkSameBits("other keys than queries", [[9, 7, 5], [9, 40, 5], [9, 40, 11]])
    try checkSameBits("one query", [[9, 1, 5], [9, 40, 5], [9, 40, 11]])
    try checkSameBits("one channel", [[9, 35, 1], [9, 35, 1], [9, 35, 1]])
    try checkSameBits("few rows, which are turned", [[9, 31, 5], [9, 31, 5], [9, 31, 5]])
  }

  func testWhereNoMatrixStaysInTheCaches() throws {
    try checkSameBits("products that are cut", [[2, 300, 64], [2, 300, 64], [2, 300, 64]])
    try checkSameBits("large matrices", [[8, 400, 4], [8, 400, 4], [8, 400, 4]])
    try checkSameBits("keys for all heads", [[3, 4, 40, 8], [3, 1, 40, 8], [3, 4, 40, 8]])
    try checkSameBits("weights for all samples", [[1, 4, 40, 8], [1, 4, 40, 8], [3, 4, 40, 8]])
  }

  func testAMask() throws {
    let shapes: [Shape] = [[3, 4, 40, 8], [3, 4, 40, 8], [3, 4, 40, 8]]
    try checkSameBits("causal", shapes, mask: Tensor.ones([40, 40]).tril())
    // of the second row nothing takes part
    var kept = [Float](repeating: 1, count: 40 * 40)
    kept.replaceSubrange(40..<80, with: [Float](repeating: 0, count: 40))
    try checkSameBits("a row of nothing", shapes, mask: try Tensor(kept, shape: [40, 40]))
  }

  /// What else is made of scores and weights arrives at them beside the chain, before the products' gradient
  /// or after it.
  func testOtherUsesOnTheWay() throws {
    let (Q, K, V) = (leaf([9, 34, 5]), leaf([9, 34, 5]), leaf([9, 34, 5]))
    func gradients(isEarly: Bool, isLate: Bool, isStored: Bool) throws -> [[UInt32]] {
      for input in [Q, K, V] { input.zeroGrad() }
      let scores = try Q.matmul(K.transposed(-2, -1)) * 0.5
      if isStored { _ = scores.storage }
      let weights = try scores.softmax()
      let early = isEarly ? weights.squared().sum() : Tensor(1)
      let outputs = try weights.matmul(V).sum()
      let late = isLate ? weights.exp().sum() : Tensor(1)
      let loss = try early + outputs + late + scores.squared().sum()
      // twice: what waits must neither be lost nor come again
      try loss.backward(retainGraph: true)
      if isStored {
        _ = try loss.backward(through: [scores, weights])
      } else {
        try loss.backward()
      }
      return [Q, K, V].map { $0.grad?.array.map(\.bitPattern) ?? [] }
    }
    for isEarly in [false, true] {
      for isLate in [false, true] {
        XCTAssertEqual(
          try gradients(isEarly: isEarly, isLate: isLate, isStored: false),
          try gradients(isEarly: isEarly, isLate: isLate, isStored: true),
          "early \(isEarly), late \(isLate)")
      }
    }
  }

  func testProductsOfProducts() throws {
    let leaves = [leaf([9, 6, 20]), leaf([9, 20, 7]), leaf([9, 7, 3])]
    func gradients(isStored: Bool) throws -> [[UInt32]] {
      for leaf in leaves { leaf.zeroGrad() }
      let first = try leaves[0].matmul(leaves[1])
      let loss = try first.matmul(leaves[2]).squared().sum()
      if isStored { _ = try loss.backward(through: [first]) } else { try loss.backward() }
      return leaves.map { $0.grad?.array.map(\.bitPattern) ?? [] }
    }
    XCTAssertEqual(try gradients(isStored: false), try gradients(isStored: true))
  }

  /// Against difference quotients.
  func testGradients() throws {
    let (Q, K, V) = (leaf([9, 3, 5]), leaf([9, 33, 5]), leaf([9, 33, 2]))
    try GradientCheck.check([Q, K, V]) {
      try (Q.matmul(K.transposed(-2, -1)) / 2).softmax().matmul(V).squared().sum()
    }
  }
}
