import TensorCore
import TestSupport
import XCTest

/// Products that wait for the sum and the activation they end in give the numbers of products that
/// are computed at once (`.array` computes a tensor), with the same gradients.
/// The order of the additions differs. Tolerance: `Tolerance.operation`; for sums of up to 192 terms
/// of size one, whose partial sums are about 14, some roundings of those (1e-6 each).
final class ProductSumTests: XCTestCase {
  private var generator = RandomGenerator(seed: 5)

  private func random(_ shape: Shape) -> Tensor { .randn(shape, using: &generator) }

  private func computed(_ x: Tensor) -> Tensor {
    _ = x.array
    return x
  }

  /// Compares `body` with and without waiting: value, and the gradient of every leaf.
  private func compare(
    _ leaves: [Tensor], _ tolerance: Tolerance = .operation, line: UInt = #line,
    _ body: ((Tensor) -> Tensor) throws -> Tensor
  ) throws {
    for leaf in leaves { leaf.requiringGrad().zeroGrad() }
    let expected = try body(computed)
    let upstream = random(expected.shape)
    try expected.backward(gradient: upstream)
    let gradients = leaves.map { $0.grad }
    for leaf in leaves { leaf.zeroGrad() }
    let got = try body { $0 }
    try got.backward(gradient: upstream)
    XCTAssertEqual(got.shape, expected.shape, line: line)
    XCTAssertNil(difference(got.array, expected.array, "value", tolerance), line: line)
    for (index, (leaf, gradient)) in zip(leaves, gradients).enumerated() {
      let wanted = try XCTUnwrap(gradient, "no gradient \(index)", line: line)
      let found = try XCTUnwrap(leaf.grad, "no gradient \(index)", line: line)
      XCTAssertNil(
        difference(found.array, wanted.array, "gradient \(index)", tolerance), line: line)
    }
  }

  func testAGateOfARecurrence() throws {
    for (n, f, h) in [(1, 1, 1), (3, 5, 4), (192, 17, 128), (0, 3, 2), (2, 0, 3)] {
      let (X, H, W_x, W_h, b) = (
        random([n, f]), random([n, h]), random([f, h]) * (1 / Float(max(f, 1)).squareRoot()),
        random([h, h]) * (1 / Float(h).squareRoot()), random([h])
      )
      let leaves = [X, H, W_x, W_h, b]
      let tolerance = n < 100 ? Tolerance.operation : Tolerance(absolute: 2e-5, relative: 1e-5)
      try compare(leaves, tolerance) { step in
        try tanh(step(step(step(X.matmul(W_x)) + step(H.matmul(W_h))) + b))
      }
      try compare(leaves, tolerance) { step in
        try sigmoid(step(b + step(step(H.matmul(W_h)) + step(X.matmul(W_x)))))
      }
    }
  }

  func testABatchOfSequences() throws {
    let (X, W, b) = (random([2, 3, 4]), random([4, 5]), random([5]))
    try compare([X, W, b]) { step in try step(X.linear(W, b)).relu() }
    try compare([X, W, b]) { step in try step(X.matmul(W)) + b }
  }

  func testASumThatIsUsedTwice() throws {
    let (X, W, b) = (random([3, 4]), random([4, 5]), random([5]))
    try compare([X, W, b]) { step in
      let Z = try step(X.matmul(W))
      return try (Z + b) * sigmoid(Z) + tanh(Z + b) * Z
    }
    try compare([X, W]) { step in
      let Z = try step(X.matmul(W))
      return try Z + Z
    }
  }

  /// What does not fit into one sum: two biases, other shapes, a bias by columns.
  func testWhatIsAddedStepByStep() throws {
    let (X, W, b, c) = (random([3, 4]), random([4, 5]), random([5]), random([3, 1]))
    let small = random([1, 4])
    try compare([X, W, b, c, small]) { step in
      try step(X.linear(W, b)) + step(X.linear(W, b)) + c + step(small.matmul(W))
    }
  }

