import Examples
import NeuralNetworks
import Optimisation
import TensorCore
import TestSupport
import Training
import XCTest

/// Trainings that are not those of the first unit: several inputs, targets of every kind, a loss of the
/// network's own, every optimiser and schedule.
final class TrainableTests: XCTestCase {
  /// Two towers and the squared distance of what they say of the same example.
  private final class Towers: Module, Trainable {
    private let left: Linear
    private let right: Linear

    init(using generator: inout RandomGenerator) {
      left = Linear(3, 2, using: &generator)
      right = Linear(2, 2, using: &generator)
    }

    func predictions(_ batch: Batch) throws -> Predictions {
      Predictions([("left", try left(batch["leads"])), ("right", try right(batch["text"]))])
    }

    func loss(
      _ predictions: Predictions, _ batch: Batch, classWeights: [Float]?
    ) throws -> Tensor {
      try (predictions["left"] - predictions["right"]).squared().mean()
    }
  }

  /// Logits of the mean over an example's own steps.
  private final class MeanNet: Module, Network {
    private let linear: Linear

    init(_ inputs: Int, _ outputs: Int, using generator: inout RandomGenerator) {
      linear = Linear(inputs, outputs, using: &generator)
    }

    func callAsFunction(_ X: Tensor) throws -> Tensor {
      try linear(X.rank == 3 ? X.mean(axis: 1) : X)
    }
  }

  private func table(_ rows: Int, _ width: Int, seed: UInt64) -> Table {
    var generator = RandomGenerator(seed: seed)
    return Table(Tensor.randn([rows, width], using: &generator).array, rowShape: [width])
  }

  private func losses(
    _ network: any Trainable, _ set: ExampleSet, _ recipe: Recipe
  ) throws -> [Double] {
    var losses: [Double] = []
    try Trainer(network, on: set, recipe: recipe).run { event in
      if case .epoch(let report) = event { losses.append(report.trainLoss) }
    }
    return losses
  }

  func testANetworkOfTwoInputsWithALossOfItsOwn() throws {
    let set = ExampleSet(
      [
        .init(table(12, 3, seed: 1), name: "leads", firstRows: Array(0..<12), extent: .row),
        .init(
          table(12, 2, seed: 2), name: "text", firstRows: Array(0..<12).reversed(), extent: .row),
      ], targets: .none)
    var generator = RandomGenerator(seed: 1)
    let towers = Towers(using: &generator)
    let losses = try losses(towers, set, Recipe(epochs: 60, batchSize: 4, seed: 1))
    XCTAssertLessThan(try XCTUnwrap(losses.last), 0.1 * losses[0])
    let said = try predict(towers, on: set, batchSize: 5)
    XCTAssertEqual(said.entries.map(\.name), ["left", "right"])
    XCTAssertEqual(said.entries.map(\.tensor.shape), [[12, 2], [12, 2]])
    XCTAssertEqual(
      errorText { _ = try said["logits"] },
      "prediction: there is no logits. There are left, right")
    XCTAssertEqual(
      errorText { _ = try set.batch([0])["X"] },
      "input: there is no X. There are leads, text")
  }

  /// A linear network fits what a linear rule made of its inputs, whatever the targets are.
  func testTargetsOfEveryKindAreLearned() throws {
    let inputs = table(60, 4, seed: 3)
    func row(_ index: Int) -> [Float] { Array(inputs.values[(4 * index)..<(4 * index + 4)]) }
    let classes = (0..<60).map { index in
      Int32(row(index).prefix(3).enumerated().max { $0.element < $1.element }?.offset ?? 0)
    }
    let targets: [(Targets, width: Int, below: Double)] = [
      (.classes(classes, count: 3), 3, 0.25),
      (.classes((0..<60).map { row($0)[0] > 0 ? 1 : 0 }, count: 2), 1, 0.2),
      (
        .labelSets(
          (0..<60).flatMap { [row($0)[0] > 0 ? 1 : 0, row($0)[1] > 0.5 ? 1 : 0] }, count: 2), 2,
        0.25
      ),
      (.numbers((0..<60).flatMap { [2 * row($0)[3] - 1, row($0)[0]] }, width: 2), 2, 0.01),
    ]
    for (targets, width, bound) in targets {
      let set = ExampleSet(
        [.init(inputs, firstRows: Array(0..<60), extent: .row)], targets: targets)
      var generator = RandomGenerator(seed: 2)
      let losses = try losses(
        MeanNet(4, width, using: &generator), set,
        Recipe(epochs: 150, batchSize: 20, learningRate: 0.05, seed: 2))
      XCTAssertLessThan(try XCTUnwrap(losses.last), bound, "\(targets)".prefix(20) + "…")
      XCTAssertGreaterThan(losses[0], 2 * bound)
    }
  }

