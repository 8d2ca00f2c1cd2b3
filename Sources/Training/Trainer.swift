import Examples
import NeuralNetworks
import Optimisation
import TensorCore

/// The training loop of section 4.8, for whatever is `Trainable`.
///
/// Two classes are told apart by one logit, trained with the binary cross-entropy; the sign of the
/// logit is the prediction. Several classes have a logit each and the cross-entropy.
public final class Trainer {
  let network: any Trainable
  private let examples: ExampleSet
  let recipe: Recipe
  let optimiser: any Optimiser
  let average: ParameterAverage?
  /// Decides the order of the batches, and the offsets of random chunks.
  var order: MersenneTwister
  /// Epochs that are done, those before a resumed checkpoint included.
  public internal(set) var completedEpochs = 0

  /// What is told while training: a batch is done, or an epoch.
  public enum Event {
    /// A batch is done.
    case batch(TrainingReport)
    /// An epoch is done, or the recipe's steps are.
    case epoch(TrainingReport)
  }

  /// Prepares the training of a network by a recipe.
  public init(_ network: any Trainable, on examples: ExampleSet, recipe: Recipe) {
    self.network = network
    self.examples = examples
    self.recipe = recipe
    optimiser = recipe.optimiser.make(network, learningRate: recipe.learningRate)
    average = recipe.averageDecay.map { ParameterAverage(network, decay: $0) }
    order = MersenneTwister(seed: recipe.seed)
  }

  /// Does something with the network that the training has arrived at: its averaged parameters if the
  /// recipe asks for an average, else those of the last step.
  public func withTrainedNetwork<Result>(
    _ body: (any Trainable) throws -> Result
  ) rethrows -> Result {
    guard let average else { return try body(network) }
    return try average.withAverages { try body(network) }
  }

  private func checkRecipe() throws(TensorError) {
    guard recipe.batchSize > 0 else {
      throw TensorError(
        "train", "batches of \(recipe.batchSize) examples: a batch has at least one")
    }
    if case .randomWindows(let length) = recipe.source, length <= 0 {
      throw TensorError("train", "windows of \(length) rows: a window has at least one")
    }
  }

  /// Trains, from the first epoch or the one after a resumed checkpoint's last.
  ///
  /// - Parameter report: is told how the training goes; an error it throws ends the training.
  public func run(_ report: (Event) throws -> Void) throws {
    try checkRecipe()
    KernelThreads.count = recipe.threads
    var seconds = 0.0
    var seen = 0
    var steps = 0
    let clock = ContinuousClock()
    var scheduler: LearningRateScheduler?
    var watch = TrainingWatch(network)
    var products: [MatrixProduct]?
    while completedEpochs < max(recipe.epochs, 1) {
      network.train()
      watch.beginEpoch()
      let examples = recipe.source.examples(of: examples, using: &order)
      let batches = try batches(of: examples)
      var running = RunningMetrics()
      var state = TrainingReport(
        epoch: completedEpochs + 1, batch: 0, batchCount: batches.count, trainLoss: 0,
        trainAccuracy: 0,
        examplesPerSecond: 0)
      let schedule = scheduler ?? stepSizes(batchesInEpoch: batches.count)
      scheduler = schedule
      for batch in batches {
        let start = clock.now
        let batch = examples.batch(batch)
        let loss: Tensor
        let predictions: Predictions
        if steps == 0 {
          ((loss, predictions), products) = try MatrixProducts.counting {
            try step(batch, schedule, &watch)
          }
        } else {
          (loss, predictions) = try step(batch, schedule, &watch)
        }
        running.add(loss: try loss.item, predictions, batch)
        let elapsed = (clock.now - start).components
        seconds += Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        seen += batch.count
        steps += 1

        state.batch += 1
        state.trainLoss = running.loss
        state.trainAccuracy = running.accuracy
        state.examplesPerSecond = Double(seen) / max(seconds, 1e-9)
        try report(.batch(state))
        if steps == recipe.maximumSteps { break }
      }
      completedEpochs += 1
      state.largestGradient = watch.largestGradient
      state.parameters = watch.parameters
      state.products = products
      products = nil
      try report(.epoch(state))
      if steps == recipe.maximumSteps { return }
    }
  }

