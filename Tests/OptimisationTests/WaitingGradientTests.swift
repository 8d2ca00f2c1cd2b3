import CKernels
import Foundation
import NeuralNetworks
import Optimisation
import TensorCore
import XCTest

/// Gradients of wide layers, which wait for the optimiser as products: steps are those of gradients that were computed
/// before, bit by bit, and who asks for such a gradient gets it.
final class WaitingGradientTests: XCTestCase {
  /// Rows that are no whole bands of 6, in parts of 120.
  private static let (rows, columns) = (2050, 1024)

  private final class Wide: Module {
    @Parameter var weight: Tensor
    @Parameter var bias: Tensor
    override init() {
      var generator = RandomGenerator(seed: 20_261_201)
      weight = Tensor.randn([rows, columns], using: &generator)
      bias = Tensor.randn([columns], using: &generator)
    }

    /// Σ g · (X W + b), whose gradient for W is Xᵀ g.
    func backward(_ X: Tensor, _ g: Tensor) throws {
      try (X.matmul(weight) + bias).backward(gradient: g)
    }
  }

  private let makers: [(name: String, make: (Module) -> any Optimiser)] = [
    ("SGD", { SGD($0, learningRate: 0.01, weightDecay: 0.1) }),
    ("SGD with momentum", { SGD($0, learningRate: 0.01, momentum: 0.9, dampening: 0.1) }),
    ("SGD, Nesterov", { SGD($0, learningRate: 0.01, momentum: 0.9, nesterov: true) }),
    ("Adam", { Adam($0, learningRate: 0.01, weightDecay: 0.1) }),
    ("AdamW", { AdamW($0, learningRate: 0.01) }),
    ("RMSprop", { RMSprop($0, learningRate: 0.01) }),
    ("RMSprop with momentum", { RMSprop($0, learningRate: 0.01, momentum: 0.9) }),
  ]

  override func tearDown() { KernelThreads.count = 0 }

  private func batch(_ size: Int, seed: UInt64) -> (X: Tensor, g: Tensor) {
    var generator = RandomGenerator(seed: seed)
    return (
      Tensor.randn([size, Self.rows], using: &generator),
      Tensor.randn([size, Self.columns], using: &generator)
    )
  }

  /// Skips by what the processor is, not by what gradients do: where none waits though it could, this fails.
  private func requireWaiting(_ module: Wide) throws {
    try XCTSkipUnless(
      rk_tiles_are_fast(), "gradients wait on processors with registers of 8 floats or more only")
    let (X, g) = batch(32, seed: 1)
    try module.backward(X, g)
    XCTAssertTrue(module.weight.isGradientWaiting)
    XCTAssertFalse(module.bias.isGradientWaiting)
    for parameter in module.parameters { parameter.zeroGrad() }
  }

  private func bits(_ tensor: Tensor) -> Data { tensor.array.withUnsafeBytes { Data($0) } }

  func testAStepIsThatOfTheComputedGradient() throws {
    try requireWaiting(Wide())
    for (name, make) in makers {
      let (waiting, computed) = (Wide(), Wide())
      let optimisers = (make(waiting), make(computed))
      // the fewest and the most that may wait; the first steps make the moments
      for (step, size) in [24, 64, 256].enumerated() {
        let place = "\(name), batch of \(size)"
        let (X, g) = batch(size, seed: UInt64(step))
        for module in [waiting, computed] {
          for parameter in module.parameters { parameter.zeroGrad() }
          try module.backward(X, g)
          XCTAssertTrue(module.weight.isGradientWaiting, place)
        }
        let squares = try XCTUnwrap(computed.weight.grad).sumOfSquares
        XCTAssertFalse(computed.weight.isGradientWaiting, place)
        let (ofWaiting, ofComputed) = (optimisers.0.step(), optimisers.1.step())
        XCTAssertTrue(bits(waiting.weight) == bits(computed.weight), "\(place): the weights differ")
        XCTAssertTrue(bits(waiting.bias) == bits(computed.bias), "\(place): the biases differ")
        XCTAssertEqual(ofWaiting.count, 2, place)
        XCTAssertEqual(ofComputed.count, 2, place)
        // two million squares in double, added up in another order
        for sums in [ofWaiting, ofComputed] {
          let sum = try XCTUnwrap(sums.first ?? nil, place)
          XCTAssertEqual(sum / squares, 1, accuracy: 1e-12, place)
        }
        XCTAssertEqual(ofWaiting.last, ofComputed.last, place)
        XCTAssertTrue(
          try bits(XCTUnwrap(waiting.weight.grad)) == bits(XCTUnwrap(computed.weight.grad)),
          "\(place): the gradients differ after the step")
      }
    }
  }

