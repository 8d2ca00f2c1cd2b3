import Judge
import WorkerPipe
import Workers

/// What the checks of the unit's subjects share: at which sizes each is asked.
struct ModelSeries {
  let session: JudgeSession
  let subject: String

  /// The sizes of a subject's experiments, those with ordinary numbers first; the smallest; the course's.
  private func sizes(
    _ quantity: Quantity, _ numbers: inout SeededNumbers
  ) -> (all: [ModelSizes.Size], smallest: [ModelSizes.Size], usual: ModelSizes.Size) {
    // far ends come through with enough digits for gradients only where they are not so far
    let isValues = quantity == .values
    switch subject {
    case "attention":
      return (
        ModelSizes.attention + [
          ModelSizes.attention(
            [2], queries: 4, keys: 5, d: 4, values: 3, ModelSizes.largeScores(isValues ? 300 : 20)),
          ModelSizes.drawnAttention(&numbers),
        ], ModelSizes.smallestAttention,
        ModelSizes.attention([128, 4], queries: 18, keys: 18, d: 8, values: 8)
      )
    case "AttentionHead":
      return (
        [(3, 5, 8, 3), (1, 1, 1, 1)].map {
          ModelSizes.size($0, $1, $2, ["embedSize": $2, "headSize": $3])
        }, [], ModelSizes.size(128, 18, 32, ["embedSize": 32, "headSize": 8])
      )
    case "MultiHeadAttention", "EncoderLayer":
      // of one channel a normalisation leaves nothing
      return (
        (subject == "EncoderLayer" ? ModelSizes.encoders : ModelSizes.heads) + [
          ModelSizes.heads(2, 4, 6, 2, ModelSizes.largeInputs(isValues ? 17 : 4)),
          subject == "EncoderLayer"
            ? ModelSizes.drawnHeads(&numbers, ModelSizes.tokensApart)
            : ModelSizes.drawnHeads(&numbers),
        ], ModelSizes.smallestHeads, ModelSizes.heads(128, 18, 32, 4)
      )
    case "MLP":
      func size(_ samples: Int, _ tokens: Int, _ channels: Int, _ draw: Draw = .ordinary)
        -> ModelSizes.Size
      { ModelSizes.size(samples, tokens, channels, ["embedSize": channels], draw) }
      let (samples, tokens, channels) = (
        numbers.integer(2...5), numbers.integer(2...7), numbers.integer(2...9)
      )
      return (
        [
          size(3, 5, 8), size(2, 4, 6), size(1, 1, 1),
          size(3, 5, 8, ModelSizes.nearMinusTwoAndAHalf),
          size(2, 3, 4, ModelSizes.largeInputs(30)),
          size(
            samples, tokens, channels,
            .afterCalls(
              numbers.integer(3...9), "for an input [\(samples), \(tokens), \(channels)]")),
        ], [size(1, 1, 1), size(1, 1, 2), size(2, 2, 2)], size(128, 18, 32)
      )
    case "BeatEmbedding":
      func size(
        _ samples: Int, _ tokens: Int, _ channels: Int, _ embedding: Int,
        _ draw: Draw = .ordinary(ModelSizes.linearApart)
      ) -> ModelSizes.Size {
        ModelSizes.size(
          samples, tokens, channels, ["channelCount": channels, "embedSize": embedding], draw)
      }
      let (samples, tokens) = (numbers.integer(2...5), numbers.integer(2...7))
      let (channels, embedding) = (numbers.integer(2...6), numbers.integer(4...9))
      return (
        [
          size(3, 5, 3, 8), size(2, 4, 1, 6), size(1, 1, 1, 1),
          size(3, 5, 3, 8, ModelSizes.nearMinusTwoAndAHalf),
          size(
            samples, tokens, channels, embedding,
            .afterCalls(
              numbers.integer(3...9),
              "for an input [\(samples), \(tokens), \(channels)] with \(embedding) channels",
              ModelSizes.linearApart)),
        ], [size(1, 1, 1, 2), size(1, 2, 1, 2), size(2, 2, 2, 3)], size(128, 17, 11, 32)
      )
    case "BeatClassifier":
      func size(
        _ samples: Int, _ tokens: Int, _ channels: Int, _ classes: Int,
        _ draw: Draw = .ordinary(ModelSizes.linearApart)
      ) -> ModelSizes.Size {
        ModelSizes.size(
          samples, tokens, channels, ["embedSize": channels, "classCount": classes], draw)
      }
      let (samples, tokens) = (numbers.integer(2...5), numbers.integer(3...7))
      let (channels, classes) = (numbers.integer(4...9), numbers.integer(2...6))
      return (
        [
          // a single logit may be nearly zero for all samples: the difference of larger numbers, so mostly rounding
          size(3, 6, 8, 5), size(2, 5, 6, 2), size(1, 2, 4, 3),
          size(
            samples, tokens, channels, classes,
            .afterCalls(
              numbers.integer(3...9),
              "for an input [\(samples), \(tokens), \(channels)] with \(classes) classes",
              ModelSizes.linearApart)),
        ], [size(1, 1, 2, 1), size(1, 2, 2, 1), size(2, 2, 3, 2)], size(128, 18, 32, 5)
      )
    default:
      return (
        ModelSizes.networks + [ModelSizes.drawnNetwork(&numbers)], ModelSizes.smallestNetworks,
        ModelSizes.Network.course.size(128)
      )
    }
  }

