import Assignment
import Examples
import Judge
import WorkerPipe
import Workers

/// Task 7.5a: the network.
final class StackedLinearChecks: ModelSelectionCase {
  private static func configuration(
    _ inputs: Int, _ width: Int, _ layers: Int
  ) -> [String: Int] { ["inputSize": inputs, "width": width, "hiddenLayers": layers] }

  private static func without(_ configuration: [String: Int]) -> [String: Int] {
    configuration.merging(["dropout": 0]) { $1 }
  }

  /// Ordinary numbers, and the biases of the last hidden layer lower: then both signs reach the last layer, where two
  /// activations in a row show.
  private static let draw: Draw.Numbers = { parameters, inputs, numbers in
    let drawn = parameters.enumerated().map { place, parameter in
      let ordinary = numbers.normal(
        parameter.name, parameter.shape, standardDeviation: Draw.usualDeviation(parameter))
      return place == parameters.count - 3 ? ordinary.mapValues { $0 - 1 } : ordinary
    }
    return (drawn, inputs.map { $0.drawn(&numbers) })
  }

  private static func size(
    _ samples: Int, _ configuration: [String: Int], _ draw: Draw = .ordinary(draw)
  ) -> TrialSeries.Size {
    .init(configuration, input: [samples, configuration["inputSize"] ?? 1], draw: draw)
  }

  /// - Parameter isTraining: in training mode without dropout, which is exact.
  static func series(_ session: JudgeSession, isTraining: Bool = false) -> SizedSeries {
    func called(_ size: TrialSeries.Size) -> TrialSeries.Size {
      isTraining ? size.called(.init(isTraining: true)) : size
    }
    func of(_ inputs: Int, _ width: Int, _ layers: Int) -> [String: Int] {
      let all = configuration(inputs, width, layers)
      return isTraining ? without(all) : all
    }
    return SizedSeries(
      session: session, subject: "StackedLinearModel", title: isTraining ? "training" : "",
      sizes: { numbers in
        let (samples, inputs) = (numbers.integer(2...5), numbers.integer(3...9))
        let (width, layers) = (numbers.integer(3...9), numbers.integer(1...3))
        return [
          size(6, of(12, 8, 2)), size(4, of(7, 5, 1)), size(3, of(3, 4, 4)), size(2, of(1, 1, 1)),
          size(
            samples, of(inputs, width, layers),
            .afterCalls(
              numbers.integer(3...9),
              "for an input [\(samples), \(inputs)], width \(width) and \(layers) hidden layers",
              draw)),
        ].map(called)
      },
      smallest: [size(1, of(1, 1, 1)), size(1, of(1, 2, 1)), size(2, of(2, 2, 1))].map(called),
      usual: size(64, of(748, 128, 2)))
  }

  func test1Parameters() throws {
    try check {
      try Self.series($0).requireParameters([
        Self.configuration(748, 128, 2), Self.configuration(7, 5, 1), Self.configuration(3, 4, 4),
        Self.configuration(1, 1, 1),
      ])
    }
  }

  func test1Start() throws {
    try check { session in
      var numbers = session.numbers("StackedLinearModel start")
      try Self.series(session).requireStart([
        Self.configuration(748, 64, 2),
        Self.configuration(numbers.integer(20...40), numbers.integer(20...40), 3),
      ]) { _, inputs in .uniform(bound: 1 / Double(inputs).squareRoot()) }
    }
  }

  func test3Values() throws {
    try check {
      try Self.series($0).requireValues()
      try Self.series($0, isTraining: true).requireValues()
    }
  }

  func test4Gradients() throws {
    try check { try Self.series($0, isTraining: true).requireGradients() }
  }

  // MARK: - Dropout

  /// Width of the network in which dropout is looked at.
  private static let width = 6
  private static let samples = 8

