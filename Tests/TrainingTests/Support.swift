import Examples
import NeuralNetworks
import TensorCore
import Training
import WorkerPipe

@testable import RecurrentNetworksReference

/// What the tests train on: numbers without meaning, of the course's shapes.
enum TestTraining {
  static let binCount = 17
  static let stepCount = 40

  static func table(rows: Int) -> Table {
    var generator = RandomGenerator(seed: 5)
    return Table(Tensor.randn([rows, binCount], using: &generator).array, rowShape: [binCount])
  }

  static func chunks(_ count: Int) -> ExampleSet {
    ExampleSet(
      [
        .init(
          table(rows: stepCount + count), firstRows: Array(0..<count), extent: .window(stepCount))
      ], targets: .classes((0..<count).map { Int32($0 * 7 % 3 % 2) }, count: 2))
  }

  typealias Maker = @Sendable (inout RandomGenerator) throws -> any Network

  /// The course's networks by name.
  static let makers: [String: Maker] = [
    "MeanSpectrumNet": { try MeanSpectrumNet(binCount: binCount, using: &$0) },
    "FullyConnectedNet": {
      try FullyConnectedNet(stepCount: stepCount, binCount: binCount, using: &$0)
    },
    "ConvNet": { try ConvNet(binCount: binCount, using: &$0) },
    "RNNNet": { try RNNNet(binCount: binCount, hiddenSize: 32, using: &$0) },
    "LSTMNet": { try LSTMNet(binCount: binCount, hiddenSize: 32, using: &$0) },
    "BuiltinLSTMNet": { try BuiltinLSTMNet(binCount: binCount, hiddenSize: 32, using: &$0) },
  ]

  /// Makes a network and trains it.
  ///
  /// - Returns: the bytes of a checkpoint.
  static func train(_ make: Maker, on examples: ExampleSet, _ recipe: Recipe) throws
    -> [UInt8]
  {
    var generator = RandomGenerator(seed: recipe.seed)
    let trainer = Trainer(try make(&generator), on: examples, recipe: recipe)
    try trainer.run { _ in }
    return SafeTensors.encode(trainer.checkpoint())
  }
}

/// A network that draws random numbers while it is trained.
final class DropoutNet: Module, Network {
  private let layers: Sequential

  init(using generator: inout RandomGenerator) throws {
    layers = Sequential(
      Flatten(), Linear(TestTraining.stepCount * TestTraining.binCount, 8, using: &generator),
      try Dropout(probability: 0.5, using: &generator), BatchNorm1d(8),
      Linear(8, 1, using: &generator))
  }

  func callAsFunction(_ X: Tensor) throws -> Tensor { try layers(X) }
}
