import TensorCore
import XCTest

/// The graph as a list and in Graphviz's language.
final class GraphTests: XCTestCase {
  /// tanh(x · W + b) + x · W, whose product is used twice.
  private func network() throws -> Tensor {
    let W = Tensor.ones([3, 2]).requiringGrad().named("W")
    let b = Tensor.ones([2]).requiringGrad().named("b")
    let product = Tensor.ones([4, 3]) * 2
    let scores = try product.matmul(W).reshaped([4, 2])
    return try tanh(scores * b) + scores.named("scores")
  }

  func testDescribeGraph() throws {
    XCTAssertEqual(
      try network().describeGraph(),
      """
      + [4, 2]  #7
        tanh [4, 2]  #6
          * [4, 2]  #5
            reshaped scores [4, 2]  #4
              matmul [4, 2]  #3
                leaf W [3, 2]  #1
            leaf b [2]  #2
        reshaped scores [4, 2]  #4 (see above)
      """)
    XCTAssertEqual(Tensor.ones([2]).named("X").describeGraph(), "X [2]: no graph")
    XCTAssertEqual(Tensor(1).requiringGrad().describeGraph(), "leaf []  #1")
  }

  func testGraphInDOT() throws {
    let x = Tensor([1, 2]).requiringGrad().named("the \"x\" \\")
    XCTAssertEqual(
      try (x * x).sum().graphInDOT(),
      #"""
      digraph {
        n3 [label="sum []"]
        n2 -> n3
        n2 [label="* [2]"]
        n1 -> n2
        n1 -> n2
        n1 [label="leaf the \"x\" \\ [2]", shape=box]
      }
      """#)
    XCTAssertEqual(Tensor.ones([2]).graphInDOT(), "digraph {\n}")
  }

  /// As deep as the steps of a long recurrent network: no recursion, and no indentation that grows
  /// without end.
  func testADeepGraph() throws {
    let depth = 100_000
    var x = Tensor(1).requiringGrad().named("x")
    for _ in 0..<depth { x = x + 1 }
    let lines = x.describeGraph().split(separator: "\n")
    XCTAssertEqual(lines.count, depth + 1)
    let indent = String(repeating: " ", count: 80)
    XCTAssertEqual(lines[39], "\(indent.dropLast(2))+ []  #\(depth - 38)")
    XCTAssertEqual(lines[40], "\(indent)[40] + []  #\(depth - 39)")
    XCTAssertEqual(lines.last, "\(indent)[\(depth)] leaf x []  #1")
    XCTAssertEqual(x.graphInDOT().split(separator: "\n").count, 2 * depth + 3)
  }
}
