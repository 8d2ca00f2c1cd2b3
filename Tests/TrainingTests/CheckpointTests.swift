import Examples
import NeuralNetworks
import TensorCore
import TestSupport
import Training
import WorkerPipe
import XCTest

/// A resumed training ends with the same bytes as one that was never interrupted.
final class CheckpointTests: XCTestCase {
  private func recipe(_ epochs: Int, seed: UInt64 = 3) -> Recipe {
    Recipe(epochs: epochs, batchSize: 16, seed: seed)
  }

  private func trainer(
    _ make: TestTraining.Maker, _ examples: ExampleSet, _ recipe: Recipe
  ) throws -> Trainer {
    var generator = RandomGenerator(seed: recipe.seed)
    return Trainer(try make(&generator), on: examples, recipe: recipe)
  }

  /// Two epochs, the checkpoint written and read, then the rest by another trainer.
  private func checkResuming(
    _ name: String, _ make: TestTraining.Maker, _ examples: ExampleSet,
    _ change: (inout Recipe) -> Void = { _ in }
  ) throws {
    func recipe(_ epochs: Int) -> Recipe {
      var recipe = self.recipe(epochs)
      change(&recipe)
      return recipe
    }
    let straight = try TestTraining.train(make, on: examples, recipe(4))
    let half = try TestTraining.train(make, on: examples, recipe(2))
    // of another seed's parameters, all of which the checkpoint replaces
    var generator = RandomGenerator(seed: 99)
    let second = Trainer(try make(&generator), on: examples, recipe: recipe(4))
    try second.resume(from: try SafeTensors.decode(half))
    XCTAssertEqual(second.completedEpochs, 2)
    var epochs: [Int] = []
    try second.run { event in
      if case .epoch(let report) = event { epochs.append(report.epoch) }
    }
    XCTAssertEqual(epochs, [3, 4])
    XCTAssertTrue(SafeTensors.encode(second.checkpoint()) == straight, name)
  }

  func testEveryNetworkResumes() throws {
    let examples = TestTraining.chunks(48)
    for (name, make) in TestTraining.makers { try checkResuming(name, make, examples) }
  }

  func testClippingAndTheAverageResume() throws {
    let make = try XCTUnwrap(TestTraining.makers["LSTMNet"])
    try checkResuming("LSTMNet", make, TestTraining.chunks(48)) {
      $0.clipNorm = 0.05
      $0.averageDecay = 0.9
    }
  }

  /// Interrupted by an error after two of four epochs, since the cosine depends on their number.
  func testTheCosineResumes() throws {
    struct Interrupted: Error {}
    let make = try XCTUnwrap(TestTraining.makers["ConvNet"])
    let examples = TestTraining.chunks(48)
    var recipe = recipe(4)
    recipe.schedule = .cosine
    let straight = try TestTraining.train(make, on: examples, recipe)
    let first = try trainer(make, examples, recipe)
    var kept: [SafeTensors.Entry] = []
    XCTAssertThrowsError(
      try first.run { event in
        guard case .epoch(let report) = event, report.epoch == 2 else { return }
        kept = first.checkpoint()
        throw Interrupted()
      })
    let second = try trainer(make, examples, recipe)
    try second.resume(from: kept)
    try second.run { _ in }
    XCTAssertTrue(SafeTensors.encode(second.checkpoint()) == straight)
    recipe.epochs = 5
    let longer = try trainer(make, examples, recipe)
    XCTAssertTrue(errorText { try longer.resume(from: kept) }.contains("schedule"))
  }

  /// What is validated is the average; what the next step starts from is not.
  func testTheAverageDoesNotDisturbTheTraining() throws {
    let make = try XCTUnwrap(TestTraining.makers["MeanSpectrumNet"])
    let examples = TestTraining.chunks(48)
    var averaged = recipe(2)
    averaged.averageDecay = 0.9
    let plain = try trainer(make, examples, recipe(2))
    let other = try trainer(make, examples, averaged)
    try plain.run { _ in }
    var seen: [Float] = []
    try other.run { event in
      guard case .epoch = event else { return }
      other.withTrainedNetwork { seen = $0.parameters.flatMap(\.array) }
    }
    func network(_ trainer: Trainer) -> [SafeTensors.Entry] {
      trainer.checkpoint().filter { $0.name.hasPrefix("network.") }
    }
    XCTAssertTrue(SafeTensors.encode(network(plain)) == SafeTensors.encode(network(other)))
    XCTAssertNotEqual(network(plain).flatMap(\.tensor.array), seen)
  }

  func testDropoutAndRunningStatisticsResume() throws {
    try checkResuming(
      "DropoutNet", { try DropoutNet(using: &$0) }, TestTraining.chunks(48))
  }

  func testRandomChunksResume() throws {
    let recordings = ExampleSet(
      [
        .init(
          TestTraining.table(rows: 240), firstRows: [0, 60, 130], extent: .stretches([60, 70, 100]))
      ], targets: .classes([0, 1, 1], count: 2))
    let make = try XCTUnwrap(TestTraining.makers["FullyConnectedNet"])
    try checkResuming("random chunks", make, recordings) {
      $0.source = .randomWindows(TestTraining.stepCount)
    }
  }

  func testACheckpointOfSomethingElseIsRefused() throws {
    let examples = TestTraining.chunks(16)
    let mean = try XCTUnwrap(TestTraining.makers["MeanSpectrumNet"])
    let dropout: TestTraining.Maker = { try DropoutNet(using: &$0) }
    let checkpoint = try trainer(dropout, examples, recipe(1)).checkpoint()
    let otherRecipe = try trainer(dropout, examples, recipe(1, seed: 4))
    XCTAssertEqual(
      errorText { try otherRecipe.resume(from: checkpoint) },
      "resume: the checkpoint is of a training with another seed, batch size, step size, schedule, "
        + "optimiser, class weights or source of epochs. "
        + "Give the same options as before, or train from the beginning")
    let otherNetwork = try trainer(mean, examples, recipe(1))
    let before = SafeTensors.encode(otherNetwork.checkpoint())
    XCTAssertTrue(
      errorText { try otherNetwork.resume(from: checkpoint) }.hasPrefix(
        "load: layers.layers.1.weight is not part of MeanSpectrumNet"))
    XCTAssertTrue(SafeTensors.encode(otherNetwork.checkpoint()) == before, "it was changed")
    let same = try trainer(dropout, examples, recipe(1))
    XCTAssertEqual(
      errorText {
        try same.resume(from: checkpoint.filter { $0.name != "generator.layers.layers.2" })
      },
      "resume: the checkpoint has no generator.layers.layers.2, or a damaged one")
  }
}
