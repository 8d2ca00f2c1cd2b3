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

  /// Names and shapes, then the distribution of the initial numbers.
  func requireParameters() throws {
    for (features, hidden) in [(4, 3), (1, 1)] {
      _ = try model(features: features, hidden: hidden).match()
    }
    let check = model(features: 17, hidden: 128)
    let names = try check.match()
    let parameters = try check.studentParameters(seed: session.openSeed("\(name) parameters"))
    for (reference, own) in names.names.sorted(by: { $0.key < $1.key }) {
      guard let tensor = parameters.first(where: { $0.name == own }) else { continue }
      if reference != own {
        throw CheckFailure("the parameter \(reference) is called \(own)")
      }
      try requireInitialNumbers(tensor)
    }
    let again = try check.studentParameters(seed: session.openSeed("\(name) parameters again"))
    let matrices = parameters.filter { $0.shape.count == 2 }
    for tensor in matrices where again.contains(tensor) {
      throw CheckFailure(
        "\(tensor.name) is the same whatever the generator: draw it from `generator`")
    }
  }

  private func requireInitialNumbers(_ tensor: PipeTensor) throws {
    if tensor.shape.count == 1 {
      guard tensor.values.allSatisfy({ $0 == 0 }) else {
        throw CheckFailure("the bias \(tensor.name) does not start at zero")
      }
      return
    }
    let count = Float(tensor.values.count)
    let mean = tensor.values.reduce(0, +) / count
    let deviation = (tensor.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count)
      .squareRoot()
    // at 2176 draws the mean's standard error is 0.0002 and the deviation's 0.00015
    guard abs(mean) < 0.0015, (0.0085...0.0115).contains(deviation) else {
      throw CheckFailure(
        "\(tensor.name) starts with mean \(mean) and standard deviation \(deviation), expected 0 "
          + "and 0.01")
    }
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
  func test2Shapes() throws { try check { try layer($0).requireShapes() } }
  func test3Values() throws { try check { try layer($0).requireValues() } }
  func test4Gradients() throws { try check { try layer($0).requireGradients() } }
}