  /// Whether what it gives are logits, which are centred so that an activation behind them shows.
  private var givesLogits: Bool { subject == "ECGformer" || subject == "BeatClassifier" }

  /// The experiments of a check.
  func series(_ quantity: Quantity, _ numbers: inout SeededNumbers) throws -> TrialSeries {
    let sizes = sizes(quantity, &numbers)
    return try TrialSeries(
      session, subject,
      // any numbers show a shape
      sizes: quantity == .shapes ? sizes.all.filter { !$0.isFar } : sizes.all,
      smallest: sizes.smallest, usual: sizes.usual, numbers: &numbers,
      centred: givesLogits && quantity != .shapes)
  }

  func requireShapes() throws {
    var numbers = session.numbers("\(subject) shapes")
    try series(.shapes, &numbers).requireShapes()
  }

  func requireValues() throws {
    var numbers = session.numbers("\(subject) values")
    try series(.values, &numbers).requireValues()
  }

  func requireGradients() throws {
    var numbers = session.numbers("\(subject) gradients")
    try series(.gradients, &numbers).requireGradients(&numbers)
  }

  // MARK: - Parameters

  /// Every parameter is there, whatever the sizes: first at the course's.
  func requireParameters(_ configurations: [[String: Int]]) throws {
    for (index, configuration) in configurations.enumerated() {
      do {
        _ = try ModelCheck(session, subject, configuration).match()
      } catch let failure as CheckFailure where index > 0 {
        // they were right at the course's sizes
        throw CheckFailure(
          "\(failure.message), for \(Self.text(configuration))",
          diagnosis: failure.diagnosis ?? "a size is hard-coded")
      } catch let failure as WorkerFailure {
        guard case .threw(let message) = failure else { throw failure }
        throw CheckFailure("your code stopped with \(message), for \(Self.text(configuration))")
      }
    }
  }

  /// What its numbers start as, at two sets of sizes. Parts that other tasks ask for are judged there.
  ///
  /// - Parameters:
  ///   - isOwn: whether a parameter is this task's.
  ///   - distribution: what the parameter of this name and shape is drawn from, with the inputs of the layer that it
  ///     belongs to; nil for what is not drawn.
  func requireStart(
    _ configurations: [[String: Int]],
    _ distribution: (_ name: String, _ inputs: Int) -> StartDistribution?
  ) throws {
    for configuration in configurations {
      let check = ModelCheck(session, subject, configuration)
      let names = try check.match().names
      // a bias has as many inputs as the matrix before it
      var inputs = 1
      let judged = try check.referenceParameters().compactMap {
        parameter -> (name: String, distribution: StartDistribution)? in
        if parameter.shape.count == 2 { inputs = parameter.shape[0] }
        return distribution(parameter.name, inputs).map {
          (names[parameter.name] ?? parameter.name, $0)
        }
      }
      try StartCheck(check, judged: judged).require()
    }
  }

  // MARK: - Refusals

  /// The call stops with an error that names two numbers.
  ///
  /// - Parameters:
  ///   - numbers: of each of the two, all ways to name it.
  ///   - what: the case, as in `4 heads of 10 channels`.
  ///   - ask: asks the student's program.
  func requireRefusal(_ numbers: [[Int]], of what: String, _ ask: () throws -> Void) throws {
    do {
      try ask()
    } catch let failure as WorkerFailure {
      guard case .threw(let message) = failure else { throw failure }
      let named = Set(message.split { !$0.isNumber }.compactMap { Int($0) })
      guard numbers.allSatisfy({ $0.contains(where: named.contains) }) else {
        let expected = numbers.compactMap { $0.first.map(String.init) }
        throw CheckFailure(
          "for \(what) your code stops with \(message): the error should name both numbers, "
            + expected.joined(separator: " and "))
      }
      return
    }
    throw CheckFailure("for \(what) your code throws no error")
  }

  private static func text(_ configuration: [String: Int]) -> String {
    configuration.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      .joined(separator: ", ")
  }
}
