import Foundation
import Metrics
import Training
import WorkerPipe

/// What a training is made of: a result is used again only while all of it is the same.
package struct ExperimentSignature: Codable, Equatable {
  /// The built program: its name follows from the contents of the files it was built from.
  let worker: String
  let data: String
  /// What the network is made with.
  let sizes: Settings
  /// Without the epochs, of which a training may have more than another, and without the threads, which
  /// do not matter.
  let recipe: Recipe
  /// When it ends before its time, and by what.
  let patience: Int?
  let metric: Metric?

  /// Describes a training.
  package init(
    worker: String, data: String, sizes: Settings, recipe: Recipe, patience: Int? = nil,
    metric: Metric? = nil
  ) {
    self.worker = worker
    self.data = data
    self.sizes = sizes
    self.patience = patience
    self.metric = metric
    var recipe = recipe
    (recipe.epochs, recipe.threads) = (0, 0)
    self.recipe = recipe
  }
}

/// What one training of an experiment gave.
package struct ExperimentRecord: Codable {
  /// What it is made of.
  package let signature: ExperimentSignature
  /// What it gave.
  package let result: TrainingResult

  /// Keeps a result.
  package init(signature: ExperimentSignature, result: TrainingResult) {
    self.signature = signature
    self.result = result
  }
}