  /// The batches of the next epoch: the network's own, where it chooses them.
  private func batches(of examples: ExampleSet) throws -> [ArraySlice<Int>] {
    guard let chooser = network as? any BatchChoosing else {
      return examples.batches(of: recipe.batchSize, shuffledBy: &order)
    }
    // from the order's numbers, which a checkpoint keeps
    var generator = RandomGenerator(seed: order.next())
    let batches = try chooser.batches(of: examples, size: recipe.batchSize, using: &generator)
    var used = Set<Int>()
    for batch in batches {
      guard (1...recipe.batchSize).contains(batch.count) else {
        throw TensorError(
          "train",
          "a batch has \(batch.count) examples: the network may choose 1 to "
            + "\(recipe.batchSize)")
      }
      for place in batch {
        guard examples.count > place, place >= 0, used.insert(place).inserted else {
          throw TensorError(
            "train",
            "the network chooses example \(place) of \(examples.count), which is none or one "
              + "that the epoch has had")
        }
      }
    }
    guard !batches.isEmpty else {
      throw TensorError(
        "train",
        "the network chooses no batch of \(recipe.batchSize) among \(examples.count) examples",
        remedy: "Take smaller batches, or more examples")
    }
    return batches.map { $0[...] }
  }

  /// One step: forward, backward, the optimiser, the average.
  private func step(
    _ batch: Batch, _ schedule: LearningRateScheduler, _ watch: inout TrainingWatch
  ) throws -> (loss: Tensor, predictions: Predictions) {
    let predictions = try network.predictions(batch)
    let loss = try network.loss(predictions, batch, classWeights: recipe.classWeights)
    optimiser.zeroGrad()
    try loss.backward()
    if let longest = recipe.clipNorm {
      let squares = network.squaresOfGradients
      watch.note(squares: squares)
      network.clipGradients(norm: longest, squares: squares)
      optimiser.step()
    } else {
      watch.note(squares: optimiser.step())
    }
    schedule.step()
    average?.update()
    return (loss, predictions)
  }

  /// The recipe's schedule, at the batch where the training begins or goes on.
  private func stepSizes(batchesInEpoch: Int) -> LearningRateScheduler {
    optimiser.learningRate = recipe.learningRate
    let (all, isTooMany) = recipe.epochs.multipliedReportingOverflow(by: batchesInEpoch)
    let batches = min(isTooMany ? .max : all, recipe.maximumSteps ?? .max)
    let scheduler = LearningRateScheduler(optimiser, recipe.schedule.factors(batches: batches))
    scheduler.steps = completedEpochs * batchesInEpoch
    return scheduler
  }
}

/// What a network says of all examples, by name, in evaluation mode and without a graph.
///
/// - Parameter batchSize: how many it is given at once; nil: as many as are no burden.
/// - Throws: what the network throws, or when a prediction has not one row for each example.
public func predict(
  _ network: any Trainable, on examples: ExampleSet, batchSize: Int? = nil
) throws -> Predictions {
  network.eval()
  var rows: [(name: String, shape: [Int], values: [Float])] = []
  for indices in examples.batches(of: batchSize ?? examples.countInMemory) {
    let batch = examples.batch(indices)
    for (index, found) in try noGrad({ try network.predictions(batch) }).entries.enumerated() {
      let shape = found.tensor.shape
      guard shape.rank > 0, shape[0] == batch.count,
        index >= rows.count || rows[index].shape == Array(shape.dimensions.dropFirst())
      else {
        throw TensorError(
          "predict",
          "the network's \(found.name) has shape \(shape), expected one row for each of "
            + "\(batch.count) examples")
      }
      if index >= rows.count { rows.append((found.name, Array(shape.dimensions.dropFirst()), [])) }
      rows[index].values += found.tensor.array
    }
  }
  return Predictions(
    try rows.map { ($0.name, try Tensor($0.values, shape: Shape([examples.count] + $0.shape))) })
}
