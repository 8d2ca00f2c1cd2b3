import Examples
import NeuralNetworks
import TensorCore
import TestSupport
import Training
import XCTest

/// Networks that choose the batches that they learn from.
final class BatchChoosingTests: XCTestCase {
  /// Chooses by a rule, and keeps what it was called on.
  private final class ChoosingNet: Module, Network, BatchChoosing {
    let linear: Linear
    private let rule: (ExampleSet, Int, inout RandomGenerator) throws -> [[Int]]
    private(set) var seen: [[Float]] = []

    init(_ rule: @escaping (ExampleSet, Int, inout RandomGenerator) throws -> [[Int]]) {
      var generator = RandomGenerator(seed: 1)
      linear = Linear(1, 1, using: &generator)
      self.rule = rule
    }

    func callAsFunction(_ X: Tensor) throws -> Tensor {
      seen.append(X.array)
      return try linear(X)
    }

    func batches(
      of examples: ExampleSet, size: Int, using generator: inout RandomGenerator
    ) throws -> [[Int]] { try rule(examples, size, &generator) }
  }

  /// Example i has the number i.
  private let examples = ExampleSet(
    [
      .init(
        Table((0..<10).map { Float($0) }, rowShape: [1]), firstRows: Array(0..<10), extent: .row)
    ], targets: .classes((0..<10).map { Int32($0 % 2) }, count: 2))

  private func train(
    epochs: Int = 2, seed: UInt64 = 3,
    _ rule: @escaping (ExampleSet, Int, inout RandomGenerator) throws -> [[Int]]
  ) throws -> [[Float]] {
    let network = ChoosingNet(rule)
    try Trainer(
      network, on: examples, recipe: Recipe(epochs: epochs, batchSize: 4, seed: seed)
    ).run { _ in }
    return network.seen
  }

  func testItsBatchesAreTheTrainings() throws {
    let seen = try train { _, size, _ in
      XCTAssertEqual(size, 4)
      return [[9, 1], [4, 5, 6]]
    }
    XCTAssertEqual(seen, [[9, 1], [4, 5, 6], [9, 1], [4, 5, 6]])
  }

  /// Each epoch draws anew, and the recipe's seed decides it all.
  func testTheSeedDecides() throws {
    func drawn(_ seed: UInt64) throws -> [[Float]] {
      try train(seed: seed) { set, size, generator in
        [Array(generator.permutation(set.count).prefix(size))]
      }
    }
    let first = try drawn(3)
    XCTAssertEqual(first.count, 2)
    XCTAssertNotEqual(first[0], first[1])
    XCTAssertEqual(first, try drawn(3))
    XCTAssertNotEqual(first, try drawn(4))
  }

  func testWhatItMayNotChooseIsRefused() {
    for (batches, part) in [
      ([], "chooses no batch of 4 among 10 examples"), ([[]], "a batch has 0 examples"),
      ([[0, 1, 2, 3, 4]], "a batch has 5 examples"), ([[10]], "example 10 of 10"),
      ([[-1]], "example -1 of 10"), ([[1], [1]], "example 1 of 10"),
    ] as [([[Int]], String)] {
      let message = errorText { _ = try self.train { _, _, _ in batches } }
      XCTAssertTrue(message.contains(part), message)
    }
  }
}
