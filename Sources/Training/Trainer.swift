import Chunks
import NeuralNetworks
import Optimisation
import TensorCore
import WorkerPipe

/// Where the examples come from.
public enum TrainingExamples: Sendable {
  /// Fixed chunks, each seen once in an epoch.
  case chunks(ChunkSet)
  /// Recordings, of which each epoch takes one chunk at a random offset.
  case recordings(SpectrogramSet, chunkLength: Int)
}

/// The training loop of section 4.8.
///
/// Two classes are told apart by one logit, trained with the binary cross-entropy; the sign of the
/// logit is the prediction. Several classes have a logit each and the cross-entropy.
public final class Trainer {
  let network: any Network
  private let examples: TrainingExamples
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
  public init(_ network: any Network, on examples: TrainingExamples, recipe: Recipe) {
    self.network = network
    self.examples = examples
    self.recipe = recipe
    optimiser = Adam(network, learningRate: recipe.learningRate)
    average = recipe.averageDecay.map { ParameterAverage(network, decay: $0) }
    order = MersenneTwister(seed: recipe.seed)
  }

  /// Does something with the network that the training has arrived at: its averaged parameters if the
  /// recipe asks for an average, else those of the last step.
  public func withTrainedNetwork<Result>(
    _ body: (any Network) throws -> Result
  ) rethrows -> Result {
    guard let average else { return try body(network) }
    return try average.withAverages { try body(network) }
  }

  /// Trains, from the first epoch or the one after a resumed checkpoint's last.
  ///
  /// - Parameter report: is told how the training goes; an error it throws ends the training.
  public func run(_ report: (Event) throws -> Void) throws {
    KernelThreads.count = recipe.threads
    var seconds = 0.0
    var seen = 0
    var steps = 0
    let clock = ContinuousClock()
    var scheduler: LearningRateScheduler?
    var watch = TrainingWatch(network)
    while completedEpochs < max(recipe.epochs, 1) {
      network.train()
      watch.beginEpoch()
      let chunks = chunksOfEpoch()
      let batches = chunks.batches(of: recipe.batchSize, shuffledBy: &order)
      var running = RunningMetrics()
      var state = TrainingReport(
        epoch: completedEpochs + 1, batch: 0, batchCount: batches.count, trainLoss: 0,
        trainAccuracy: 0,
        examplesPerSecond: 0)
      let schedule = scheduler ?? stepSizes(batchesInEpoch: batches.count)
      scheduler = schedule
      for batch in batches {
        let start = clock.now
        let (X, labels) = chunks.batch(batch)
        let logits = try network(X)
        let loss = try lossFunction(logits, labels)
        optimiser.zeroGrad()
        try loss.backward()
        watch.look()
        if let longest = recipe.clipNorm { network.clipGradients(norm: longest) }
        optimiser.step()
        schedule.step()
        average?.update()
        running.add(loss: try loss.item, logits: logits, labels: labels)
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
      try report(.epoch(state))
      if steps == recipe.maximumSteps { return }
    }
  }

  /// The recipe's schedule, at the batch where the training begins or goes on.
  private func stepSizes(batchesInEpoch: Int) -> LearningRateScheduler {
    let schedule: LearningRateSchedule =
      switch recipe.schedule {
      case .constant: LearningRateSchedule { _ in 1 }
      case .cosine: .cosine(over: recipe.epochs * batchesInEpoch)
      }
    optimiser.learningRate = recipe.learningRate
    let scheduler = LearningRateScheduler(optimiser, schedule)
    scheduler.steps = completedEpochs * batchesInEpoch
    return scheduler
  }

  private func chunksOfEpoch() -> ChunkSet {
    switch examples {
    case .chunks(let set): return set
    case .recordings(let set, let length): return set.randomChunks(length: length, &order)
    }
  }
}

/// The loss of the course: for logits `[N, 1]` the binary cross-entropy, for `[N, K]` the
/// cross-entropy.
///
/// - Throws: when the logits have another shape.
public func lossFunction(_ logits: Tensor, _ labels: [Int32]) throws(TensorError) -> Tensor {
  guard logits.rank == 2, logits.shape[0] == labels.count else {
    throw TensorError(
      "loss", "the network's output has shape \(logits.shape), expected [\(labels.count), 1]")
  }
  if logits.shape[1] == 1 {
    return try binaryCrossEntropyWithLogits(
      logits, targets: Tensor(labels.map(Float.init), shape: logits.shape))
  }
  return try crossEntropy(logits, labels: labels)
}

/// The logits of all chunks, in evaluation mode and without a graph.
///
/// - Throws: what the network throws.
public func predict(
  _ network: any Network, on chunks: ChunkSet, batchSize: Int = 512
) throws -> [Float] {
  network.eval()
  var logits: [Float] = []
  for batch in chunks.batches(of: batchSize) {
    let (X, labels) = chunks.batch(batch)
    let result = try noGrad { try network(X) }
    guard result.rank == 2, result.shape[0] == labels.count else {
      throw TensorError(
        "predict", "the network's output has shape \(result.shape), expected [\(labels.count), 1]")
    }
    logits += result.array
  }
  return logits
}
