import Judge
import WorkerPipe

/// Task 8.8: the network.
final class DilatedNetChecks: AttentionMapsCase {
  private static func configuration(
    _ channels: Int, _ blocks: Int, _ classes: Int
  ) -> [String: Int] { ["channels": channels, "blocks": blocks, "classes": classes] }

  /// The course's sizes.
  static let course = configuration(24, 7, 3)

  private static func size(
    _ samples: Int, _ length: Int, _ channels: Int, _ blocks: Int, _ classes: Int,
    _ draw: Draw = MapDraws.ordinary
  ) -> TrialSeries.Size {
    .init(
      configuration(channels, blocks, classes), input: [samples, length, 1], draw: draw)
  }

  static func series(
    _ session: JudgeSession, _ title: String, of subject: String = "DilatedNet",
    _ calling: Calling = .usual
  ) -> MapSeries {
    func called(_ sizes: [TrialSeries.Size]) -> [TrialSeries.Size] {
      sizes.map { $0.called(calling) }
    }
    return MapSeries(
      session: session, subject: subject, title: title,
      sizes: { numbers in
        let (samples, length) = (numbers.integer(2...3), numbers.integer(64...140))
        let (channels, blocks, classes) = (
          numbers.integer(3...6), numbers.integer(2...4), numbers.integer(2...5)
        )
        return called([
          size(2, 96, 4, 3, 3), size(3, 64, 3, 2, 5), size(1, 90, 5, 4, 2), size(2, 133, 3, 3, 4),
          size(
            samples, length, channels, blocks, classes,
            .afterCalls(
              numbers.integer(3...9),
              "for \(samples) inputs of \(length) samples with \(channels) channels, \(blocks) blocks and "
                + "\(classes) classes", MapDraws.numbers)),
        ])
      },
      smallest: called([
        size(1, 16, 1, 0, 1), size(1, 16, 1, 1, 1), size(2, 24, 2, 2, 2), size(2, 40, 2, 3, 3),
      ]), usual: size(32, 3000, 24, 7, 3))
  }

  static func evaluation(_ session: JudgeSession) -> MapSeries { series(session, "evaluation") }
  static func training(_ session: JudgeSession) -> MapSeries {
    series(session, "training", .init(isTraining: true))
  }

  static func maps(_ session: JudgeSession) -> MapSeries {
    series(session, "maps", of: "DilatedMaps")
  }

  func test1Parameters() throws {
    try check {
      try Self.evaluation($0).requireParameters([
        Self.course, Self.configuration(4, 2, 5), Self.configuration(1, 1, 1),
      ])
    }
  }

  /// What the parts draw is theirs to say: here that none draws what another has drawn, as where all blocks are made
  /// from a copy of the generator.
  func test1Start() throws {
    try check { session in
      try Self.evaluation(session).requireStart([
        Self.course, Self.configuration(30, 3, 4),
      ]) { name, inputs in
        switch name.split(separator: ".").last ?? "" {
        case "W": .normal(standardDeviation: (2 / Double(inputs)).squareRoot())
        case "w": .uniform(bound: 1 / Double(inputs).squareRoot())
        case "gamma", "variance": .constant(1)
        default: .zero
        }
      }
    }
  }

  func test2Shapes() throws { try check { try Self.evaluation($0).requireShapes() } }
  func test3Evaluation() throws { try check { try Self.evaluation($0).requireValues() } }

  /// The logits while training, and what is left in the buffers after one batch, two, and an evaluation.
  func test3Training() throws {
    try check { session in
      try Self.training(session).requireValues()
      let batch = [InputShape("input", [2, 80, 1])]
      for (title, calling) in [
        ("one batch", Calling(isTraining: true, comparesState: true)),
        ("two batches", Calling(isTraining: true, batches: [batch], comparesState: true)),
        ("evaluation", Calling(batches: [batch], comparesState: true)),
      ] {
        try Self.series(session, title, calling).requireValues()
      }
    }
  }

  func test4Gradients() throws { try check { try Self.training($0).requireGradients() } }

  /// The network that learns one batch, and the batch.
  static let learner = configuration(16, 3, 3)
  static let batch = BatchLearning.Batch(steps: 200, features: 1, classes: 3, learningRate: 0.02)

  func test5Learns() throws {
    try check { session in
      try BatchLearning(
        session: session, network: "DilatedNet", configuration: Self.learner, batch: Self.batch,
        isRight: session.hasPassed("net.evaluation")
      ).require()
    }
  }

  func test3Maps() throws {
    try check { try Self.maps($0).requireValues() }
  }
}
