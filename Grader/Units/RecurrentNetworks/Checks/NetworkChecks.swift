import Assignment
import Judge
import WorkerPipe
import Workers
import XCTest

/// What the checks of the networks share.
struct NetworkCheck {
  let session: JudgeSession
  let name: String
  /// The sizes the network is made with, besides the number of bins.
  var configuration: [String: Int] = [:]
  /// The fewest steps that the network can read.
  var fewestSteps = 1
  /// Batch size, number of steps and number of bins. In few steps a first state is not forgotten.
  var sizes: [(samples: Int, steps: Int, bins: Int)] = [(4, 40, 17), (1, 40, 17), (6, 3, 5)]
  /// Further experiments, at the course's number of units, with numbers that are not ordinary.
  var far: [(samples: Int, steps: Int, bins: Int, draw: Draw)] = []
  /// Names the first of the network's inner numbers that is wrong.
  var locate: ((TrialSeries) throws -> String?)?

  private func model(bins: Int) -> ModelCheck {
    ModelCheck(session, name, configuration.merging(["binCount": bins]) { $1 })
  }

  /// Shapes, and that every parameter is there, whatever the number of bins.
  func requireParameters() throws {
    for bins in Set(sizes.map(\.bins)).sorted().reversed() {
      do {
        _ = try model(bins: bins).match()
      } catch let failure as WorkerFailure {
        guard case .threw(let message) = failure else { throw failure }
        throw CheckFailure("your code stopped with \(message), for \(bins) bins")
      } catch let failure as CheckFailure where isOther(bins) {
        // they were right at the course's sizes
        throw CheckFailure(
          "\(failure.message), for \(bins) bins", diagnosis: "a size is hard-coded")
      }
    }
  }

  /// Whether the sizes are not the course's, which are asked for first.
  private func isOther(_ bins: Int) -> Bool {
    bins != 17 || ![nil, 128].contains(configuration["hiddenSize"])
  }

  /// All layers draw their numbers from the generator that the student hands them: at the course's sizes,
  /// and at others that nobody knows before.
  ///
  /// - Parameters:
  ///   - layer: the part of the reference that is a layer of the student's.
  ///   - isJudged: whether it is judged here too; else another task has told of it.
  func requireStart(layer: String? = nil, isJudged: Bool = false) throws {
    var numbers = session.numbers("\(name) start")
    let drawn = NetworkCheck(
      session: session, name: name,
      configuration: configuration.mapValues { _ in numbers.integer(33...48) })
    for check in [model(bins: 17), drawn.model(bins: numbers.integer(18...30))] {
      let names = try check.match().names
      let parameters = try check.referenceParameters()
      let isOfLayer = { (parameter: PipeTensor) in
        layer.map { parameter.name.hasPrefix($0 + ".") } ?? false
      }
      let distributions = StartDistribution.ofCoreLayers(parameters.filter { !isOfLayer($0) })
      let judged = parameters.compactMap { parameter -> (name: String, StartDistribution)? in
        let distribution =
          isOfLayer(parameter)
          ? isJudged ? InitialNumbers.ofLayer(parameter) : nil : distributions[parameter.name]
        return distribution.map { (names[parameter.name] ?? parameter.name, $0) }
      }
      try StartCheck(check, judged: judged).require()
    }
  }

  /// The experiments of a check. Of shapes any numbers will do.
  func series(_ quantity: Quantity, _ numbers: inout SeededNumbers) throws -> TrialSeries {
    func size(
      _ samples: Int, _ steps: Int, _ bins: Int, _ configuration: [String: Int],
      _ draw: Draw = .ordinary
    ) -> TrialSeries.Size {
      .init(
        configuration.merging(["binCount": bins]) { $1 }, input: [samples, steps, bins], draw: draw)
    }
    let small = configuration.mapValues { _ in 1 }
    let course = configuration.mapValues { _ in 128 }
    let ordinary = sizes.map { size($0.samples, $0.steps, $0.bins, configuration) }
    let far = far.map { size($0.samples, $0.steps, $0.bins, course, $0.draw) }
    func drawn() -> TrialSeries.Size {
      let (samples, bins) = (numbers.integer(2...7), numbers.integer(2...9))
      let steps = numbers.integer(fewestSteps + 2...fewestSteps + 12)
      let units = configuration.mapValues { _ in numbers.integer(4...9) }
      return size(
        samples, steps, bins, units,
        .afterCalls(numbers.integer(3...9), "for an input [\(samples), \(steps), \(bins)]"))
    }
    return try TrialSeries(
      session, name, sizes: ordinary + (quantity == .shapes ? [] : far + [drawn()]),
      smallest: [
        size(1, fewestSteps, 1, small), size(1, fewestSteps + 1, 1, small),
        size(2, fewestSteps + 1, 2, small), size(2, fewestSteps + 5, 3, small.mapValues { _ in 3 }),
      ], usual: size(192, 40, 17, course), numbers: &numbers, centred: quantity != .shapes,
      locate: locate)
  }

