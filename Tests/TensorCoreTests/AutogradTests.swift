import RecurrentLayers
import TensorCore
import TestSupport
import XCTest

/// Reverse-mode differentiation: what is collected, what is refused and what is freed.
final class AutogradTests: XCTestCase {
  // MARK: - Collecting

  func testGradientsOfSeveralPassesAddUp() throws {
    let x = Tensor([1, 2, 3]).requiringGrad()
    try (x * 2).sum().backward()
    XCTAssertEqual(x.grad?.array, [2, 2, 2])
    let first = x.grad
    try x.squared().sum().backward()
    XCTAssertEqual(x.grad?.array, [4, 6, 8])
    XCTAssertEqual(first?.array, [2, 2, 2], "a gradient that was read changed afterwards")
    x.zeroGrad()
    XCTAssertNil(x.grad)
  }

  /// h = x², y = 3h, z = h + y: dΣz/dh is 1 + 3, dΣz/dy is 1; nothing leads to 2x.
  func testGradientsOfWhatLiesOnTheWay() throws {
    let x = Tensor([1, -2, 3]).requiringGrad()
    let h = x.squared()
    let y = h * 3
    let beside = x * 2
    let kept = try (h + y).sum().backward(through: [h, beside, y, Tensor([1])])
    XCTAssertEqual(kept.map { $0?.array }, [[4, 4, 4], nil, [1, 1, 1], nil])
    XCTAssertEqual(x.grad?.array, [8, -16, 24])  // 4 · 2x, as without
    XCTAssertNil(h.grad)
  }

  func testATensorMayBeUsedSeveralTimes() throws {
    let x = Tensor([1, -2, 3]).requiringGrad()
    try (x * x + x).sum().backward()
    XCTAssertEqual(x.grad?.array, [3, -3, 7])  // 2x + 1
    x.zeroGrad()
    let y = x.squared()
    try (y * y + y + x + x).sum().backward()  // x⁴ + x² + 2x: 4x³ + 2x + 2
    XCTAssertEqual(x.grad?.array, [8, -34, 116])
  }

  func testSlicesProductsAndWholesOfOneTensorAddUp() throws {
    let x = try Tensor([1, 2, 3, 4], shape: [2, 2]).requiringGrad()
    let row = try x.select(axis: 0, index: 1)
    let product = try x.matmul(Tensor.eye(2))
    try (row.sum() + product.sum() + x.sum()).backward()
    XCTAssertEqual(x.grad?.array, [2, 2, 3, 3])
    XCTAssertEqual(x.grad?.shape, [2, 2])
  }

  func testADetachedTensorPassesNoGradient() throws {
    let x = Tensor([1, 2]).requiringGrad().named("x")
    let detached = x.squared().detached()
    XCTAssertFalse(detached.requiresGrad)
    XCTAssertEqual(x.detached().label, "x")
    try (x * detached).sum().backward()
    XCTAssertEqual(x.grad?.array, [1, 4])  // x² as a constant, not 3x²
  }

  func testRequiringGradOnAResultMakesANewLeaf() throws {
    let x = Tensor([1, 2]).requiringGrad()
    let leaf = (x * 3).requiringGrad()
    try leaf.sum().backward()
    XCTAssertEqual(leaf.grad?.array, [1, 1])
    XCTAssertNil(x.grad)
    XCTAssertTrue(x.requiringGrad() === x)
  }

  /// A leaf made of a sum of products that was not computed yet.
  func testRequiringGradOnAWaitingSumMakesALeafOfIt() throws {
    let (X, W) = (try Tensor([[1, 2]]), try Tensor([[3], [4]]))
    let leaf = try X.matmul(W).requiringGrad()
    try (leaf + Tensor([5]) + X.matmul(W)).backward()
    XCTAssertEqual(leaf.grad?.array, [1])
  }