  /// A network whose logits are its masks: the first layer gives ones, each hidden layer hands on what it gets, and logit k
  /// is unit k of the last. What is kept of a unit is 1 / (1 − p) for each layer that drops.
  ///
  /// - Parameter fromBias: whether the ones come from the last hidden layer's bias, so that what is dropped before it is
  ///   not seen.
  private static func masks(
    _ session: JudgeSession, layers: Int, fromBias: Bool = false
  ) throws -> [PipeTensor] {
    let check = ModelCheck(session, "StackedLinearModel", configuration(2, width, layers))
    let names = try check.match().names
    let all = try check.referenceParameters()
    let ones = fromBias ? all.count - 3 : 1
    return all.enumerated().map { place, parameter in
      let columns = parameter.shape.last ?? 1
      let values = (0..<parameter.shape.reduce(1, *)).map { index -> Float in
        guard parameter.shape.count == 2 else { return place == ones ? 1 : 0 }
        return place >= ones && index / columns == index % columns ? 1 : 0
      }
      return PipeTensor(
        name: "parameter:" + (names[parameter.name] ?? parameter.name), shape: parameter.shape,
        values: values)
    } + [
      PipeTensor(
        name: "input", shape: [samples, 2], values: Array(repeating: 0.5, count: 2 * samples))
    ]
  }

  /// What a unit of 1 can come out as, and how likely it is: dropped, kept and scaled, kept as it is, twice scaled, scaled
  /// as for 0.5, and as for 1 − p.
  private enum Outcome: Int {
    case dropped, scaled, bare, twice, half, reversed
    static let names = ["0", "1 / (1 − p)", "1", "1 / (1 − p)²", "2", "1 / p"]
    static func values(_ p: Double) -> [Double] {
      [0, 1 / (1 - p), 1, 1 / (1 - p) / (1 - p), 2, 1 / p]
    }
  }

  private static func law(kept: Double, as outcome: Outcome) -> [Double] {
    var law = [Double](repeating: 0, count: 6)
    law[Outcome.dropped.rawValue] = 1 - kept
    law[outcome.rawValue] = kept
    return law
  }

  /// Mistakes that the check of dropout calls by their names.
  static let named: [NamedMistake] = [
    NamedMistake(
      "dropout-never-added",
      "no unit is dropped while training: a layer that is made and not put into the list is none of the network's"
    ),
    NamedMistake(
      "dropped-twice",
      "units are dropped twice: dropout stands behind each hidden layer, and neither behind the first layer nor the last"
    ),
    NamedMistake(
      "keep-for-drop",
      "`dropout` is the probability that a unit is dropped, and here it is kept with that"),
    NamedMistake("unscaled", "what is kept is not divided by 1 − p"),
    NamedMistake("fixed-rate", "the probability is 0.5 whatever `dropout` says"),
  ]

  static func dropout(
    _ session: JudgeSession, rate: Double, calls: Int = 100
  ) throws -> StatisticalCheck {
    let kept = 1 - rate
    /// Which outcome each number of a call is.
    @Sendable func outcomes(_ results: [PipeTensor]) -> [Int] {
      let values = Outcome.values(rate)
      return results[0].values.map { value in
        values.firstIndex { abs(Double(value) - $0) < 1e-3 } ?? -1
      }
    }
    func pairs(_ name: String, _ other: Int) -> DrawnQuantity {
      DrawnQuantity(
        name,
        outcomes: [
          ("both dropped", rate * rate), ("the second alone dropped", kept * rate),
          ("the first alone dropped", rate * kept), ("both kept", kept * kept),
        ]
      ) { results in
        let found = outcomes(results)
        return [(found[0] == 0 ? 0 : 2) + (found[other] == 0 ? 0 : 1)]
      }
    }
    func known(_ place: Int, _ law: [Double]) -> StatisticalCheck.KnownDraws {
      .init(named[place], [.outcomes(law), nil, nil])
    }
    return StatisticalCheck(
      session, "StackedLinearModel",
      [
        "inputSize": 2, "width": .integer(width), "hiddenLayers": 1, "dropout": .number(rate),
      ], inputs: try masks(session, layers: 1), calls: calls, isTraining: true,
      quantities: [
        DrawnQuantity(
          "with dropout \(rate), a unit of a hidden layer that gives 1",
          outcomes: zip(Outcome.names, law(kept: kept, as: .scaled)).map { ($0, $1) },
          draws: outcomes),
        pairs("with dropout \(rate), a pair of units", 1),
        pairs("with dropout \(rate), the same unit of two samples", 5),
      ],
      mistakes: [
        known(1, law(kept: kept * kept, as: .twice)), known(2, law(kept: rate, as: .reversed)),
        known(3, law(kept: kept, as: .bare)), known(4, law(kept: 0.5, as: .half)),
      ])
  }

