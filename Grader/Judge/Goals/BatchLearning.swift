import Examples
import WorkerPipe

/// Whether a network learns one small batch by heart, starting from its own first numbers: the
/// shortest proof that what is computed, the gradients and the parameters belong together.
package struct BatchLearning {
  private let session: JudgeSession
  private let network: String
  /// The sizes the network is made with, besides the number of bins.
  private let configuration: [String: Int]
  /// Whether the network is the task's function, as other checks have shown.
  private let isRight: Bool

  /// Prepares the check of a network.
  package init(
    session: JudgeSession, network: String, configuration: [String: Int], isRight: Bool
  ) {
    self.session = session
    self.network = network
    self.configuration = configuration
    self.isRight = isRight
  }

  /// 8 samples of 20 steps and 5 bins, with labels that have nothing to do with the numbers: only
  /// learning by heart helps.
  private static let (samples, steps, bins) = (8, 20, 5)
  private static let trainingSteps = 300
  /// A start in some hundreds leads a right network to seven of the eight.
  private static let attempts = 3
  private static let learningRate: Float = 0.02

  /// - Throws: `CheckFailure` when the batch is not learned.
  package func require() throws {
    var numbers = session.numbers("\(network) learns")
    let frames = numbers.normal("frames", [Self.samples * Self.steps, Self.bins])
    let order = numbers.permutation(Self.samples)
    let batch = ExampleSet(
      [
        .init(
          Table(frames.values, rowShape: [Self.bins]),
          firstRows: (0..<Self.samples).map { $0 * Self.steps }, extent: .window(Self.steps))
      ], targets: .classes(order.map { Int32($0 % 2) }, count: 2))
    var best = 0.0
    for attempt in 1...Self.attempts {
      let accuracy = try session.learnBatch(
        network, batch, configuration: configuration.merging(["binCount": Self.bins]) { $1 },
        steps: Self.trainingSteps, learningRate: Self.learningRate, attempt: attempt,
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