  /// A parameter that was frozen and unfrozen in between gets the gradient of a graph that was built
  /// before, as in PyTorch; what had arrived while it was frozen, or before, is forgotten.
  func testAGraphFindsALeafThatWasAnOrdinaryTensorInBetween() throws {
    let x = Tensor([1, 2]).requiringGrad()
    let y = x.squared().sum()
    try y.backward(retainGraph: true)
    x.stopRequiringGrad()
    XCTAssertNil(x.grad)
    try y.backward(retainGraph: true)
    XCTAssertNil(x.grad)
    x.requiringGrad()
    XCTAssertNil(x.grad)
    try y.backward()
    XCTAssertEqual(x.grad?.array, [2, 4])
  }

  func testAGivenGradientIsPassedOn() throws {
    let x = Tensor([1, 2]).requiringGrad()
    let upstream = Tensor([10, 100])
    let y = x + 0
    try y.backward(gradient: upstream)
    try x.sum().backward()
    XCTAssertEqual(x.grad?.array, [11, 101])
    XCTAssertEqual(upstream.array, [10, 100], "the caller's gradient was written to")
    XCTAssertNil(y.grad, "only parameters keep their gradient")
  }

  func testWithoutAGradientWantedThereIsNoGraph() throws {
    let x = Tensor([1, 2])
    XCTAssertFalse(try (x + x).requiresGrad)
    XCTAssertTrue(try (x + x.detached().requiringGrad()).requiresGrad)
    XCTAssertNil(x.grad)
  }

  // MARK: - noGrad

  func testNoGradBuildsNoGraph() throws {
    let x = Tensor([1, 2]).requiringGrad()
    let y = noGrad { x * 2 }
    XCTAssertEqual(y.array, [2, 4])
    XCTAssertFalse(y.requiresGrad)
    XCTAssertTrue((x * 2).requiresGrad)
  }

  /// A sum of products that is noted inside `noGrad` and taken further outside, and the reverse.
  func testNoGradHoldsForSumsThatWait() throws {
    let (X, W) = (try Tensor([[1, 2]]), try Tensor([[3], [4]]).requiringGrad())
    let b = Tensor([5]).requiringGrad()
    try (noGrad { try X.matmul(W) } + b).backward()
    XCTAssertNil(W.grad)
    XCTAssertEqual(b.grad?.array, [1])
    b.zeroGrad()
    let waiting = try X.matmul(W)
    let constant = try noGrad { try waiting + b }
    let V = try Tensor([[6], [7]]).requiringGrad()
    try (constant + X.matmul(V)).backward()
    XCTAssertNil(W.grad)
    XCTAssertNil(b.grad)
    XCTAssertEqual(V.grad?.array, [1, 2])
  }

  func testNoGradPassesErrorsOnAndEndsWithThem() {
    let x = Tensor([1, 2]).requiringGrad()
    do throws(TensorError) {
      _ = try noGrad { () throws(TensorError) -> Tensor in try x.matmul(x) }
      XCTFail("matmul of vectors threw nothing")
    } catch {
      XCTAssertEqual(error.operation, "matmul")
    }
    XCTAssertTrue((x * 2).requiresGrad, "noGrad outlived its error")
  }

  func testNoGradNests() {
    let x = Tensor([1, 2]).requiringGrad()
    noGrad {
      noGrad {}
      XCTAssertFalse((x * 2).requiresGrad)
    }
  }

  // MARK: - Refusals

  func testASecondPassIsRefused() throws {
    let x = Tensor([1, 2]).requiringGrad()
    let y = x.squared()
    let loss = y.sum()
    try loss.backward()
    XCTAssertEqual(
      errorText { try loss.backward() },
      "backward: the graph of [] was freed by an earlier backward(). Compute the tensor again, or "
        + "pass retainGraph: true the first time")
    XCTAssertEqual(
      errorText { try (y * 2).sum().backward() },
      "backward: a part of the graph (squared) was freed by an earlier backward(). Compute it "
        + "again, detach() it, or pass retainGraph: true the first time")
    XCTAssertEqual(x.grad?.array, [2, 4], "a refused pass left something behind")
  }