  func testAnyNumberOfThreadsTakesTheSameStep() throws {
    try requireWaiting(Wide())
    var results: [(weight: Data, squares: [Double?])] = []
    for threads in 1...3 {
      KernelThreads.count = threads
      let module = Wide()
      let optimiser = Adam(module, learningRate: 0.01)
      let (X, g) = batch(64, seed: 5)
      try module.backward(X, g)
      let squares = optimiser.step()
      results.append((bits(module.weight), squares))
    }
    for (index, other) in results.dropFirst().enumerated() {
      XCTAssertTrue(other.weight == results[0].weight, "\(index + 2) threads: the weights differ")
      XCTAssertEqual(other.squares, results[0].squares, "\(index + 2) threads")
    }
  }

  /// What comes after a backward pass sees the gradient of that pass.
  func testWhatIsDoneToAGradientThatWaits() throws {
    let module = Wide()
    try requireWaiting(module)
    let (X, g) = batch(64, seed: 7)
    let once = try X.transposed(0, 1).matmul(g)
    // another pass adds to it
    try module.backward(X, g)
    try module.backward(X, g)
    XCTAssertFalse(module.weight.isGradientWaiting)
    XCTAssertTrue(try bits(XCTUnwrap(module.weight.grad)) == bits(once * 2))
    // so it does where the second is larger
    module.weight.zeroGrad()
    XCTAssertNil(module.weight.grad)
    try module.backward(X, g)
    try module.backward(X, g * 4)
    XCTAssertTrue(try bits(XCTUnwrap(module.weight.grad)) == bits(once * 5))
    // forgotten before it was computed
    module.weight.zeroGrad()
    try module.backward(X, g)
    module.weight.zeroGrad()
    XCTAssertFalse(module.weight.isGradientWaiting)
    XCTAssertNil(module.weight.grad)
    let before = bits(module.weight)
    module.bias.zeroGrad()
    XCTAssertEqual(SGD(module, learningRate: 1).step(), [nil, nil])
    XCTAssertTrue(bits(module.weight) == before, "a forgotten gradient moved the weights")
    // scaled, bounded, and put in another's place
    try module.backward(X, g)
    module.weight.scaleGrad(by: 0.5)
    XCTAssertTrue(try bits(XCTUnwrap(module.weight.grad)) == bits(once * 0.5))
    module.weight.zeroGrad()
    try module.backward(X, g)
    try module.clipGradients(value: 0.25)
    XCTAssertTrue(
      try bits(XCTUnwrap(module.weight.grad)) == bits(once.clip(minimum: -0.25, maximum: 0.25)))
    module.weight.zeroGrad()
    try module.backward(X, g)
    module.weight.replaceGrad(with: nil)
    XCTAssertNil(module.weight.grad)
  }

  /// What an earlier pass left is computed before another comes, so that factors do not pile up.
  func testPassesKeepTheFactorsOfOne() throws {
    let module = Wide()
    try requireWaiting(module)
    let passes = try (0..<5).map { pass in
      let (X, g) = batch(64, seed: UInt64(pass))
      try module.backward(X, g)
      return TensorMemory.liveBuffers
    }
    XCTAssertEqual(passes.dropFirst().map { $0 - passes[1] }, [0, 0, 0, 0])
  }

