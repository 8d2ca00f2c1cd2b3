import TensorCore
import TestSupport
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

  /// Graphviz' grammar: a string ends at the next quote without a backslash before it, and a backslash before
  /// another is one. (A label's `\\n` and `\\N` would be more than text.)
  func testAHostileNameIsOneStringInDOT() throws {
    for name in HostileText.all {
      let graph = Tensor([1]).requiringGrad().named(name).graphInDOT()
      var rest = Substring(graph).unicodeScalars
      let start = "digraph {\n  n1 [label=\"".unicodeScalars
      XCTAssertTrue(rest.starts(with: start), name.debugDescription)
      rest = rest.dropFirst(start.count)
      var read: [Unicode.Scalar] = []
      while let scalar = rest.popFirst(), scalar != "\"" {
        if scalar == "\\" {
          let next = try XCTUnwrap(rest.popFirst(), name.debugDescription)
          XCTAssertTrue("\\\"".unicodeScalars.contains(next), name.debugDescription)
          read.append(next)
        } else {
          read.append(scalar)
        }
      }
      XCTAssertEqual(Array(rest), Array(", shape=box]\n}".unicodeScalars), name.debugDescription)
      XCTAssertEqual(
        read, "leaf \(name) [1]".unicodeScalars.map { $0.value < 0x20 ? " " : $0 },
        name.debugDescription)
    }
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
