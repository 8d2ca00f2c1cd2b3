import Dispatch
import NeuralNetworks
import Synchronization
import TensorCore
import Training
import WorkerPipe
import XCTest

/// The same seed gives the same bytes, whatever else goes on.
final class ReproducibilityTests: XCTestCase {
  private var threads = 0
  override func setUp() { threads = KernelThreads.count }
  override func tearDown() { KernelThreads.count = threads }

  /// Large enough batches for every kernel to be cut into parts.
  private func recipe(threads: Int) -> Recipe {
    Recipe(epochs: 1, batchSize: 192, seed: 11, threads: threads)
  }

  func testEveryNetworkHasTheSameBytesOnAnyNumberOfThreads() throws {
    let examples = TestTraining.chunks(3 * 192)
    for (name, make) in TestTraining.makers {
      let alone = try TestTraining.train(make, on: examples, recipe(threads: 1))
      for threads in [2, 4] {
        let together = try TestTraining.train(make, on: examples, recipe(threads: threads))
        XCTAssertTrue(together == alone, "\(name) on \(threads) threads")
      }
    }
  }

  func testAnotherSeedGivesOtherBytes() throws {
    let examples = TestTraining.chunks(192)
    let make = try XCTUnwrap(TestTraining.makers["FullyConnectedNet"])
    let first = try TestTraining.train(make, on: examples, Recipe(epochs: 1, seed: 1))
    let second = try TestTraining.train(make, on: examples, Recipe(epochs: 1, seed: 2))
    XCTAssertTrue(first != second)
  }

  func testTrainingsInOneProcessDoNotDisturbEachOther() throws {
    let examples = TestTraining.chunks(2 * 192)
    let makers = Array(TestTraining.makers.sorted { $0.key < $1.key })
    let alone = try makers.map {
      try TestTraining.train($0.value, on: examples, recipe(threads: 2))
    }
    let together = Mutex([[UInt8]](repeating: [], count: makers.count))
    DispatchQueue.concurrentPerform(iterations: makers.count) { index in
      let bytes = try? TestTraining.train(
        makers[index].value, on: examples,
        Recipe(epochs: 1, batchSize: 192, seed: 11, threads: 1 + index % 4))
      together.withLock { $0[index] = bytes ?? [] }
    }
    for (index, bytes) in together.withLock({ $0 }).enumerated() {
      XCTAssertTrue(bytes == alone[index], makers[index].key)
    }
  }

  /// Buffers that a training leaves behind would fill the memory of a long one.
  func testTrainingLeavesNothingBehind() throws {
    for (name, make) in TestTraining.makers {
      let before = TensorMemory.liveBuffers
      var duringEpochs: [Int] = []
      try {
        var generator = RandomGenerator(seed: 1)
        let trainer = Trainer(
          try make(&generator), on: TestTraining.chunks(64),
          recipe: Recipe(epochs: 4, batchSize: 32, seed: 1))
        try trainer.run { event in
          if case .epoch = event { duringEpochs.append(TensorMemory.liveBuffers) }
        }
      }()
      XCTAssertEqual(TensorMemory.liveBuffers, before, "\(name): buffers are left")
      XCTAssertEqual(duringEpochs.count, 4)
      XCTAssertEqual(Set(duringEpochs).count, 1, "\(name): buffers grow, \(duringEpochs)")
    }
  }

  /// A step of a recurrence takes as many buffers among four thousand as among forty.
  func testMemoryGrowsWithTheSteps() throws {
    func buffers(_ steps: Int, _ name: String) throws -> Double {
      let make = try XCTUnwrap(TestTraining.makers[name])
      var generator = RandomGenerator(seed: 1)
      let network = try make(&generator)
      let X = Tensor.randn([2, steps, TestTraining.binCount], using: &generator)
      let before = TensorMemory.liveBuffers
      let logits = try network(X)
      let held = TensorMemory.liveBuffers - before
      try logits.sum().backward()
      return Double(held) / Double(steps)
    }
    for name in ["RNNNet", "LSTMNet"] {
      let (few, many) = (try buffers(40, name), try buffers(4000, name))
      XCTAssertEqual(many / few, 1, accuracy: 0.2, "\(name): \(few) and \(many) buffers a step")
    }
  }
}