  /// Of two products in one pass, or of another form than Xᵀ g, the whole gradient is computed.
  func testWhatDoesNotWait() throws {
    let (module, computed) = (Wide(), Wide())
    try requireWaiting(module)
    let (X, g) = batch(64, seed: 15)
    let (other, _) = batch(64, seed: 16)
    func step(_ place: String, _ backward: (Wide) throws -> Void) throws {
      for module in [module, computed] {
        for parameter in module.parameters { parameter.zeroGrad() }
        try backward(module)
        XCTAssertFalse(module.weight.isGradientWaiting, place)
      }
      XCTAssertNotNil(computed.weight.grad, place)
      for module in [module, computed] { SGD(module, learningRate: 0.01).step() }
      XCTAssertTrue(bits(module.weight) == bits(computed.weight), place)
    }
    try step("used twice") {
      try (X.matmul($0.weight) + other.matmul($0.weight)).backward(gradient: g)
    }
    var generator = RandomGenerator(seed: 17)
    let (V, h) = (
      Tensor.randn([Self.columns, 64], using: &generator),
      Tensor.randn([Self.rows, 64], using: &generator)
    )
    try step("on the left") { try $0.weight.matmul(V).backward(gradient: h) }
    for size in [23, 257] {
      let (X, g) = batch(size, seed: 18)
      try step("batch of \(size)") { try X.matmul($0.weight).backward(gradient: g) }
    }
    // too few rows, columns that are no whole tiles, factors larger than the gradient, two blocks of steps
    for (rows, columns, size) in [
      (1000, 2176, 64), (3000, 730, 64), (40_000, 64, 128), (2600, 832, 300),
    ] {
      let weight = Tensor.randn([rows, columns], using: &generator).requiringGrad()
      try Tensor.randn([size, rows], using: &generator).matmul(weight)
        .backward(gradient: Tensor.randn([size, columns], using: &generator))
      XCTAssertFalse(weight.isGradientWaiting, "[\(rows), \(columns)], batch of \(size)")
    }
  }

  /// The graph is still there when the parameter becomes a leaf again, so it is the same leaf.
  func testALeafAnewHasForgottenWhatWaited() throws {
    let module = Wide()
    try requireWaiting(module)
    let (X, g) = batch(64, seed: 19)
    let y = try X.matmul(module.weight)
    try y.backward(gradient: g, retainGraph: true)
    module.weight.stopRequiringGrad()
    module.weight.requiringGrad()
    XCTAssertNil(module.weight.grad)
    try y.backward(gradient: g)
    XCTAssertTrue(try bits(XCTUnwrap(module.weight.grad)) == bits(X.transposed(0, 1).matmul(g)))
  }

  /// The batch may change before the step, and the step may be repeated.
  func testWhatAWaitingGradientIsMadeOfStaysAsItWas() throws {
    try requireWaiting(Wide())
    let (module, expected) = (Wide(), Wide())
    let (X, g) = batch(64, seed: 9)
    for module in [module, expected] { try module.backward(X, g) }
    XCTAssertNotNil(expected.weight.grad)
    X.withMutableElements { for index in 0..<X.count { $0[index] = .nan } }
    let optimisers = (SGD(module, learningRate: 0.01), SGD(expected, learningRate: 0.01))
    for _ in 1...2 {
      XCTAssertTrue(module.weight.isGradientWaiting)
      optimisers.0.step()
      optimisers.1.step()
      XCTAssertTrue(bits(module.weight) == bits(expected.weight))
    }
    // a factor that is the parameter's own memory
    let square = SquareOfConstant()
    try square.backward()
    let gradient = try square.expected()
    let start = square.weight.array
    XCTAssertTrue(square.weight.isGradientWaiting)
    SGD(square, learningRate: 1).step()
    XCTAssertTrue(square.weight.array == zip(start, gradient).map { $0 - $1 })
  }

  private final class SquareOfConstant: Module {
    @Parameter var weight: Tensor
    private let g: Tensor
    override init() {
      var generator = RandomGenerator(seed: 11)
      weight = Tensor.randn([2048, 1024], using: &generator)
      g = Tensor.randn([64, 1024], using: &generator)
    }

    private func constant() throws -> Tensor {
      try weight.detached().reshaped([1024, 2048]).slice(axis: 0, 0..<64)
    }
    func backward() throws { try constant().matmul(weight).backward(gradient: g) }
    func expected() throws -> [Float] { try constant().transposed(0, 1).matmul(g).array }
  }

  func testAProductThatWaitsIsCounted() throws {
    let module = Wide()
    try requireWaiting(module)
    let optimiser = SGD(module, learningRate: 0.01)
    let (X, g) = batch(64, seed: 13)
    let (_, products) = try MatrixProducts.counting {
      try module.backward(X, g)
      optimiser.step()
    }
    let gradients = products.filter { $0.transposesA && $0.m == Self.rows && $0.n == Self.columns }
    XCTAssertEqual(gradients.map(\.times), [1])
    XCTAssertEqual(gradients.map(\.k), [64])
  }
}
