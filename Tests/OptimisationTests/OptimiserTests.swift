import NeuralNetworks
import Optimisation
import TensorCore
import TestSupport
import XCTest

/// Steps of the optimisers against PyTorch in float64 (`Fixtures/optimisers.json`, made by
/// `Tests/Reference/optimisers.py`). Tolerance: 2e-6 of the number, a few roundings a step; and
/// 2e-7 of the learning rate for numbers that steps of both signs have brought near zero.
final class OptimiserTests: XCTestCase {
  private struct Listing: Decodable { let cases: [Case] }
  private struct Case: Decodable {
    let name, kind: String
    let settings: Settings
    let start: [Float]
    let gradients, after: [[Float]]
  }
  private struct Settings: Decodable {
    let lr: Float
    let betas: [Double]?
    let eps, alpha, momentum, dampening: Float?
    let weight_decay: Float?
    let nesterov: Bool?
  }

  private final class Pair: Module {
    @Parameter var used: Tensor
    @Parameter var unused: Tensor
    init(_ start: [Float]) {
      used = Tensor(start)
      unused = Tensor([5, -6])
    }
  }

  private func cases(_ kind: String) throws -> [Case] {
    try Fixture.decode(Listing.self, "OptimisationTests/Fixtures/optimisers.json").cases.filter {
      $0.kind == kind
    }
  }

  private func check(
    _ entry: Case, _ module: Pair, _ optimiser: any Optimiser
  ) throws {
    let tolerance = Tolerance(absolute: 2e-7 * entry.settings.lr, relative: 2e-6)
    for (step, gradient) in entry.gradients.enumerated() {
      optimiser.zeroGrad()
      XCTAssertNil(module.used.grad)
      try (module.used * Tensor(gradient)).sum().backward()
      optimiser.step()
      let place = "\(entry.kind) \(entry.name), after step \(step + 1)"
      if let text = difference(module.used.array, entry.after[step], place, tolerance) {
        XCTFail(text)
        return
      }
    }
    XCTAssertEqual(module.unused.array, [5, -6], "a parameter without a gradient was moved")
  }

  private func optimiser(_ entry: Case, _ module: Module) -> any Optimiser {
    let s = entry.settings
    let betas = s.betas.map { ($0[0], $0[1]) } ?? (0.9, 0.999)
    switch entry.kind {
    case "SGD":
      return SGD(
        module, learningRate: s.lr, momentum: s.momentum ?? 0, dampening: s.dampening ?? 0,
        nesterov: s.nesterov ?? false, weightDecay: s.weight_decay ?? 0)
    case "Adam":
      return Adam(
        module, learningRate: s.lr, betas: betas, epsilon: s.eps ?? 1e-8,
        weightDecay: s.weight_decay ?? 0)
    case "AdamW":
      return AdamW(
        module, learningRate: s.lr, betas: betas, epsilon: s.eps ?? 1e-8,
        weightDecay: s.weight_decay ?? 0.01)
    default:
      return RMSprop(
        module, learningRate: s.lr, alpha: s.alpha ?? 0.99, epsilon: s.eps ?? 1e-8,
        momentum: s.momentum ?? 0, weightDecay: s.weight_decay ?? 0)
    }
  }

  func testEveryOptimiserMovesAsPyTorchsDoes() throws {
    for (kind, count) in ["SGD": 8, "Adam": 5, "AdamW": 2, "RMSprop": 2] {
      let cases = try cases(kind)
      XCTAssertEqual(cases.count, count, kind)
      for entry in cases {
        let module = Pair(entry.start)
        try check(entry, module, optimiser(entry, module))
      }
    }
  }

