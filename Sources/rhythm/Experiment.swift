import Foundation
import Training
import WorkerPipe

/// A series of trainings: section 4.10 on fixed chunks, or 4.12 on chunks at random offsets.
struct Experiment {
  /// One network of the series.
  struct Entry {
    let network: NetworkChoice
    let epochs: Int
    /// The course's printed validation accuracy.
    let printed: Double?
    /// The last epoch's validation accuracy of PyTorch 2.15 on the same split, by the same recipe.
    let pyTorch: Double?
  }

  /// The name in files: `chunks` or `random-chunks`.
  let name: String
  /// The heading of the table.
  let title: String
  let randomChunks: Bool
  let entries: [Entry]

  /// Section 4.10.
  static let chunks = Experiment(
    name: "chunks", title: "Fixed chunks (section 4.10)", randomChunks: false,
    entries: [
      entry("MeanSpectrumNet", 100, printed: 0.572, pyTorch: 0.568),
      entry("FullyConnectedNet", 25, printed: 0.776, pyTorch: 0.778),
      // printed without the pooling layers, and LSTMNet with σ in the input node
      entry("ConvNet", 20, printed: 0.860, pyTorch: 0.882),
      entry("RNNNet", 20, printed: 0.499, pyTorch: 0.500),
      entry("LSTMNet", 20, printed: 0.900, pyTorch: 0.903),
      entry("BuiltinLSTMNet", 20, printed: 0.905, pyTorch: 0.904),
    ].compactMap(\.self))

  /// Section 4.12.
  static let augmented = Experiment(
    name: "random-chunks", title: "Chunks at random offsets (section 4.12)", randomChunks: true,
    entries: [
      entry("MeanSpectrumNet", 100, printed: 0.567, pyTorch: 0.567),
      entry("FullyConnectedNet", 100, printed: 0.800, pyTorch: 0.831),
      entry("ConvNet", 50, printed: 0.872, pyTorch: 0.863),
      entry("BuiltinLSTMNet", 100, printed: 0.930, pyTorch: 0.935),
    ].compactMap(\.self))

  private static func entry(
    _ name: String, _ epochs: Int, printed: Double, pyTorch: Double
  ) -> Entry? {
    NetworkChoice.named(name).map {
      Entry(network: $0, epochs: epochs, printed: printed, pyTorch: pyTorch)
    }
  }
}

/// What a training is made of: a result is used again only while all of it is the same.
struct ExperimentSignature: Codable, Equatable {
  /// The built program: its name follows from the contents of the files it was built from.
  let worker: String
  let data: String
  /// Without the epochs, of which a training may have more than another, and without the threads, which
  /// do not matter.
  let recipe: Recipe

  init(worker: String, data: String, recipe: Recipe) {
    self.worker = worker
    self.data = data
    var recipe = recipe
    (recipe.epochs, recipe.threads) = (0, 0)
    self.recipe = recipe
  }
}

/// What one training of an experiment gave.
struct ExperimentRecord: Codable {
  let signature: ExperimentSignature
  let result: TrainingResult
}
