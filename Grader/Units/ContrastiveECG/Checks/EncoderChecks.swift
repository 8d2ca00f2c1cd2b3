import Assignment
import Judge
import WorkerPipe
import Workers

/// Task 6.5: the encoder.
final class EncoderChecks: ContrastiveCase {
  /// While training a network whose results depend on the batch must not draw anything besides: with other seeds, and the
  /// same parameters, it gives the same.
  static func requireNoChance(
    _ session: JudgeSession, _ check: ModelCheck, input: [Int]
  ) throws {
    var numbers = session.numbers("\(check.model) chance")
    let experiment = try check.experiment(inputShape: input, &numbers)
    let results = try [1, 2].map {
      try check.studentResults(experiment, isTraining: true, seed: $0)
    }
    guard let one = results[0].first, one.values.allSatisfy(\.isFinite),
      !Comparison.agree(results[1].first, one)
    else { return }
    throw CheckFailure(
      "while training, \(one.name) of the same \(input[0]) ECGs are others at the second time",
      diagnosis:
        "while training the results are not the same twice: a Dropout, or something else random, is in your "
        + "code; the task has none")
  }

  private static func configuration(_ leads: Int, _ samples: Int) -> [String: Int] {
    ["leadCount": leads, "sampleCount": samples]
  }

  private static func size(
    _ records: Int, _ leads: Int, _ samples: Int, _ draw: Draw = .ordinary(ContrastiveDraws.network)
  ) -> TrialSeries.Size {
    .init(configuration(leads, samples), input: [records, leads, samples], draw: draw)
  }

  /// At such sizes no known mistake is looked for: they show at smaller ones.
  private static func large(_ records: Int, _ leads: Int, _ samples: Int) -> TrialSeries.Size {
    size(
      records, leads, samples,
      Draw(to: "for \(records) × \(leads) leads of \(samples) samples", ContrastiveDraws.network))
  }

  static func series(
    _ session: JudgeSession, _ title: String, _ calling: Calling = .usual, isLarge: Bool = true
  ) -> SizedSeries {
    SizedSeries(
      session: session, subject: "ECGEncoder", title: title,
      sizes: { numbers in
        let (leads, samples) = (numbers.integer(2...4), numbers.integer(64...150))
        var sizes = [size(3, 2, 200), size(2, 1, 64)]
        if isLarge {
          sizes += [large(4, 12, 1000), large(1, 12, 1000), large(3, 5, 333)]
        }
        return
          (sizes + [
            size(
              2, leads, samples,
              .afterCalls(
                2, "for an input [2, \(leads), \(samples)]", ContrastiveDraws.network))
          ]).map { $0.called(calling) }
      }, usual: size(4, 12, 1000))
  }

  static func evaluation(_ session: JudgeSession) -> SizedSeries {
    series(session, "evaluation")
  }

  static func training(_ session: JudgeSession) -> SizedSeries {
    series(session, "training", .init(isTraining: true))
  }

  /// The buffers after a batch, after two and after an evaluation.
  static func states(_ session: JudgeSession) -> [SizedSeries] {
    let batch = [InputShape("input", [2, 2, 200])]
    return [
      series(session, "one batch", .init(isTraining: true, comparesState: true), isLarge: false),
      SizedSeries(
        session: session, subject: "ECGEncoder", title: "two batches",
        sizes: { _ in
          [
            size(3, 2, 200).called(
              .init(isTraining: true, batches: [batch], comparesState: true))
          ]
        }, usual: size(4, 12, 1000)),
      SizedSeries(
        session: session, subject: "ECGEncoder", title: "evaluation after a batch",
        sizes: { _ in
          [size(3, 2, 200).called(.init(batches: [batch], comparesState: true))]
        }, usual: size(4, 12, 1000)),
    ]
  }

  // MARK: - Parameters

  private static let course = configuration(12, 1000)

