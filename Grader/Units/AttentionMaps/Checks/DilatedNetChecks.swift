import Assignment
import Judge
import Signals
import WorkerPipe

/// Task 8.8: the network.
final class DilatedNetChecks: AttentionMapsCase {
  private static func configuration(
    _ channels: Int, _ blocks: Int, _ classes: Int
  ) -> [String: Int] { ["channels": channels, "blocks": blocks, "classes": classes] }

  /// The course's sizes.
  static let course = configuration(24, 7, classes)
  /// Normal rhythm, atrial fibrillation, other rhythms.
  static let classes = 3
  /// Samples of the input a step of the maps.
  static let stride = 4

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
  ) -> SizedSeries {
    func called(_ sizes: [TrialSeries.Size]) -> [TrialSeries.Size] {
      sizes.map { $0.called(calling) }
    }
    return SizedSeries(
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

  static func evaluation(_ session: JudgeSession) -> SizedSeries { series(session, "evaluation") }
  static func training(_ session: JudgeSession) -> SizedSeries {
    series(session, "training", .init(isTraining: true))
  }

  static func maps(_ session: JudgeSession) -> SizedSeries {
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

  private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

  /// The network reaches the goal's accuracy on recordings of all classes in equal numbers.
  func test6Accuracy() throws {
    try check { session in
      let outcome = try session.trainStudent(
        "DilatedNet", configuration: Self.course, isRight: session.hasPassed("net.evaluation"),
        goesOn: true)
      let (reached, goal) = (percent(outcome.accuracy), percent(outcome.minimum))
      guard outcome.accuracy >= outcome.minimum else {
        throw CheckFailure(
          "in \(outcome.attempts) trainings of \(outcome.steps) batches the network reached at best an "
            + "accuracy of \(reached) on recordings that it had not seen, expected \(goal)",
          diagnosis: session.curve?.remarks?.first)
      }
      session.note(
        "correct: an accuracy of \(reached) after \(outcome.steps) batches, expected \(goal)"
          + "\(outcome.attempts > 1 ? " (attempt \(outcome.attempts))" : "")")
    }
  }

  /// What the tests of the maps ask for.
  private static let goals = (
    // shares of strips: in which masking where the map is highest must cost more than where it is lowest, and in which
    // the map must be largest at a premature beat that was put in
    occlusion: 0.8, pointing: 0.5,
    // how far the area under the curve of giving windows back must be above that of taking them away
    areas: 0.04,
    // how alike the maps may be when what was learned is gone
    likeness: 0.5
  )
  /// Of fewer strips a figure says nothing.
  private static let fewest = 10
  /// The class of recordings with premature beats.
  private static let other = 2

  /// What came of a test of the maps.
  private struct Finding {
    let sentence: String
    let isEnough: Bool
    let count: Int
  }

  /// What the trained network's maps call evidence for fibrillation and other rhythms is what it needs, they point at
  /// premature beats whose place is known, and they show what was learned and not the recording.
  func test7Maps() throws {
    try check { session in
      let outcome = try session.trainedStudent(
        "DilatedNet", configuration: Self.course, isRight: session.hasPassed("net.evaluation"))
      let network = try TrainedMaps(session, learned: outcome.learned)
      var numbers = session.numbers("tests of maps")
      let trials = MapTrials(
        of: network.answers, permutation: { numbers.permutation($0) },
        index: { numbers.integer(0...($0 - 1)) })
      let strips = network.strips
      // of normal rhythm any mask is a pause of the heart
      let ill = strips.filter { $0.label != 0 }
      let found = [
        occlusion(try trials.highAboveLow(ill)),
        // few are regular enough; of those that were trained on it has not seen the beat either
        pointing(
          try trials.pointing(
            (strips + network.trainedStrips).filter { $0.label == 0 }.map(\.values), at: Self.other
          )),
        curves(try trials.maskingCurves(ill, perClass: 10), min(ill.count, 10)),
        try likeness(network, Array(ill.prefix(30))),
      ].filter { $0.count >= Self.fewest }
      if let wrong = found.first(where: { !$0.isEnough }) {
        throw CheckFailure("after the training " + wrong.sentence)
      }
      session.note(
        found.isEmpty
          ? "correct as far as can be said: there are too few recordings of full length"
          : "correct: " + found.map(\.sentence).joined(separator: "; "))
    }
  }

  private func occlusion(_ figures: (share: Double, count: Int)) -> Finding {
    Finding(
      sentence: "masking where the map is highest costs more than where it is lowest in "
        + "\(percent(figures.share)) of \(figures.count) recordings, expected \(percent(Self.goals.occlusion))",
      isEnough: figures.share >= Self.goals.occlusion, count: figures.count)
  }

  private func pointing(_ figures: MapTrials.PointingFigures?) -> Finding {
    let (hits, count) = (figures?.hits ?? 0, figures?.count ?? 0)
    return Finding(
      sentence:
        "the map of O is highest at a premature beat that was put in in \(percent(hits)) of "
        + "\(count) recordings, expected \(percent(Self.goals.pointing))",
      isEnough: hits >= Self.goals.pointing, count: count)
  }

  private func curves(_ curves: MaskingCurves?, _ count: Int) -> Finding {
    let areas = curves?.areas ?? (deletion: 0, insertion: 0)
    let difference = areas.insertion - areas.deletion
    return Finding(
      sentence: "windows that are given back in the map's order lift the class's probability to "
        + "\(percent(areas.insertion)) on average, and to \(percent(areas.deletion)) where they are taken away in it, "
        + "expected \(percent(Self.goals.areas)) less",
      isEnough: difference >= Self.goals.areas, count: curves == nil ? 0 : count)
  }

  private func likeness(
    _ network: TrainedMaps, _ strips: [(values: [Float], label: Int)]
  ) throws -> Finding {
    let values = strips.map(\.values)
    let likeness = MapTrials.likeness(
      try network.answers(values), try network.withShuffledNumbers().answers(values),
      of: strips.map(\.label))
    let rounded = (likeness * 1000).rounded() / 1000
    return Finding(
      sentence:
        "the maps' rank correlation with those after all learned numbers were shuffled is \(rounded), "
        + "expected at most \(Self.goals.likeness)",
      isEnough: likeness <= Self.goals.likeness, count: strips.count)
  }
}
