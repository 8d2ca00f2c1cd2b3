import Judge
import WorkerPipe
import XCTest

/// What the checks of the networks share.
struct NetworkCheck {
  let session: JudgeSession
  let name: String
  /// The sizes the network is made with, besides the number of bins.
  var configuration: [String: Int] = [:]
  /// Batch size, number of steps and number of bins.
  var sizes: [(samples: Int, steps: Int, bins: Int)] = [(4, 40, 17), (1, 40, 17), (3, 23, 5)]

  private func model(bins: Int) -> ModelCheck {
    ModelCheck(session, name, configuration.merging(["binCount": bins]) { $1 })
  }

  func requireParameters() throws {
    for bins in Set(sizes.map(\.bins)).sorted().reversed() { _ = try model(bins: bins).match() }
  }

  /// The layers' own draws are right; that they are made from the generator is the student's.
  ///
  /// - Parameter part: the part of the reference that another task is about.
  func requireStart(without part: String? = nil) throws {
    let check = model(bins: 17)
    let others = try check.match().names.filter { name, _ in
      part.map { name.hasPrefix($0 + ".") } ?? false
    }.values
    try InitialNumbers(session, check).requireDifferentDraws { !others.contains($0) }
  }

  func requireShapes() throws {
    try forEachSize("shapes") { check, experiment, _ in try check.requireShapes(experiment) }
  }

  func requireValues() throws {
    try forEachSize("values") { check, experiment, _ in try check.requireValues(experiment) }
  }

  func requireGradients() throws {
    try forEachSize("gradients") { check, experiment, numbers in
      try check.requireGradients(experiment, &numbers)
    }
  }

  func requireAccuracy() throws {
    let outcome = try session.trainStudent(
      name, configuration: configuration.merging(["binCount": 17, "stepCount": 40]) { $1 })
    let (reached, goal) = (percent(outcome.accuracy), percent(outcome.minimum))
    guard outcome.accuracy >= outcome.minimum else {
      throw CheckFailure(
        "in \(outcome.attempts) trainings of \(outcome.steps) batches the network classified at best "
          + "\(reached) of the validation chunks correctly, expected \(goal)")
    }
    session.note(
      "correct: \(reached) of the validation chunks after \(outcome.steps) batches, expected "
        + "\(goal)\(outcome.attempts > 1 ? " (attempt \(outcome.attempts))" : "")")
  }

  private func forEachSize(
    _ purpose: String,
    _ body: (ModelCheck, ModelCheck.Experiment, inout SeededNumbers) throws -> Void
  ) throws {
    var numbers = session.numbers("\(name) \(purpose)")
    for size in sizes {
      let check = model(bins: size.bins)
      let experiment = try check.experiment(
        inputShape: [size.samples, size.steps, size.bins], &numbers)
      try body(check, experiment, &numbers)
    }
  }

  private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}

/// Task 4.9a: the convolutional network.
final class ConvNetChecks: RecurrentNetworksCase {
  private func network(_ session: JudgeSession) -> NetworkCheck {
    .init(session: session, name: "ConvNet")
  }

  func test1Parameters() throws { try check { try network($0).requireParameters() } }
  func test1Start() throws { try check { try network($0).requireStart() } }
  func test2Shapes() throws { try check { try network($0).requireShapes() } }
  func test3Values() throws { try check { try network($0).requireValues() } }
  func test4Gradients() throws { try check { try network($0).requireGradients() } }
  func test5Accuracy() throws { try check { try network($0).requireAccuracy() } }
}

/// Task 4.9c: the network on the built-in LSTM.
final class BuiltinLSTMNetChecks: RecurrentNetworksCase {
  private func network(_ session: JudgeSession, hidden: Int = 128) -> NetworkCheck {
    .init(session: session, name: "BuiltinLSTMNet", configuration: ["hiddenSize": hidden])
  }

  func test1Parameters() throws {
    try check { session in
      try network(session).requireParameters()
      try network(session, hidden: 6).requireParameters()
    }
  }
  func test1Start() throws { try check { try network($0).requireStart() } }
  func test2Shapes() throws {
    try check { session in
      try network(session).requireShapes()
      try network(session, hidden: 6).requireShapes()
    }
  }
  func test3Values() throws { try check { try network($0, hidden: 6).requireValues() } }
  func test4Gradients() throws { try check { try network($0, hidden: 6).requireGradients() } }
  func test5Accuracy() throws { try check { try network($0).requireAccuracy() } }
}