  func test3Dropout() throws {
    try check { session in
      let settings: [String: Setting] = [
        "inputSize": 2, "width": .integer(Self.width), "hiddenLayers": 1, "dropout": 0.5,
      ]
      func logits(isTraining: Bool, fromBias: Bool = false) throws -> [Float] {
        try session.askStudent(
          .forward(.init(isFirst: true, isTraining: isTraining)),
          about: .init("StackedLinearModel", settings),
          Self.masks(session, layers: 1, fromBias: fromBias)
        ).first?.values ?? []
      }
      let still = try logits(isTraining: false)
      if let other = still.first(where: { !(abs($0 - 1) < 1e-4) }) {
        throw CheckFailure(
          "at evaluation a unit that gives 1 comes out as \(Comparison.number(other)): nothing may be dropped or scaled "
            + "there")
      }
      // 40 numbers, of which right work keeps all once in 10¹²
      if try logits(isTraining: true) == still {
        throw CheckFailure(
          "while training all \(still.count) numbers are those at evaluation, with dropout 0.5",
          diagnosis: Self.named[0].sentence,
          mistakes: [MistakeName(subject: "StackedLinearModel", id: Self.named[0].id)])
      }
      guard try logits(isTraining: true, fromBias: true) != still else {
        throw CheckFailure(
          "while training no unit of the last hidden layer is dropped: dropout stands behind each hidden layer, not "
            + "before it")
      }
      for rate in [0.2, 0.5] { try Self.dropout(session, rate: rate).require() }
      // each of two hidden layers drops: 1 / (1 − p)² is left of what both keep
      let two =
        try session.askStudent(
          .forward(.init(isFirst: true, isTraining: true, draws: 40)),
          about: .init(
            "StackedLinearModel", settings.merging(["hiddenLayers": 2]) { $1 },
            seed: session.openSeed("two layers")), Self.masks(session, layers: 2)
        ).first?.values ?? []
      guard let largest = two.max(), abs(largest - 4) < 1e-3 else {
        throw CheckFailure(
          "with two hidden layers and dropout 0.5 the largest number while training is "
            + "\(Comparison.number(two.max() ?? 0)), expected 4: each hidden layer has a dropout")
      }
    }
  }

  // MARK: - Learning

  /// - Throws: `CheckFailure` when a batch is not learned from any of three starts.
  static func learn(_ session: JudgeSession) throws {
    var numbers = session.numbers("StackedLinearModel learns")
    let rows = numbers.normal("rows", [8, 6])
    let order = numbers.permutation(8)
    let batch = ExampleSet(
      [.init(Table(rows.values, rowShape: [6]), firstRows: Array(0..<8), extent: .row)],
      targets: .classes(order.map { Int32($0 % 5) }, count: 5))
    var best = 0.0
    for attempt in 1...3 {
      let accuracy = try session.learnBatch(
        "StackedLinearModel", batch, configuration: without(configuration(6, 32, 1)),
        steps: 200, learningRate: 0.01, attempt: attempt,
        isRight: session.hasPassed("stacked.values"))
      if accuracy == 1 { return }
      best = max(best, accuracy)
    }
    throw CheckFailure(
      "after 200 steps on one batch of 8 beats without dropout the network has learned \(Int(best * 8)) of them at "
        + "best, from 3 starts; a right one learns all")
  }

  func test5Learns() throws { try check { try Self.learn($0) } }

  /// The course's network, on wavelet features of beats of 187 values.
  static let course = configuration(4 * 187, 128, 2)

  /// The network reaches the goal's AUROC on beats with their natural shares, trained on made ones.
  func test6AUROC() throws {
    try check { session in
      let outcome = try session.trainStudent(
        "StackedLinearModel", configuration: Self.course,
        isRight: session.hasPassed("stacked.values"))
      let (reached, goal) = (
        Comparison.number(Float(outcome.accuracy)), Comparison.number(Float(outcome.minimum))
      )
      guard outcome.accuracy >= outcome.minimum else {
        throw CheckFailure(
          "in \(outcome.attempts) trainings the network reached at best a macro AUROC of \(reached) on beats that it "
            + "had not seen, expected \(goal)", diagnosis: session.curve?.remarks?.first)
      }
      session.note(
        "correct: a macro AUROC of \(reached) after \(outcome.steps) batches, expected \(goal)"
          + "\(outcome.attempts > 1 ? " (attempt \(outcome.attempts))" : "")")
    }
  }
}