  /// Logits x, labels 0 and 1, weights 3 and 1: (3 log(1 + e^x₀) + log(1 + e^−x₁)) / 4, and the same
  /// for two logits whose difference is x.
  func testClassWeights() throws {
    let x: [Float] = [0.3, -1.2]
    let expected = (3 * log1p(exp(0.3)) + log1p(exp(1.2))) / 4
    let targets = Targets.classes([0, 1], count: 2)
    let one = try lossFunction(Tensor(x, shape: [2, 1]), targets, classWeights: [3, 1])
    XCTAssertEqual(Double(try one.item), expected, accuracy: 1e-6)
    let two = try lossFunction(
      Tensor([0, x[0], 0, x[1]], shape: [2, 2]), targets, classWeights: [3, 1])
    XCTAssertEqual(Double(try two.item), expected, accuracy: 1e-6)
    for logits in [Tensor.zeros([2]), Tensor.zeros([2, 3]), Tensor.zeros([3, 1])] {
      XCTAssertEqual(
        errorText { _ = try lossFunction(logits, targets) },
        "loss: the network's output has shape \(logits.shape), expected [2, 1]")
    }
    XCTAssertEqual(
      errorText { _ = try lossFunction(one, .none) }, "loss: the examples have no targets")
  }

  /// One step of the trainer is one step of the core's optimiser, on the same gradient.
  func testEveryOptimiserIsTheCores() throws {
    let set = ExampleSet(
      [.init(table(6, 4, seed: 5), firstRows: Array(0..<6), extent: .row)],
      targets: .classes([0, 1, 0, 1, 1, 0], count: 2))
    let cases: [(OptimiserChoice, (Module) -> any Optimiser)] = [
      (.init(), { Adam($0, learningRate: 0.1) }),
      (.init(.adam, weightDecay: 0.2), { Adam($0, learningRate: 0.1, weightDecay: 0.2) }),
      (.init(.adamW), { AdamW($0, learningRate: 0.1) }),
      (.init(.adamW, weightDecay: 0.3), { AdamW($0, learningRate: 0.1, weightDecay: 0.3) }),
      (.init(.sgd), { SGD($0, learningRate: 0.1) }),
      (
        .init(.sgd, momentum: 0.9, nesterov: true, weightDecay: 0.1),
        { SGD($0, learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1) }
      ),
      (.init(.rmsProp), { RMSprop($0, learningRate: 0.1) }),
      (
        .init(.rmsProp, momentum: 0.5, weightDecay: 0.1),
        { RMSprop($0, learningRate: 0.1, momentum: 0.5, weightDecay: 0.1) }
      ),
    ]
    var ends: Set<[Float]> = []
    for (choice, make) in cases {
      func network() -> MeanNet {
        var generator = RandomGenerator(seed: 7)
        return MeanNet(4, 1, using: &generator)
      }
      let (trained, expected) = (network(), network())
      // one batch of all examples an epoch, so that their order is rounding alone
      try Trainer(
        trained, on: set,
        recipe: Recipe(epochs: 3, batchSize: 6, optimiser: choice, learningRate: 0.1, seed: 1)
      ).run { _ in }
      let optimiser = make(expected)
      let batch = set.batch(Array(0..<6)[...])
      for _ in 0..<3 {
        optimiser.zeroGrad()
        try lossFunction(expected(batch.X), batch.targets).backward()
        optimiser.step()
      }
      let (got, wanted) = (
        trained.parameters.flatMap(\.array), expected.parameters.flatMap(\.array)
      )
      for (got, wanted) in zip(got, wanted) {
        XCTAssertEqual(got, wanted, accuracy: 1e-5, "\(choice)")
      }
      ends.insert(got)
    }
    XCTAssertEqual(ends.count, cases.count, "two of them do the same")
  }

