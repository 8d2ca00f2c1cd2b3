import TensorCore
import TestSupport
import XCTest

/// A tensor that holds its channels last gives what the usual order gives. The usual order's
/// convolution, which the grid compares with PyTorch, serves numbers of channels that are no
/// multiple of 16; so an output channel more or less decides which one computes.
final class ChannelsLastTests: XCTestCase {
  private var generator = RandomGenerator(seed: 11)

  private func random(_ shape: Shape) -> Tensor {
    Tensor.randn(shape, using: &generator).requiringGrad()
  }

  /// Sums of up to some hundred terms.
  private let tolerance = Tolerance(absolute: 2e-5, relative: 2e-5)

  private func assertEqual(
    _ got: Tensor?, _ expected: Tensor?, _ name: String, line: UInt = #line
  ) throws {
    let (got, expected) = (try XCTUnwrap(got, name), try XCTUnwrap(expected, name))
    XCTAssertEqual(got.shape, expected.shape, name, line: line)
    XCTAssertNil(difference(got.array, expected.array, name, tolerance), line: line)
  }

  func testConvolutionAgreesWithTheUsualOrder() throws {
    for (n, c, l, o, k) in [
      (1, 16, 1, 16, 1), (1, 16, 3, 16, 3), (2, 32, 19, 64, 3), (13, 16, 8, 48, 5),
      (50, 64, 8, 128, 3), (97, 16, 4, 16, 4), (3, 32, 7, 112, 2), (0, 16, 5, 16, 2),
    ] {
      let name = "\(n) × \(c) × \(l), \(o) out, kernel \(k)"
      let (x, w, b) = (random([n, c, l]), random([o, c, k]), random([o]))
      let y = try x.conv1d(w, bias: b)
      // one channel more: its weights are zero, and so is its upstream gradient
      let other = x.detached().requiringGrad()
      let wide = try Tensor.concatenate([w.detached(), .zeros([1, c, k])]).requiringGrad()
      let wideBias = try Tensor.concatenate([b.detached(), .zeros([1])]).requiringGrad()
      let expected = try other.conv1d(wide, bias: wideBias)
      try assertEqual(y, try expected.slice(axis: 1, 0..<o), name + ": y")

      let g = random(y.shape).detached()
      try y.backward(gradient: g)
      try expected.backward(
        gradient: .concatenate([g, .zeros([n, 1, y.shape[2]])], axis: 1))
      try assertEqual(x.grad, other.grad, name + ": x")
      try assertEqual(w.grad, try wide.grad?.slice(axis: 0, 0..<o), name + ": w")
      try assertEqual(b.grad, try wideBias.grad?.slice(axis: 0, 0..<o), name + ": b")
    }
  }

  /// The layers of a network, from a transposed input to a flattened output, against the same with
  /// every intermediate result put into the usual order.
  func testAChainOfLayers() throws {
    let (X, w1, w2) = (random([5, 12, 16]), random([32, 16, 3]), random([16, 32, 2]))
    func network(_ step: (Tensor) throws -> Tensor) throws -> Tensor {
      var x = try step(X.transposed(1, 2))
      x = try step(step(step(x.conv1d(w1)).relu()).averagePool1d(kernelSize: 2))
      x = try step(step(step(x.conv1d(w2)).tanh()).averagePool1d(kernelSize: 2, stride: 1))
      return try step(x.adaptiveAveragePool1d(outputLength: 2)).flattened()
    }
    let y = try network { $0 }
    let g = random(y.shape).detached()
    try y.backward(gradient: g)
    let gradients = [X, w1, w2].map(\.grad)
    for leaf in [X, w1, w2] { leaf.zeroGrad() }
    let expected = try network { $0.moved }
    try expected.backward(gradient: g)
    try assertEqual(y, expected, "y")
    for (leaf, gradient) in zip([X, w1, w2], gradients) {
      try assertEqual(gradient, leaf.grad, "gradient \(leaf.shape)")
    }
  }

  /// Operations that know only the usual order, before and after each other.
  func testOtherOperationsSeeTheUsualOrder() throws {
    let x = try Tensor((0..<6).map(Float.init), shape: [1, 2, 3]).requiringGrad()
    let t = try x.transposed(1, 2)
    XCTAssertEqual(t.shape, [1, 3, 2])
    XCTAssertEqual(t.array, [0, 3, 1, 4, 2, 5])
    XCTAssertEqual(try x.transposed(1, 2).transposed(-1, -2).array, x.array)
    XCTAssertEqual(try x.transposed(1, 2).relu().transposed(1, 2).array, x.array)
    XCTAssertEqual(try x.transposed(1, 2).maxPool1d(kernelSize: 2).array, [3, 4, 5])

    // d/dx Σ w · xᵀ is wᵀ, whichever way it comes back
    let w = try Tensor([1, 2, 3, 4, 5, 6], shape: [1, 3, 2])
    try (x.transposed(1, 2).relu() * w).sum().backward()
    XCTAssertEqual(x.grad?.array, [0, 3, 5, 2, 4, 6], "relu'(0) is 0")
    x.zeroGrad()
    try x.transposed(1, 2).backward(gradient: w)
    XCTAssertEqual(x.grad?.array, [1, 3, 5, 2, 4, 6])
    x.zeroGrad()
    let both = try x.transposed(1, 2)
    try (both.abs() + both * w).sum().backward()
    XCTAssertEqual(x.grad?.array, [1, 4, 6, 3, 5, 7], "|x|' is 0 at 0, else 1")
  }

  /// The weight is the input: its elements are wanted in both orders.
  func testATensorConvolvedWithItself() throws {
    let x = random([16, 3, 16])
    let t = try x.transposed(1, 2)
    let y = try t.conv1d(t)
    let g = random(y.shape).detached()
    try y.backward(gradient: g)
    let other = x.detached().requiringGrad()
    let (a, b) = (try other.permuted([0, 2, 1]).moved, try other.permuted([0, 2, 1]).moved)
    let expected = try a.conv1d(b)
    try expected.backward(gradient: g)
    try assertEqual(y, expected, "y")
    try assertEqual(x.grad, other.grad, "x")
  }

  /// A leaf made of a transposed tensor keeps its gradient in the order it is read in.
  func testALeafOfATransposedTensor() throws {
    let x = try Tensor((1...6).map(Float.init), shape: [1, 2, 3]).transposed(1, 2).requiringGrad()
    let w = try Tensor([1, 2, 3, 4, 5, 6], shape: [1, 3, 2])
    try (x.relu() * w).sum().backward()
    XCTAssertEqual(x.grad?.array, w.array)
    XCTAssertEqual(x.grad?.shape, [1, 3, 2])
  }
}