  func testALongSumOfProducts() throws {
    let (X, W) = (random([2, 3]), random([3, 4]))
    try compare([X, W]) { step in
      var total = try step(X.matmul(W))
      for _ in 0..<30 { total = try step(total + step(X.matmul(W))) }
      return total
    }
  }

  /// The elements of a tensor never change under it: neither a product that waited nor a detached
  /// tensor sees the later parameter.
  func testAParameterThatChangesMeanwhile() throws {
    let W = try Tensor([2, 3], shape: [1, 2]).requiringGrad()
    let x = try Tensor([10], shape: [1, 1])
    let (waiting, detached) = (try x.matmul(W), W.detached())
    W.withMutableElements { $0[0] = 7 }
    XCTAssertEqual(W.array, [7, 3])
    XCTAssertEqual(waiting.array, [20, 30])
    XCTAssertEqual(detached.array, [2, 3])
    XCTAssertEqual(try x.matmul(W).array, [70, 30])
  }

  /// A graph that is kept gives the gradients at the parameters it was computed with: d(x W V)/dx
  /// is (W V)ᵀ, here 2 · 5.
  func testAKeptGraphKeepsItsParameters() throws {
    let x = try Tensor([1], shape: [1, 1]).requiringGrad()
    let (W, V) = (try Tensor([2], shape: [1, 1]), try Tensor([5], shape: [1, 1]).requiringGrad())
    let y = try x.matmul(W).matmul(V).sum()
    V.withMutableElements { $0[0] = 100 }
    try y.backward(retainGraph: true)
    XCTAssertEqual(x.grad?.array, [10])
    XCTAssertEqual(y.array, [10])
  }

  /// More steps than a leaf puts off (64), and gradients of two passes that add up: with W = 1,
  /// Σ_t (t + 1) twice is n (n + 1).
  func testManyContributionsToOneParameter() throws {
    let (W, b) = (Tensor.ones([1, 1]).requiringGrad(), Tensor.zeros([1]).requiringGrad())
    let steps = 150
    for _ in 0..<2 {
      var total = Tensor(0)
      for t in 0..<steps {
        total = try total + (Tensor([Float(t + 1)], shape: [1, 1]).linear(W, b)).sum()
      }
      try total.backward()
    }
    XCTAssertEqual(W.grad?.array, [Float(steps * (steps + 1))])
    XCTAssertEqual(b.grad?.array, [Float(2 * steps)])
  }

  func testTheThreadsDoNotMatter() throws {
    func results(_ threads: Int) throws -> [[Float]] {
      let before = KernelThreads.count
      defer { KernelThreads.count = before }
      KernelThreads.count = threads
      var generator = RandomGenerator(seed: 3)
      let leaves = [[192, 17], [192, 128], [17, 128], [128, 128], [128]].map {
        Tensor.randn(Shape($0), using: &generator).requiringGrad()
      }
      let y = try tanh(
        leaves[0].matmul(leaves[2]) + leaves[1].matmul(leaves[3]) + leaves[4])
      try y.backward(gradient: .randn(y.shape, using: &generator))
      return [y.array] + leaves.map { $0.grad?.array ?? [] }
    }
    XCTAssertEqual(try results(1), try results(2))
    XCTAssertEqual(try results(1), try results(4))
  }

  /// Weights that change under a product, by an optimiser or by a gradient that goes on collecting,
  /// are not multiplied as they were before.
  func testPackedWeightsFollowTheirElements() throws {
    let (X, W) = (random([48, 32]), random([32, 32]).requiringGrad())
    let first = try X.matmul(W).array
    W.withMutableElements { elements in for i in 0..<1024 { elements[i] *= 2 } }
    XCTAssertEqual(try X.matmul(W).array, first.map { 2 * $0 })

    try W.sum().backward()
    let ones = try X.matmul(try XCTUnwrap(W.grad)).array
    try W.sum().backward()
    XCTAssertEqual(try X.matmul(try XCTUnwrap(W.grad)).array, ones.map { 2 * $0 })
  }
}