  func testARetainedGraphMayBeUsedAgain() throws {
    let x = Tensor([1, 2]).requiringGrad()
    let loss = x.squared().sum()
    try loss.backward(retainGraph: true)
    try loss.backward(retainGraph: true)
    try loss.backward()
    XCTAssertEqual(x.grad?.array, [6, 12])
    XCTAssertThrowsError(try loss.backward())
  }

  func testRefusalsOfBackward() {
    let x = Tensor([1, 2]).requiringGrad().named("loss")
    XCTAssertEqual(
      errorText { try x.backward() },
      "backward: loss [2] has 2 elements, so its gradient must be given. Use .sum() or .mean() "
        + "first, or pass gradient:")
    XCTAssertEqual(
      errorText { try x.backward(gradient: Tensor([1])) },
      "backward: the gradient has shape [1], the tensor loss [2]")
    XCTAssertEqual(
      errorText { try Tensor(1).backward() },
      "backward: [] was not computed from anything that requires a gradient. Were the parameters "
        + "declared with @Parameter, and is this inside noGrad?")
    XCTAssertNil(x.grad)
  }

  // MARK: - Memory

  private static let depth = 1_000_000

  func testADeepGraphIsDifferentiatedAndFreed() throws {
    let before = TensorMemory.liveBuffers
    try autoreleasing {
      let x = Tensor([1, 2]).requiringGrad()
      var y = x
      for _ in 0..<Self.depth { y = y + 1 }
      XCTAssertEqual(y.array, [Float(Self.depth) + 1, Float(Self.depth) + 2])
      try y.sum().backward()
      XCTAssertEqual(x.grad?.array, [1, 1])
    }
    XCTAssertEqual(TensorMemory.liveBuffers, before)
  }

  func testADeepGraphIsFreedWithoutAPass() throws {
    let before = TensorMemory.liveBuffers
    try autoreleasing {
      let x = Tensor([1, 2]).requiringGrad()
      var y = x
      // two inputs, of which one is the chain: freeing must follow both
      for _ in 0..<Self.depth { y = try y + x }
      XCTAssertTrue(y.requiresGrad)
    }
    XCTAssertEqual(TensorMemory.liveBuffers, before)
  }

  func testNothingLeaks() throws {
    var generator = RandomGenerator(seed: 1)
    let X = Tensor.randn([2, 4, 3], using: &generator).requiringGrad()
    let W_x = Tensor.randn([3, 8], using: &generator).requiringGrad()
    let W_h = Tensor.randn([2, 8], using: &generator).requiringGrad()
    let b = Tensor.randn([8], using: &generator).requiringGrad()
    let kernel = Tensor.randn([2, 2, 2], using: &generator).requiringGrad()
    let before = TensorMemory.liveBuffers
    for pass in 0..<3 {
      try autoreleasing {
        let first = try X.lstm(W_x: W_x, W_h: W_h, b: b)
        let second = try X.lstm(W_x: W_x, W_h: W_h, b: b, state: (first.H, first.C))
        let image = try second.outputs.transposed(1, 2).conv1d(kernel)
        let pooled = try image.maxPool1d(kernelSize: 2).flattened()
        let rates = try tanh(exp(sigmoid(pooled))).softmax(axis: 1)
        let joined = try Tensor.stack([rates, relu(rates)], axis: 0).sum(axes: [0])
        let loss = try crossEntropy(joined, labels: [0, 1]) + second.C.abs().mean()
        // a graph that is used, one that is kept for another pass, and one that is dropped
        if pass < 2 { try loss.backward(retainGraph: pass == 1) }
      }
      for tensor in [X, W_x, W_h, b, kernel] { tensor.zeroGrad() }
      XCTAssertEqual(TensorMemory.liveBuffers, before, "pass \(pass)")
    }
  }

  /// A scope of its own, so that locals are gone when it returns.
  @inline(never)
  private func autoreleasing(_ body: () throws -> Void) rethrows { try body() }
}
