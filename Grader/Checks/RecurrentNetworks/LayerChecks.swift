import Judge
import WorkerPipe
import XCTest

/// What the checks of the two recurrent layers share.
struct LayerCheck {
  let session: JudgeSession
  let name: String

  /// The sizes that shapes are checked at; a size of 1 finds what was squeezed or hard-coded.
  static let sizes: [(samples: Int, steps: Int, features: Int, hidden: Int)] = [
    (3, 5, 4, 6), (1, 1, 1, 1), (2, 7, 1, 3), (5, 2, 3, 1),
  ]

  func model(features: Int, hidden: Int) -> ModelCheck {
    ModelCheck(session, name, ["inputSize": features, "hiddenSize": hidden])
  }

  func requireParameters() throws {
    for (features, hidden) in [(4, 3), (1, 1)] {
      _ = try model(features: features, hidden: hidden).match()
    }
  }

  func requireStart() throws {
    let check = model(features: 17, hidden: 128)
    let names = try check.match().names
    let start = try InitialNumbers(session, check)
    for expected in try check.referenceParameters() {
      let own = names[expected.name] ?? expected.name
      guard own == expected.name else {
        throw CheckFailure("the parameter \(expected.name) is called \(own)")
      }
      try start.requireDistribution(of: own)
    }
    try start.requireDifferentDraws()
  }

  func requireShapes() throws {
    var numbers = session.numbers("\(name) shapes")
    for size in Self.sizes {
      let check = model(features: size.features, hidden: size.hidden)
      try check.requireShapes(
        check.experiment(inputShape: [size.samples, size.steps, size.features], &numbers))
    }
  }

  func requireValues() throws {
    var numbers = session.numbers("\(name) values")
    for size in Self.sizes {
      let check = model(features: size.features, hidden: size.hidden)
      let experiment = try check.experiment(
        inputShape: [size.samples, size.steps, size.features], &numbers)
      try check.requireValues(experiment)
    }
  }

  func requireGradients() throws {
    var numbers = session.numbers("\(name) gradients")
    for size in Self.sizes {
      let check = model(features: size.features, hidden: size.hidden)
      let experiment = try check.experiment(
        inputShape: [size.samples, size.steps, size.features], &numbers)
      try check.requireGradients(experiment, &numbers)
    }
  }
}

/// Task 4.7a: the RNN layer.
final class RNNChecks: RecurrentNetworksCase {
  private func layer(_ session: JudgeSession) -> LayerCheck { .init(session: session, name: "RNN") }

  func test1Parameters() throws { try check { try layer($0).requireParameters() } }
  func test1Start() throws { try check { try layer($0).requireStart() } }
  func test2Shapes() throws { try check { try layer($0).requireShapes() } }
  func test3Values() throws { try check { try layer($0).requireValues() } }
  func test4Gradients() throws { try check { try layer($0).requireGradients() } }
}

/// Task 4.7b: the LSTM layer.
final class LSTMChecks: RecurrentNetworksCase {
  private func layer(_ session: JudgeSession) -> LayerCheck {
    .init(session: session, name: "LSTM")
  }

  func test1Parameters() throws { try check { try layer($0).requireParameters() } }
  func test1Start() throws { try check { try layer($0).requireStart() } }
  func test2Shapes() throws { try check { try layer($0).requireShapes() } }
  func test3Values() throws { try check { try layer($0).requireValues() } }
  func test4Gradients() throws { try check { try layer($0).requireGradients() } }
}
