/// A tensor on the pipe: plain numbers, nothing that can be run.
public struct PipeTensor: Sendable, Equatable {
  /// What the tensor is, such as `outputs` or `W_xi`.
  public let name: String
  /// The size along each axis.
  public let shape: [Int]
  /// The elements, row-major.
  public let values: [Float]

  /// Makes a tensor; the caller answers for the number of elements.
  public init(name: String, shape: [Int], values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// The same tensor with other numbers.
  public func mapValues(_ transform: (Float) -> Float) -> PipeTensor {
    PipeTensor(name: name, shape: shape, values: values.map(transform))
  }
}

/// How the step size goes in the course of a training.
public enum StepSizeSchedule: String, Codable, Sendable, CaseIterable {
  /// The same for all batches: what section 4.10 does.
  case constant
  /// Down half a cosine, batch by batch, from the full step size to zero at the end of the training.
  /// Source: Loshchilov and Hutter 2017.
  case cosine
}

/// How a network is trained: what a grading recipe in `assignment.yml` and `rhythm train` both say.
public struct Recipe: Codable, Sendable, Equatable {
  /// Passes over the training set.
  public var epochs: Int
  /// Examples in a batch.
  public var batchSize: Int
  /// Adam's step size.
  public var learningRate: Float
  /// How the step size goes.
  public var schedule: StepSizeSchedule
  /// The length that a batch's gradient, over all parameters together, is shortened to if it is
  /// longer; nil leaves it.
  public var clipNorm: Float?
  /// The decay of the moving average of the parameters that is validated and kept in place of the
  /// last step's parameters; nil for no average.
  public var averageDecay: Float?
  /// Decides the initial parameters and the order of the batches.
  public var seed: UInt64
  /// Ends the training after this many batches, whatever the epoch.
  public var maximumSteps: Int?
  /// Takes one chunk at a random offset from each recording instead of the fixed chunks.
  public var randomChunks: Bool
  /// The threads of the kernels; 0 for all processors. The result does not depend on it.
  public var threads: Int

  /// Makes a recipe.
  public init(
    epochs: Int, batchSize: Int = 192, learningRate: Float = 0.01,
    schedule: StepSizeSchedule = .constant, clipNorm: Float? = nil, averageDecay: Float? = nil,
    seed: UInt64, maximumSteps: Int? = nil, randomChunks: Bool = false, threads: Int = 0
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.schedule = schedule
    self.clipNorm = clipNorm
    self.averageDecay = averageDecay
    self.seed = seed
    self.maximumSteps = maximumSteps
    self.randomChunks = randomChunks
    self.threads = threads
  }
}

/// A question to the worker.
public struct Request: Codable, Sendable {
  /// What is asked.
  public enum Kind: String, Codable, Sendable {
    /// The names of the models. Answer: `models`.
    case describe
    /// The parameters of a freshly made model, as tensors.
    case parameters
    /// The results of a model with given parameters on an input.
    case forward
    /// The gradients of all parameters and the input for given gradients of the results.
    case backward
    /// Training by a recipe, then logits for the validation chunks.
    case train
  }

  /// What is asked.
  public var kind: Kind
  /// The model's name in the catalogue.
  public var model: String
  /// The sizes the model is made with, such as `hiddenSize`.
  public var configuration: [String: Int]
  /// Decides the initial parameters.
  public var seed: UInt64
  /// For `train`.
  public var recipe: Recipe?
  /// For `train`: the windows in a chunk.
  public var chunkLength: Int?
  /// For `train`: whether each epoch's report comes with the parameters, and with what a resumed
  /// training needs in tensors named `checkpoint:…`. Such tensors in the request are where the training goes on.
  public var sendsCheckpoints: Bool?
  /// For `train`: whether each epoch's report comes with the parameters.
  public var sendsParameters: Bool?
  /// For `forward` and `backward`: whether the model has not been called before. It usually has been, on other
  /// numbers, so that a state that is kept from one batch to the next shows.
  public var isFirstCall: Bool?
  /// For `forward` and `backward`, where it is not the first call: how many calls with other parameters and
  /// another input lie before those that are usual.
  public var warmUps: Int?
  /// For `forward` and `backward`: training mode in place of evaluation mode.
  public var isTraining: Bool?
  /// For `parameters`: whether the answer has, as a tensor `generator:next`, the numbers that the
  /// generator gives after the model was made with it.
  public var tellsGenerator: Bool?

  /// Makes a request.
  public init(
    _ kind: Kind, model: String = "", configuration: [String: Int] = [:], seed: UInt64 = 0,
    recipe: Recipe? = nil, chunkLength: Int? = nil
  ) {
    self.kind = kind
    self.model = model
    self.configuration = configuration
    self.seed = seed
    self.recipe = recipe
    self.chunkLength = chunkLength
  }
}

/// How far a training has come, and what it reports at the end of an epoch.
public struct TrainingReport: Codable, Sendable, Equatable {
  /// The epoch, from 1.
  public var epoch: Int
  /// Batches done in this epoch, and how many it has.
  public var batch: Int
  /// How many batches the epoch has.
  public var batchCount: Int
  /// The mean loss over the epoch's examples so far.
  public var trainLoss: Double
  /// The share of the epoch's examples so far that were classified correctly.
  public var trainAccuracy: Double
  /// Examples a second of training, validation left out, since the start.
  public var examplesPerSecond: Double
  /// The length of the longest gradient of the epoch's batches, over all parameters together and
  /// before any clipping; told at the end of an epoch.
  public var largestGradient: Double?
  /// How the parameters fare; told at the end of an epoch.
  public var parameters: [ParameterHealth]?

  /// Makes a report.
  public init(
    epoch: Int, batch: Int, batchCount: Int, trainLoss: Double, trainAccuracy: Double,
    examplesPerSecond: Double
  ) {
    self.epoch = epoch
    self.batch = batch
    self.batchCount = batchCount
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.examplesPerSecond = examplesPerSecond
  }
}

/// What calls of a model changed that they should leave alone.
public struct SideEffects: Codable, Sendable, Equatable {
  /// The parameters that are not as they were before the calls.
  public var parameters: [String]
  /// Whether the input is not as it was.
  public var input: Bool
  /// The results of the first call that were others when the last one was over.
  public var results: [String]

  /// Describes side effects; by default there are none.
  public init(parameters: [String] = [], input: Bool = false, results: [String] = []) {
    self.parameters = parameters
    self.input = input
    self.results = results
  }
}

/// An answer of the worker.
public struct Response: Codable, Sendable {
  /// What kind of answer it is.
  public enum Kind: String, Codable, Sendable {
    /// The answer to the question.
    case answer
    /// The student's code threw an error; see `message`.
    case failure
    /// The student's code is still a stub; see `task`, `file` and `line`.
    case notImplemented
    /// A training goes on; see `report`.
    case progress
    /// An epoch of a training is over; see `report`. The tensors are the validation logits, and
    /// the parameters if they were asked for.
    case epoch
  }

  /// What kind of answer it is.
  public var kind: Kind
  /// What went wrong.
  public var message: String?
  /// The task of a stub.
  public var task: String?
  /// The file of a stub.
  public var file: String?
  /// The line of a stub.
  public var line: Int?
  /// The names of the catalogue's models.
  public var models: [String]?
  /// The state of a training.
  public var report: TrainingReport?
  /// For `forward`: what the calls changed besides; nil where that is nothing.
  public var sideEffects: SideEffects?

  /// Makes a response.
  public init(_ kind: Kind, message: String? = nil) {
    self.kind = kind
    self.message = message
  }
}