  func requireShapes() throws {
    var numbers = session.numbers("\(name) shapes")
    try series(.shapes, &numbers).requireShapes()
  }

  func requireValues() throws {
    var numbers = session.numbers("\(name) values")
    try series(.values, &numbers).requireValues()
  }

  func requireGradients() throws {
    var numbers = session.numbers("\(name) gradients")
    try series(.gradients, &numbers).requireGradients(&numbers)
  }

  /// The batch that is learned by heart.
  static let batch = BatchLearning.Batch(steps: 20, features: 5, classes: 2, learningRate: 0.02)

  /// The sizes of a network that learns it.
  static func learning(_ configuration: [String: Int]) -> [String: Int] {
    configuration.merging(["binCount": batch.features]) { $1 }
  }

  /// The network learns one small batch by heart.
  ///
  /// - Parameter checks: those that together show that the network is the task's function.
  func requireLearning(after checks: String...) throws {
    try BatchLearning(
      session: session, network: name,
      configuration: Self.learning(configuration.mapValues { _ in 32 }), batch: Self.batch,
      isRight: checks.allSatisfy(session.hasPassed)
    ).require()
  }

  /// The network reaches the recipe's accuracy.
  ///
  /// - Parameter checks: those that together show that the network is the task's function.
  func requireAccuracy(after checks: String...) throws {
    let outcome = try session.trainStudent(
      name, configuration: configuration.merging(["binCount": 17, "stepCount": 40]) { $1 },
      isRight: checks.allSatisfy(session.hasPassed))
    let (reached, goal) = (percent(outcome.accuracy), percent(outcome.minimum))
    guard outcome.accuracy >= outcome.minimum else {
      throw CheckFailure(
        "in \(outcome.attempts) trainings of \(outcome.steps) batches the network classified at best "
          + "\(reached) of the validation chunks correctly, expected \(goal)",
        diagnosis: session.curve?.remarks?.first)
    }
    session.note(
      "correct: \(reached) of the validation chunks after \(outcome.steps) batches, expected "
        + "\(goal)\(outcome.attempts > 1 ? " (attempt \(outcome.attempts))" : "")")
  }

  private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}

/// Task 4.9a: the convolutional network.
final class ConvNetChecks: RecurrentNetworksCase {
  static func network(_ session: JudgeSession) -> NetworkCheck {
    // of 28 steps the last convolution leaves three: of an even number, the mean of means is the mean
    .init(
      session: session, name: "ConvNet", fewestSteps: 18,
      sizes: [(4, 40, 17), (1, 40, 17), (3, 28, 5)],
      // what passes through all three ReLU is hundreds of times as large as in the others
      far: [(4, 28, 5, FarDraws.largeInputs(100, logitReach: 50))],
      locate: { try ConvNetProbe($0).sentence() })
  }

  func test1Parameters() throws { try check { try Self.network($0).requireParameters() } }
  func test1Start() throws { try check { try Self.network($0).requireStart() } }
  func test2Shapes() throws { try check { try Self.network($0).requireShapes() } }
  func test3Values() throws { try check { try Self.network($0).requireValues() } }
  func test4Gradients() throws { try check { try Self.network($0).requireGradients() } }
  func test5Learns() throws {
    try check { try Self.network($0).requireLearning(after: "convnet.values") }
  }
  func test6Accuracy() throws {
    try check { try Self.network($0).requireAccuracy(after: "convnet.values") }
  }
}

/// Task 4.9c: the network on the built-in LSTM.
final class BuiltinLSTMNetChecks: RecurrentNetworksCase {
  static func network(_ session: JudgeSession, hidden: Int = 128) -> NetworkCheck {
    .init(
      session: session, name: "BuiltinLSTMNet", configuration: ["hiddenSize": hidden],
      far: [
        (4, 5, 5, FarDraws.largeInputs(100, logitReach: 50)), (3, 40, 17, FarDraws.lstmMemory),
      ], locate: { try HeadProbe($0).sentence() })
  }

  func test1Parameters() throws {
    try check { session in
      try Self.network(session).requireParameters()
      try Self.network(session, hidden: 6).requireParameters()
    }
  }
  func test1Start() throws { try check { try Self.network($0).requireStart() } }
  func test2Shapes() throws {
    try check { session in
      try Self.network(session).requireShapes()
      try Self.network(session, hidden: 6).requireShapes()
    }
  }
  func test3Values() throws { try check { try Self.network($0, hidden: 6).requireValues() } }
  func test4Gradients() throws { try check { try Self.network($0, hidden: 6).requireGradients() } }
  func test5Learns() throws {
    try check { try Self.network($0).requireLearning(after: "builtin.values") }
  }
  func test6Accuracy() throws {
    try check { try Self.network($0).requireAccuracy(after: "builtin.values") }
  }
}
