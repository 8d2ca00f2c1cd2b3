import Judge

/// What the core's `Linear` draws; a `LayerNorm` draws nothing.
private func linear(_ name: String, _ inputs: Int) -> StartDistribution? {
  name.contains("norm") ? nil : .uniform(bound: 1 / Double(inputs).squareRoot())
}

/// Task 5.5a: the MLP.
final class MLPChecks: HeartbeatTransformerCase {
  private func series(_ session: JudgeSession) -> ModelSeries {
    ModelSeries(session: session, subject: "MLP")
  }

  func test1Parameters() throws {
    try check {
      try series($0).requireParameters([["embedSize": 32], ["embedSize": 5], ["embedSize": 1]])
    }
  }

  func test1Start() throws {
    try check { session in
      var numbers = session.numbers("MLP start")
      try series(session).requireStart(
        [["embedSize": 32], ["embedSize": numbers.integer(24...48)]], linear)
    }
  }

  func test2Shapes() throws { try check { try series($0).requireShapes() } }
  func test3Values() throws { try check { try series($0).requireValues() } }
  func test4Gradients() throws { try check { try series($0).requireGradients() } }
}

/// Task 5.5b: the encoder layer. Its parts' numbers are those of other tasks.
final class EncoderLayerChecks: HeartbeatTransformerCase {
  private func series(_ session: JudgeSession) -> ModelSeries {
    ModelSeries(session: session, subject: "EncoderLayer")
  }

  func test1Parameters() throws {
    try check {
      try series($0).requireParameters(
        [(32, 4), (6, 3), (1, 1)].map { ["embedSize": $0, "headCount": $1] })
    }
  }

  func test2Shapes() throws { try check { try series($0).requireShapes() } }
  func test3Values() throws { try check { try series($0).requireValues() } }
  func test4Gradients() throws { try check { try series($0).requireGradients() } }
}

/// Task 5.6a: the embedding with its class token.
final class BeatEmbeddingChecks: HeartbeatTransformerCase {
  private func series(_ session: JudgeSession) -> ModelSeries {
    ModelSeries(session: session, subject: "BeatEmbedding")
  }

  private static func sizes(_ channels: Int, _ embedding: Int) -> [String: Int] {
    ["channelCount": channels, "embedSize": embedding]
  }

  func test1Parameters() throws {
    try check {
      try series($0).requireParameters([Self.sizes(11, 32), Self.sizes(1, 6), Self.sizes(1, 1)])
    }
  }

  /// The class token has few numbers at the course's sizes: at the others, so many that a wrong deviation shows.
  func test1Start() throws {
    try check { session in
      var numbers = session.numbers("embedding start")
      try series(session).requireStart([
        Self.sizes(11, 32), Self.sizes(numbers.integer(8...12), numbers.integer(380...420)),
      ]) { name, inputs in
        name == "classToken" ? .normal(standardDeviation: 1) : linear(name, inputs)
      }
    }
  }

  func test2Shapes() throws { try check { try series($0).requireShapes() } }
  func test3Values() throws { try check { try series($0).requireValues() } }
  func test4Gradients() throws { try check { try series($0).requireGradients() } }
}

/// Task 5.6b: the classifier.
final class BeatClassifierChecks: HeartbeatTransformerCase {
  private func series(_ session: JudgeSession) -> ModelSeries {
    ModelSeries(session: session, subject: "BeatClassifier")
  }

  private static func sizes(_ embedding: Int, _ classes: Int) -> [String: Int] {
    ["embedSize": embedding, "classCount": classes]
  }

  func test1Parameters() throws {
    try check {
      try series($0).requireParameters([Self.sizes(32, 5), Self.sizes(6, 3), Self.sizes(1, 1)])
    }
  }

  func test1Start() throws {
    try check { session in
      var numbers = session.numbers("classifier start")
      try series(session).requireStart(
        [Self.sizes(32, 5), Self.sizes(numbers.integer(33...48), numbers.integer(9...16))], linear)
    }
  }

  func test2Shapes() throws { try check { try series($0).requireShapes() } }
  func test3Values() throws { try check { try series($0).requireValues() } }
  func test4Gradients() throws { try check { try series($0).requireGradients() } }
}
