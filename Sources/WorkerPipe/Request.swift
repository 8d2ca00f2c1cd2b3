import Training

/// A question to the worker.
public enum Request: Codable, Sendable {
  /// The names in the catalogue. Answer: `Response.catalogue`.
  case describe
  /// Something about one entry of the catalogue.
  case ask(Question, about: Subject)

  /// An entry of the catalogue, and what it is made with.
  public struct Subject: Codable, Sendable {
    /// Its name in the catalogue.
    public var name: String
    /// What it is made with, such as `hiddenSize`.
    public var settings: Settings
    /// Decides what is drawn when it is made, and after that; nil where that does not matter.
    public var seed: UInt64?

    /// Names an entry.
    public init(_ name: String, _ settings: Settings = [:], seed: UInt64? = nil) {
      self.name = name
      self.settings = settings
      self.seed = seed
    }

    /// Names an entry that is made with sizes alone.
    public init(_ name: String, sizes: [String: Int], seed: UInt64? = nil) {
      self.init(name, Settings(sizes: sizes), seed: seed)
    }
  }

  /// What is asked about a subject. Answers other than a training's are `Response.answer`.
  public enum Question: Codable, Sendable {
    /// The parameters and buffers of a freshly made model, as tensors. A parameter that is the same tensor
    /// as one before comes as `shared:NAME`, whose number is that one's place in the answer. Which of them are
    /// buffers is said alike by `buffer:NAME`.
    ///
    /// - wantsGenerator: whether the answer has, as a tensor `generator:next`, the numbers that the
    ///   generator gives after the model was made with it.
    case parameters(wantsGenerator: Bool = false)
    /// The results of a model with the parameters `parameter:NAME` on the inputs `input:NAME`.
    case forward(Calls = Calls())
    /// The gradients of all parameters and inputs for the gradients `upstream:RESULT` of the results.
    case backward(Calls = Calls())
    /// A training. Answers: `Response.progress`, `Response.epoch`, at last `Response.trained`.
    case train(TrainingRequest)
    /// What a network with the parameters `parameter:NAME` says of the validation examples of a training.
    case predictions(TrainingQuestion.Description)
    /// What the variables of a network's code hold at each step, for the training examples of a training
    /// as one batch, by the names that they have in the code: tensors `value:LINE:NAME`, with a first axis
    /// of steps, and `gradient:LINE:NAME`, the loss's gradients for them, where there are some. A worker
    /// that was not compiled for it has none to tell.
    case variables(TrainingQuestion.Description)
  }

  /// How a model is called before its results count.
  public struct Calls: Codable, Sendable {
    /// Whether it has not been called before on these parameters. It usually has been, on other inputs, so
    /// that a state that is kept from one batch to the next shows.
    public var isFirst: Bool
    /// How many calls with other parameters and other inputs lie before all these.
    public var warmUps: Int
    /// Training mode in place of evaluation mode.
    public var isTraining: Bool
    /// How many calls' results are wanted, one after the other from the same generator; where they are
    /// more than one, each result has a first axis of so many calls, and no other call is made.
    public var draws: Int
    /// How many batches lie before all that counts, on the parameters of the question and in training mode, as in
    /// an epoch that learns nothing: what is kept in buffers has moved so often. Their inputs are `batch:K:NAME`, K
    /// from 0.
    public var batches: Int
    /// Whether the answer has all parameters and buffers as they are after the calls, as `state:NAME`.
    public var wantsState: Bool

    /// Describes the calls; by default those that are usual.
    public init(
      isFirst: Bool = false, warmUps: Int = 0, isTraining: Bool = false, draws: Int = 1,
      batches: Int = 0, wantsState: Bool = false
    ) {
      self.isFirst = isFirst
      self.warmUps = warmUps
      self.isTraining = isTraining
      self.draws = draws
      self.batches = batches
      self.wantsState = wantsState
    }
  }

  /// What a training is besides its tensors, which are those of `TrainingQuestion`.
  public struct TrainingRequest: Codable, Sendable {
    /// How it trains.
    public var recipe: Recipe
    /// What the tensors say.
    public var examples: TrainingQuestion.Description
    /// What an epoch's report comes with.
    public var keeps: Keeping

    /// Describes a training.
    public init(_ recipe: Recipe, on examples: TrainingQuestion.Description, keeps: Keeping) {
      self.recipe = recipe
      self.examples = examples
      self.keeps = keeps
    }
  }

  /// What an epoch's report comes with, besides the results on the validation examples.
  public enum Keeping: String, Codable, Sendable {
    /// Nothing.
    case nothing
    /// Parameters and buffers, as tensors `parameter:NAME`.
    case parameters
    /// Those, and what a resumed training needs as tensors `checkpoint:NAME`. Such tensors in a
    /// request say where a training goes on.
    case checkpoints
  }
}

extension Request.Question {
  /// What all requests of a kind have in common.
  public enum Kind: Sendable { case parameters, forward, backward, train, predictions, variables }

  /// Its kind.
  public var kind: Kind {
    switch self {
    case .parameters: .parameters
    case .forward: .forward
    case .backward: .backward
    case .train: .train
    case .predictions: .predictions
    case .variables: .variables
    }
  }
}