  /// A normalisation that has not as many channels as the convolution before it, in a sentence.
  private static func otherWidth(_ parameters: [PipeTensor]) -> String? {
    var convolution: Int?
    for parameter in parameters where parameter.name.hasSuffix("weight") {
      if parameter.shape.count == 3 { convolution = parameter.shape[0] }
      guard parameter.shape.count == 1, let channels = convolution else { continue }
      let own = parameter.shape[0]
      convolution = nil
      guard own != channels else { continue }
      let name = parameter.name.split(separator: ".").dropLast().joined(separator: ".")
      return
        "\(PlainText.quoted(name, limit: 80)) has \(own) channels, the convolution before it gives \(channels)"
    }
    return nil
  }

  func test1Parameters() throws {
    try check { session in
      do {
        try Self.series(session, "parameters").requireParameters([
          Self.course, Self.configuration(5, 333), Self.configuration(1, 64),
        ])
      } catch let failure as CheckFailure {
        let parameters = try ModelCheck(session, "ECGEncoder", Self.course).studentParameters()
        guard let sentence = Self.otherWidth(parameters) else { throw failure }
        throw failure.explained(by: sentence)
      }
    }
  }

  func test1Start() throws {
    try check { session in
      var numbers = session.numbers("ECGEncoder start")
      try Self.series(session, "start").requireStart([
        Self.course, Self.configuration(numbers.integer(2...9), numbers.integer(64...200)),
      ]) { name, inputs in Self.start(name, inputs) }
    }
  }

  /// What a parameter or a buffer starts as.
  static func start(_ name: String, _ inputs: Int) -> StartDistribution? {
    let parts = name.split(separator: ".")
    let isOfNorm = parts.dropLast().last?.hasPrefix("norm") ?? false
    switch parts.last {
    case "runningMean": return .zero
    case "runningVariance": return .constant(1)
    case "logScale": return nil
    case "weight" where isOfNorm: return .constant(1)
    case "bias" where isOfNorm: return .zero
    default: return .uniform(bound: 1 / Double(inputs).squareRoot())
    }
  }

  // MARK: - Shapes

  /// `features` is what the last block gives, for several lengths.
  private static func requireFeatureCount(_ session: JudgeSession) throws {
    var numbers = session.numbers("ECGEncoder features")
    for samples in [1000, 333, 64, 5000, numbers.integer(65...999)] {
      let subject = Request.Subject("featureCount", sizes: configuration(2, samples))
      let length = samples / 4 / 4 / 2 / 2
      let answer: [PipeTensor]
      do {
        answer = try session.askStudent(.forward(.init(isFirst: true)), about: subject)
      } catch let failure as WorkerFailure {
        guard case .threw(let message) = failure else { throw failure }
        throw CheckFailure(
          "for \(samples) samples your code stopped with \(PlainText.quoted(message))")
      }
      let own = answer.first?.integers?.first
      guard own == Int32(256 * length) else {
        throw CheckFailure(
          "for \(samples) samples `features` is \(own.map(String.init) ?? "missing"), expected \(256 * length)",
          diagnosis:
            "the last block gives 256 channels of \(length) steps: each pooling divides the length and drops "
            + "what is left over, and `features` follows from `sampleCount`")
      }
    }
  }

  func test2Shapes() throws {
    try check { session in
      try Self.evaluation(session).requireShapes()
      try Self.requireFeatureCount(session)
    }
  }

  // MARK: - Numbers

  func test3Values() throws { try check { try Self.evaluation($0).requireValues() } }

  func test3Training() throws {
    try check { session in
      try Self.requireNoChance(
        session, ModelCheck(session, "ECGEncoder", Self.configuration(2, 64)), input: [3, 2, 64])
      try Self.training(session).requireValues()
      for state in Self.states(session) { try state.requireValues() }
    }
  }

  static func gradients(_ session: JudgeSession) -> SizedSeries {
    SizedSeries(
      session: session, subject: "ECGEncoder", title: "gradients",
      sizes: { _ in
        [
          size(2, 2, 64), size(2, 1, 64), large(1, 12, 1000), large(3, 5, 333),
          size(2, 3, 90, .afterCalls(2, "for an input [2, 3, 90]", ContrastiveDraws.network)),
        ]
      }, usual: size(4, 12, 1000))
  }

  func test4Gradients() throws { try check { try Self.gradients($0).requireGradients() } }
}
