import Assignment
import Judge
import WorkerPipe
import Workers

/// Task 5.6c: the network.
final class ECGformerChecks: HeartbeatTransformerCase {
  typealias Network = ModelSizes.Network

  private func series(_ session: JudgeSession) -> ModelSeries {
    ModelSeries(session: session, subject: "ECGformer")
  }

  func test1Parameters() throws {
    try check {
      try series($0).requireParameters(
        [
          Network.course,
          Network(tokens: 4, channels: 2, embedding: 6, heads: 3, layers: 3, classes: 4),
          Network(tokens: 1, channels: 1, embedding: 1, heads: 1, layers: 1, classes: 1),
        ].map(\.configuration))
    }
  }

  /// The positions; of all others only that no numbers stand twice, as where all layers are one or are made from a
  /// copy of the generator. What they are drawn from is the parts' to say.
  func test1Start() throws {
    try check { session in
      var numbers = session.numbers("ECGformer start")
      let drawn = Network(
        tokens: numbers.integer(20...30), channels: numbers.integer(8...12),
        embedding: 4 * numbers.integer(5...8), heads: 4, layers: 3)
      try series(session).requireStart([Network.course, drawn].map(\.configuration)) {
        name, inputs in
        switch name.split(separator: ".").last ?? "" {
        case "positions", "classToken": return .normal(standardDeviation: 1)
        case "weight" where !name.contains("norm"), "W_q", "W_k", "W_v", "W_o":
          return .uniform(bound: 1 / Double(inputs).squareRoot())
        default: return nil
        }
      }
    }
  }

  func test2Shapes() throws {
    try check { session in
      try series(session).requireShapes()
      try requireStore(session)
      let network = Network(tokens: 7, channels: 3, embedding: 8, heads: 2, layers: 2)
      for tokens in [9, 4] {
        try series(session).requireRefusal(
          // the class token may be counted
          [[tokens, tokens + 1], [7, 8]],
          of: "\(tokens) tokens in a network for 7"
        ) {
          var numbers = session.numbers("ECGformer with \(tokens) tokens")
          _ = try session.askStudent(
            .forward(), about: .init("ECGformer", sizes: network.configuration),
            [numbers.normal("input", [2, tokens, 3])])
        }
      }
    }
  }

  /// Each layer leaves its weights in the store, in each call those of that call.
  private func requireStore(_ session: JudgeSession) throws {
    let network = Network(tokens: 4, channels: 2, embedding: 6, heads: 3, layers: 2)
    let check = ModelCheck(session, "AttentionMaps", network.configuration)
    var numbers = session.numbers("ECGformer store")
    let results = try check.studentResults(
      check.experiment(inputShape: [2, 4, 2], &numbers))
    guard let weights = results.first(where: { $0.name == "weights" }) else {
      throw CheckFailure(
        "the store is empty after a call: each layer's weights belong in it, by its `append`"
      )
    }
    guard weights.shape.count == 5, weights.shape[1] == network.layers else {
      throw CheckFailure(
        "of \(network.layers) layers the store has \(weights.shape.count == 5 ? weights.shape[1] : 0)"
      )
    }
    let expected = [2, network.layers, network.heads, 5, 5]
    guard weights.shape == expected else {
      throw CheckFailure(
        "the weights in the store, of all layers, have shape \(weights.shape), expected \(expected)"
      )
    }
    // two layers with different parameters do not have the same weights
    let perLayer = network.heads * 25
    let layers = (0..<network.layers).map { weights.values[$0 * perLayer..<($0 + 1) * perLayer] }
    guard Set(layers.map(Array.init)).count == layers.count else {
      throw CheckFailure("the weights in the store are the same for every layer")
    }
  }

  func test3Values() throws {
    try check { session in
      try series(session).requireValues()
      try requireStoredWeights(session)
    }
  }

  /// What the layers leave in the store are the weights that they attend with, in the order of the layers. Where the
  /// store holds nothing of that shape, the check of shapes says so.
  private func requireStoredWeights(_ session: JudgeSession) throws {
    var numbers = session.numbers("ECGformer stored weights")
    let series = try Self.storedWeights(session, &numbers)
    do { try series.requireShapes() } catch is CheckFailure where !session.isRecording { return }
    do { try series.requireValues() } catch let failure as CheckFailure {
      throw CheckFailure(
        "in the store, \(failure.message)", diagnosis: failure.diagnosis,
        mistakes: failure.mistakes, difference: failure.difference, findings: failure.findings)
    }
  }

  /// The experiments in which they are compared.
  static func storedWeights(
    _ session: JudgeSession, _ numbers: inout SeededNumbers
  ) throws -> TrialSeries {
    let sizes = [
      Network(tokens: 4, channels: 2, embedding: 6, heads: 3, layers: 2).size(2),
      Network(tokens: 3, channels: 1, embedding: 4, heads: 1, layers: 3, classes: 2).size(1),
    ]
    return try TrialSeries(
      session, "AttentionMaps", sizes: sizes, smallest: [], usual: Network.course.size(2),
      numbers: &numbers)
  }

  func test4Gradients() throws { try check { try series($0).requireGradients() } }

  /// The network that learns one batch.
  static let learner = Network(tokens: 5, channels: 3, embedding: 16, heads: 2, layers: 1)
  /// The batch.
  static let batch = BatchLearning.Batch(steps: 5, features: 3, classes: 5, learningRate: 0.01)

  func test5Learns() throws {
    try check { session in
      try BatchLearning(
        session: session, network: "ECGformer", configuration: Self.learner.configuration,
        batch: Self.batch, isRight: session.hasPassed("ecgformer.values")
      ).require()
    }
  }

  /// The network reaches the goal's mean recall on beats of all classes in equal numbers.
  func test6Accuracy() throws {
    try check { session in
      let outcome = try session.trainStudent(
        "ECGformer", configuration: Network.course.configuration,
        isRight: session.hasPassed("ecgformer.values"))
      func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
      let (reached, goal) = (percent(outcome.accuracy), percent(outcome.minimum))
      guard outcome.accuracy >= outcome.minimum else {
        throw CheckFailure(
          "in \(outcome.attempts) trainings of \(outcome.steps) batches the network reached at best a mean "
            + "recall of \(reached) on beats that it had not seen, expected \(goal)",
          diagnosis: session.curve?.remarks?.first)
      }
      session.note(
        "correct: a mean recall of \(reached) after \(outcome.steps) batches, expected \(goal)"
          + "\(outcome.attempts > 1 ? " (attempt \(outcome.attempts))" : "")")
    }
  }
}