  /// A step is cut by the size of a parameter: the same bits on any number of threads.
  func testStepsDoNotDependOnTheNumberOfThreads() throws {
    let threads = KernelThreads.count
    defer { KernelThreads.count = threads }
    func bits(_ make: (Module) -> any Optimiser) throws -> [UInt32] {
      var generator = RandomGenerator(seed: 3)
      let module = Pair(Tensor.randn([40_003], using: &generator).array)
      let optimiser = make(module)
      for _ in 0..<3 {
        optimiser.zeroGrad()
        try (module.used * Tensor.randn([40_003], using: &generator)).sum().backward()
        optimiser.step()
      }
      return module.used.array.map(\.bitPattern)
    }
    let makers: [(Module) -> any Optimiser] = [
      { SGD($0, learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.1) },
      { SGD($0, learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1) },
      { Adam($0, weightDecay: 0.1) }, { AdamW($0) }, { RMSprop($0, momentum: 0.5) },
    ]
    for (number, make) in makers.enumerated() {
      KernelThreads.count = 1
      let alone = try bits(make)
      for count in [2, 3, 2, 3] {
        KernelThreads.count = count
        XCTAssertTrue(try bits(make) == alone, "optimiser \(number) on \(count) threads")
      }
    }
  }

  /// The first three steps by one optimiser, the others by a new one that was given its state.
  func testAnOptimiserGoesOnFromAnothersState() throws {
    for kind in ["SGD", "Adam", "AdamW", "RMSprop"] {
      for entry in try cases(kind) {
        let module = Pair(entry.start)
        var current = optimiser(entry, module)
        for (step, gradient) in entry.gradients.enumerated() {
          if step == 3 {
            let state = try SafeTensors.decode(SafeTensors.encode(current.stateEntries()))
            current = optimiser(entry, module)
            try current.load(state)
          }
          current.zeroGrad()
          try (module.used * Tensor(gradient)).sum().backward()
          current.step()
        }
        let straight = Pair(entry.start)
        let other = optimiser(entry, straight)
        for gradient in entry.gradients {
          other.zeroGrad()
          try (straight.used * Tensor(gradient)).sum().backward()
          other.step()
        }
        XCTAssertEqual(module.used.array, straight.used.array, "\(kind) \(entry.name)")
      }
    }
  }

  func testAStateOfAnotherKindIsRefused() throws {
    let module = Pair([1])
    XCTAssertEqual(
      errorText {
        try RMSprop(module).load(SGD(module, learningRate: 1, momentum: 0.5).stateEntries())
      },
      "load: used.squares is missing; unused.squares is missing; "
        + "used.velocity is not part of this optimiser; "
        + "unused.velocity is not part of this optimiser")
    XCTAssertEqual(
      errorText { try Adam(Pair([1, 2])).load(Adam(module).stateEntries()) },
      "load: used.moment1 has shape [1] instead of [2]; used.moment2 has shape [1] instead of [2]")
  }

  func testDefaultsAreThoseOfPyTorch() throws {
    let entry = try XCTUnwrap(try cases("Adam").first { $0.name == "defaults from zero" })
    let module = Pair(entry.start)
    let optimiser = Adam(module)
    XCTAssertEqual(optimiser.learningRate, 0.001)
    try check(entry, module, optimiser)
  }

  /// The correction for the first steps counts a parameter's own steps, as PyTorch's does.
  func testAParameterThatJoinsLaterStartsAtItsFirstStep() throws {
    let module = Pair([1])
    let optimiser = Adam(module, learningRate: 0.1)
    for _ in 0..<5 {
      optimiser.zeroGrad()
      try (module.used * 2).sum().backward()
      optimiser.step()
    }
    optimiser.zeroGrad()
    try (module.unused * 3).sum().backward()
    let before = module.used.array
    optimiser.step()
    // the first step of Adam is the learning rate, whatever the gradient
    XCTAssertNil(difference(module.unused.array, [4.9, -6.1], "unused"))
    XCTAssertEqual(module.used.array, before)
  }

  func testTheLearningRateMayBeChanged() throws {
    let module = Pair([1])
    let optimiser = SGD(module, learningRate: 0.5)
    try module.used.sum().backward()
    optimiser.step()
    XCTAssertEqual(module.used.array, [0.5])
    optimiser.learningRate = 0.25
    optimiser.step()
    XCTAssertEqual(module.used.array, [0.25])
  }

  /// The gradient that was read before a step, and a graph's own copies, are not written to.
  func testAStepChangesTheParameterAlone() throws {
    let module = Pair([1, 2])
    try module.used.squared().sum().backward()
    let gradient = try XCTUnwrap(module.used.grad)
    Adam(module).step()
    SGD(module, learningRate: 1).step()
    XCTAssertEqual(gradient.array, [2, 4])
    XCTAssertEqual(module.used.grad?.array, [2, 4])
  }
}
