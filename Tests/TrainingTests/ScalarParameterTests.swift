import NeuralNetworks
import TensorCore
import TestSupport
import Training
import XCTest

/// A parameter without axes, such as the scale of a contrastive loss.
final class ScalarParameterTests: XCTestCase {
  /// Logits that a number scales, which is learned.
  private final class ScaledNet: Module, Network {
    let linear: Linear
    @Parameter var logScale: Tensor

    init(using generator: inout RandomGenerator) {
      linear = Linear(TestTraining.binCount, 1, using: &generator)
      logScale = Tensor(0.5)
    }

    func callAsFunction(_ X: Tensor) throws -> Tensor {
      try linear(X.mean(axis: 1)) * logScale.exp()
    }
  }

  private func trainer(_ epochs: Int) -> Trainer {
    var generator = RandomGenerator(seed: 7)
    return Trainer(
      ScaledNet(using: &generator), on: TestTraining.chunks(32),
      recipe: Recipe(epochs: epochs, batchSize: 8, seed: 3))
  }

  /// It learns, keeps its shape in a checkpoint's bytes, and a training that goes on from there ends as one that was
  /// never interrupted.
  func testACheckpointKeepsIt() throws {
    let straight = trainer(4)
    try straight.run { _ in }
    let half = trainer(2)
    try half.run { _ in }
    let kept = try SafeTensors.decode(SafeTensors.encode(half.checkpoint()))
    let scale = try XCTUnwrap(kept.first { $0.name == "network.logScale" }).tensor
    XCTAssertEqual(scale.shape, [])
    XCTAssertNotEqual(try scale.item, 0.5)
    let second = trainer(4)
    try second.resume(from: kept)
    try second.run { _ in }
    XCTAssertTrue(
      SafeTensors.encode(second.checkpoint()) == SafeTensors.encode(straight.checkpoint()))
  }

  /// A number in a list is another shape, and is refused by its name.
  func testAListOfOneNumberIsRefused() throws {
    var generator = RandomGenerator(seed: 7)
    let network = ScaledNet(using: &generator)
    var entries = network.stateEntries()
    let place = try XCTUnwrap(entries.firstIndex { $0.name == "logScale" })
    entries[place].tensor = Tensor([0.25])
    let message = errorText { try network.load(entries) }
    XCTAssertTrue(message.contains("logScale"), message)
    XCTAssertEqual(try network.logScale.item, 0.5)
  }
}
