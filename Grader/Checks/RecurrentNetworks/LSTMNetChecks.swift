import Judge
import NeuralNetworks
import TensorCore
import WorkerPipe
import XCTest

/// Task 4.9b: the network on the student's own LSTM.
///
/// What follows from a mistake in the LSTM is not charged again here: the expected logits are
/// computed from the final state that the *student's* layer gives, and the expected gradients from
/// the gradients of the student's layer.
final class LSTMNetChecks: RecurrentNetworksCase {
  private func network(_ session: JudgeSession, hidden: Int = 128) -> NetworkCheck {
    .init(session: session, name: "LSTMNet", configuration: ["hiddenSize": hidden])
  }

  func test1Parameters() throws {
    try check { session in
      try network(session).requireParameters()
      try network(session, hidden: 6).requireParameters()
    }
  }

  func test1Start() throws { try check { try network($0).requireStart(without: "lstm") } }

  func test2Shapes() throws {
    try check { session in
      try network(session).requireShapes()
      try network(session, hidden: 6).requireShapes()
    }
  }

  func test3Values() throws {
    try check { session in
      let trial = try Trial(session)
      let logits = try trial.check.studentResults(trial.experiment).first { $0.name == "logits" }
      do {
        try Comparison.require(logits, equals: trial.expectedLogits, called: "the logits")
      } catch let failure as CheckFailure {
        throw CheckFailure(
          failure.message,
          diagnosis: Comparison.agree(logits, trial.cellLogits)
            ? "the network reads the cell state C; the task has the hidden state H" : nil)
      }
    }
  }

  func test4Gradients() throws {
    try check { session in
      let trial = try Trial(session)
      let actual = try session.askStudent(
        Request(.backward, model: "LSTMNet", configuration: Trial.configuration),
        trial.networkTensors + [
          PipeTensor(
            name: "upstream:logits", shape: trial.upstream.shape, values: trial.upstream.values)
        ])
      for expected in try trial.expectedGradients() {
        try Comparison.require(
          actual.first { $0.name == expected.name }, equals: expected,
          called: "the gradient of \(expected.name.split(separator: ":").last ?? "the input")")
      }
    }
  }

  func test5Accuracy() throws { try check { try network($0).requireAccuracy() } }
}

/// One experiment on the network and the same numbers on its parts.
private struct Trial {
  static let configuration = ["binCount": 5, "hiddenSize": 6]

  let check: ModelCheck
  let experiment: ModelCheck.Experiment
  let upstream: PipeTensor
  let expectedLogits: PipeTensor
  /// What follows from the final cell state, which is easily taken for the hidden one.
  let cellLogits: PipeTensor
  private let session: JudgeSession
  private let match: ParameterMatch
  private let layerNames: [String]
  private let headWeights: [Tensor]
  private let finalState: Tensor
  private let head: Tensor

  init(_ session: JudgeSession) throws {
    self.session = session
    check = ModelCheck(session, "LSTMNet", Self.configuration)
    var numbers = session.numbers("LSTMNet parts")
    experiment = try check.experiment(inputShape: [3, 7, 5], &numbers)
    match = try check.match()
    upstream = numbers.normal("logits", [3, 1])
    layerNames = experiment.parameters.map(\.name).filter { $0.hasPrefix("lstm.") }

    let results = try session.askStudent(
      Request(.forward, model: "LSTM", configuration: Self.layerConfiguration),
      Self.layerTensors(experiment))
    guard let H = results.first(where: { $0.name == "H" }), H.shape == [3, 6] else {
      throw CheckFailure(
        "the LSTM layer gives no final state of shape [3, 6] that the network could be judged by")
    }
    finalState = try Tensor(H.values, shape: Shape(H.shape)).requiringGrad()
    headWeights = try experiment.parameters.filter { !$0.name.hasPrefix("lstm.") }.map {
      try Tensor($0.values, shape: Shape($0.shape)).requiringGrad()
    }
    // weight and bias of the two fully connected layers, in order
    head = try Self.head(finalState, headWeights)
    expectedLogits = Self.pipeTensor(head)
    let C = try results.first { $0.name == "C" && $0.shape == H.shape }.map {
      try Tensor($0.values, shape: Shape($0.shape))
    }
    cellLogits = Self.pipeTensor(try Self.head(C ?? finalState, headWeights))
  }

  private static func head(_ state: Tensor, _ weights: [Tensor]) throws -> Tensor {
    try state.linear(weights[0], weights[1]).relu().linear(weights[2], weights[3])
  }

  private static func pipeTensor(_ logits: Tensor) -> PipeTensor {
    PipeTensor(name: "logits", shape: logits.shape.dimensions, values: logits.array)
  }

  private static let layerConfiguration = ["inputSize": 5, "hiddenSize": 6]

  private static func layerTensors(_ experiment: ModelCheck.Experiment) -> [PipeTensor] {
    experiment.parameters.filter { $0.name.hasPrefix("lstm.") }.map {
      PipeTensor(
        name: "parameter:" + $0.name.dropFirst("lstm.".count), shape: $0.shape, values: $0.values)
    } + [experiment.input]
  }

  /// The experiment under the student's names.
  var networkTensors: [PipeTensor] {
    experiment.parameters.map {
      PipeTensor(
        name: "parameter:" + (match.names[$0.name] ?? $0.name), shape: $0.shape, values: $0.values)
    } + [experiment.input]
  }

  /// The gradients that follow from the student's own layer, under the student's names.
  func expectedGradients() throws -> [PipeTensor] {
    try head.backward(gradient: try Tensor(upstream.values, shape: Shape(upstream.shape)))
    func named(_ reference: String) -> String {
      "parameter:" + (match.names[reference] ?? reference)
    }
    let headNames = experiment.parameters.map(\.name).filter { !$0.hasPrefix("lstm.") }
    var expected = zip(headNames, headWeights).map { name, weight in
      PipeTensor(
        name: named(name), shape: weight.shape.dimensions, values: weight.grad?.array ?? [])
    }
    let forState = PipeTensor(
      name: "upstream:H", shape: [3, 6], values: finalState.grad?.array ?? [])
    let layer = try session.askStudent(
      Request(.backward, model: "LSTM", configuration: Self.layerConfiguration),
      Self.layerTensors(experiment) + [forState])
    for gradient in layer {
      let isInput = gradient.name == "input"
      let name = isInput ? "input" : named("lstm." + gradient.name.dropFirst("parameter:".count))
      expected.append(PipeTensor(name: name, shape: gradient.shape, values: gradient.values))
    }
    return expected
  }
}
