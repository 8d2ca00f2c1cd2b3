import Examples

/// How a network is trained: what a goal in `assignment.yml` and `rhythm train` both say.
public struct Recipe: Codable, Sendable, Equatable {
  /// Passes over the training set.
  public var epochs: Int
  /// Examples in a batch.
  public var batchSize: Int
  /// The optimiser.
  public var optimiser: OptimiserChoice
  /// The step size.
  public var learningRate: Float
  /// How the step size goes.
  public var schedule: StepSizeSchedule
  /// The norm that a batch's gradient, over all parameters together, is scaled down to if it is
  /// larger; nil leaves it.
  public var clipNorm: Float?
  /// The decay of the moving average of the parameters that is validated and kept in place of the
  /// last step's parameters; nil for no average.
  public var averageDecay: Float?
  /// How much each class counts in the loss; nil where all count the same.
  public var classWeights: [Float]?
  /// Decides the initial parameters and the order of the batches.
  public var seed: UInt64
  /// Ends the training after this many batches, whatever the epoch.
  public var maximumSteps: Int?
  /// What an epoch consists of.
  public var source: EpochSource
  /// The threads of the kernels; 0 for all processors. The result does not depend on it.
  public var threads: Int

  /// Makes a recipe.
  public init(
    epochs: Int, batchSize: Int = 192, optimiser: OptimiserChoice = .init(),
    learningRate: Float = 0.01, schedule: StepSizeSchedule = .constant, clipNorm: Float? = nil,
    averageDecay: Float? = nil, classWeights: [Float]? = nil, seed: UInt64,
    maximumSteps: Int? = nil, source: EpochSource = .all, threads: Int = 0
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.optimiser = optimiser
    self.learningRate = learningRate
    self.schedule = schedule
    self.clipNorm = clipNorm
    self.averageDecay = averageDecay
    self.classWeights = classWeights
    self.seed = seed
    self.maximumSteps = maximumSteps
    self.source = source
    self.threads = threads
  }
}
