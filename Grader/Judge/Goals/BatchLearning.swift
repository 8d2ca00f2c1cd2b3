import Examples
import WorkerPipe

/// Whether a network learns one small batch by heart, starting from its own first numbers: the
/// shortest proof that what is computed, the gradients and the parameters belong together.
package struct BatchLearning {
  /// The batch: labels that have nothing to do with the numbers, so that only learning by heart helps.
  package struct Batch: Sendable {
    /// Places of a sample, numbers at each place, kinds of labels.
    package let steps, features, classes: Int
    /// Adam's.
    package let learningRate: Float

    /// Describes a batch of eight samples.
    ///
    /// - Parameters:
    ///   - steps: places of a sample.
    ///   - features: numbers at each place.
    ///   - classes: kinds of labels.
    ///   - learningRate: Adam's.
    package init(steps: Int, features: Int, classes: Int, learningRate: Float) {
      self.steps = steps
      self.features = features
      self.classes = classes
      self.learningRate = learningRate
    }
  }

  private let session: JudgeSession
  private let network: String
  private let configuration: [String: Int]
  private let batch: Batch
  /// Whether the network is the task's function, as other checks have shown.
  private let isRight: Bool

  /// Prepares the check of a network.
  ///
  /// - Parameter configuration: the sizes it is made with, which must suit the batch.
  package init(
    session: JudgeSession, network: String, configuration: [String: Int], batch: Batch,
    isRight: Bool
  ) {
    self.session = session
    self.network = network
    self.configuration = configuration
    self.batch = batch
    self.isRight = isRight
  }

  private static let samples = 8
  private static let trainingSteps = 300
  /// A start in some hundreds leads a right network to seven of the eight.
  private static let attempts = 3

  /// - Throws: `CheckFailure` when the batch is not learned.
  package func require() throws {
    var numbers = session.numbers("\(network) learns")
    let frames = numbers.normal("frames", [Self.samples * batch.steps, batch.features])
    let order = numbers.permutation(Self.samples)
    let examples = ExampleSet(
      [
        .init(
          Table(frames.values, rowShape: [batch.features]),
          firstRows: (0..<Self.samples).map { $0 * batch.steps }, extent: .window(batch.steps))
      ],
      targets: .classes(
        order.map { Int32($0 % batch.classes) }, count: batch.classes))
    var best = 0.0
    for attempt in 1...Self.attempts {
      let accuracy = try session.learnBatch(
        network, examples, configuration: configuration,
        steps: Self.trainingSteps, learningRate: batch.learningRate, attempt: attempt,
        isRight: isRight)
      if accuracy == 1 { return }
      best = max(best, accuracy)
    }
    throw CheckFailure(
      "after \(Self.trainingSteps) steps on one batch of \(Self.samples) samples the network has learned "
        + "\(Int(best * Double(Self.samples))) of them at best, from \(Self.attempts) starts; a right one "
        + "learns all")
  }
}