  func testSchedulesAsText() throws {
    let texts = [
      "constant", "cosine", "step:30:0.1", "exponential:0.999", "warmup:100:cosine", "onecycle:0.2",
      "warmup:5:step:30:0.5",
    ]
    for text in texts {
      let schedule = try XCTUnwrap(StepSizeSchedule(text), text)
      XCTAssertEqual(schedule.description, text)
      XCTAssertEqual(
        try JSONDecoder().decode([StepSizeSchedule].self, from: JSONEncoder().encode([schedule])),
        [schedule])
    }
    for text in [
      "", "linear", "cosine:1", "step:0:0.1", "step:3", "step:3:-1", "exponential:2",
      "exponential:x", "onecycle", "onecycle:0", "onecycle:1", "onecycle:0.2:3",
      "warmup:0:cosine", "warmup:5", "warmup:5:warmup:5:cosine",
    ] {
      XCTAssertNil(StepSizeSchedule(text), text)
    }
    XCTAssertEqual(try StepSizeSchedule.named(nil), .constant)
    XCTAssertEqual(try StepSizeSchedule.named("onecycle:0.25"), .oneCycle(rising: 0.25))
    XCTAssertThrowsError(try StepSizeSchedule.named("linear")) {
      XCTAssertTrue("\($0)".contains("linear is none"), "\($0)")
    }
  }

  /// SGD on a loss with the gradient 1 moves by the step sizes themselves: 8 batches at 0.1.
  func testTheStepsAreThoseOfTheSchedule() throws {
    let tenth = (0..<8).map { Float(0.1) * Float($0 < 4 ? 1 : 0.1) }
    let halves: [Float] = (0..<8).map { 0.1 * pow(0.5, Float($0)) }
    let cosine = (0..<8).map { Float(0.1) * (1 + cos(.pi * Float($0) / 8)) / 2 }
    // PyTorch's OneCycleLR(optimiser, 0.1, total_steps=9, pct_start=0.5, cycle_momentum=False)
    let cycle: [Float] = [
      0.004, 0.02207249, 0.062681, 0.09524651, 0.09698464, 0.0750001, 0.04131783, 0.01169813,
    ]
    let warm = (0..<8).map { Float(0.1) * ($0 < 4 ? Float($0) / 4 : 1) }
    for (text, steps) in [
      ("constant", [Float](repeating: 0.1, count: 8)), ("step:4:0.1", tenth),
      ("exponential:0.5", halves), ("cosine", cosine), ("warmup:4:constant", warm),
      ("onecycle:0.5", cycle),
    ] {
      let recipe = Recipe(
        epochs: 2, batchSize: 2, optimiser: .init(.sgd), learningRate: 0.1,
        schedule: try XCTUnwrap(StepSizeSchedule(text)), seed: 1)
      let network = Slope()
      let set = ExampleSet(
        [.init(table(8, 1, seed: 1), firstRows: Array(0..<8), extent: .row)], targets: .none)
      try Trainer(network, on: set, recipe: recipe).run { _ in }
      XCTAssertEqual(-network.w.array[0], steps.reduce(0, +), accuracy: 1e-6, text)
    }
  }

  /// A training that ends after so many batches has its whole schedule in them: 5 of 8.
  func testAScheduleEndsWithTheLastStep() throws {
    let network = Slope()
    let set = ExampleSet(
      [.init(table(8, 1, seed: 1), firstRows: Array(0..<8), extent: .row)], targets: .none)
    try Trainer(
      network, on: set,
      recipe: Recipe(
        epochs: 2, batchSize: 2, optimiser: .init(.sgd), learningRate: 0.1, schedule: .cosine,
        seed: 1, maximumSteps: 5)
    ).run { _ in }
    let steps = (0..<5).map { Float(0.1) * (1 + cos(.pi * Float($0) / 5)) / 2 }
    XCTAssertEqual(-network.w.array[0], steps.reduce(0, +), accuracy: 1e-6)
  }

  /// The number of batches is then beyond any integer, whatever the schedule.
  func testAnyNumberOfEpochs() throws {
    let set = ExampleSet(
      [.init(table(8, 1, seed: 1), firstRows: Array(0..<8), extent: .row)], targets: .none)
    for schedule in [StepSizeSchedule.constant, .cosine, .warmUp(over: 3, then: .cosine)] {
      let network = Slope()
      try Trainer(
        network, on: set,
        recipe: Recipe(
          epochs: .max, batchSize: 2, optimiser: .init(.sgd), schedule: schedule, seed: 1,
          maximumSteps: 5)
      ).run { _ in }
      XCTAssertLessThan(network.w.array[0], 0)
    }
  }

  /// A parameter whose loss it is itself.
  private final class Slope: Module, Trainable {
    @Parameter var w = Tensor([0])

    func predictions(_ batch: Batch) throws -> Predictions { Predictions([("w", w * 1)]) }

    func loss(
      _ predictions: Predictions, _ batch: Batch, classWeights: [Float]?
    ) throws -> Tensor { try predictions["w"].sum() }
  }
}
