import Judge
import TensorCore
import WorkerPipe
import Workers

/// One experiment on the network and the same numbers on its parts: the student's own layer, and
/// the small network on its results, computed here.
struct LSTMNetTrial {
  /// The sizes of an experiment, and how its numbers are drawn.
  struct Size {
    var samples = 6
    var steps = 3
    var bins = 5
    var units = 6
    var draw = Draw.ordinary

    /// The sizes that the network and its layer are made with.
    var network: [String: Int] { ["binCount": bins, "hiddenSize": units] }
    var layer: [String: Int] { ["inputSize": bins, "hiddenSize": units] }
  }

  /// What the student's network gives.
  let logits: PipeTensor?
  /// What it should give, from the student's layer.
  let expected: PipeTensor
  let session: JudgeSession
  let size: Size
  let experiment: ModelCheck.Experiment
  let names: [String: String]
  let upstream: PipeTensor
  /// What the network's calls changed besides, but for the parameters of a layer that is not right, which
  /// another task is about.
  let sideEffects: SideEffects
  /// The layer's results for the input as it is, and for other inputs that students hand over.
  let layers: [Reading: LayerResults]
  let headWeights: [Tensor]
  /// The layer's parameters: the task's name → the student's.
  let layerNames: [String: String]

  /// What the layer reads.
  enum Reading: CaseIterable {
    case steps, reversed, reshaped, averaged

    /// The mistake that it is.
    var mistake: NamedMistake? {
      switch self {
      case .steps: nil
      case .reversed: .init("steps-reversed", "the steps are read from the last to the first")
      case .reshaped:
        .init("reshaped-axes", "the input is reshaped, which mixes samples and steps")
      case .averaged:
        .init(
          "mean-spectrum",
          "the results do not depend on the order of the steps: the LSTM reads their mean")
      }
    }

    func input(_ input: PipeTensor) throws -> PipeTensor {
      let X = try Numbers.tensor(input)
      let read =
        switch self {
        case .steps: X
        case .reversed: try X.flipped(axes: [1])
        case .reshaped:
          try X.reshaped([X.shape[1], X.shape[0], X.shape[2]]).transposed(0, 1)
        case .averaged:
          try Tensor.stack(Array(repeating: X.mean(axis: 1), count: X.shape[1]), axis: 1)
        }
      return PipeTensor(name: "input", shape: input.shape, values: read.array)
    }
  }

  /// The mistakes in the values that are called by their names.
  static let named =
    HeadVariant.mistakes.filter { !$0.showsOnlyInGradients }.map(\.name)
    + Reading.allCases.compactMap(\.mistake)

  /// Asks the student's worker for the network's and the layer's results.
  init(_ session: JudgeSession, _ size: Size) throws {
    self.session = session
    self.size = size
    // not every submission's far experiments are made: the others' questions keep their numbers
    let aside = size.draw.isFar ? "far" : ""
    let check = ModelCheck(session, "LSTMNet", size.network, aside: aside)
    var numbers = session.numbers(
      "LSTMNet parts, \(size.steps) steps" + (size.draw.place.map { ", \($0)" } ?? ""))
    names = try check.match().names
    let layerNames = try ModelCheck(session, "LSTM", size.layer, aside: aside).match().names
    self.layerNames = layerNames
    let draw = try check.experiments(
      [InputShape("input", [size.samples, size.steps, size.bins])], draw: size.draw)
    // the layer's results are those of the first draw where there was one only
    var (first, draws): (LayerResults?, Int) = (nil, 0)
    experiment = try .centred(reach: size.draw.logitReach) {
      draw(&numbers)
    } logits: { experiment in
      guard let layer = try Self.usable(session, experiment, size, layerNames) else {
        throw CheckFailure("the LSTM layer gives no results that the network could be judged by")
      }
      (first, draws) = (layer, draws + 1)
      return try HeadVariant().logits(layer, Self.headWeights(experiment)).array
    }
    upstream = numbers.normal("upstream:logits", [size.samples, 1])
    var layers: [Reading: LayerResults] = [:]
    if size.draw.isFar, draws == 1, let first {
      // mistakes, and layers that give others when they are asked again, are told by ordinary numbers
      layers[.steps] = first
    } else {
      for reading in Reading.allCases {
        layers[reading] = try Self.layerResults(session, experiment, size, layerNames, reading)
      }
    }
    self.layers = layers
    guard let layer = layers[.steps] else {
      throw CheckFailure("the LSTM layer gives no results when it is asked again")
    }
    headWeights = try Self.headWeights(experiment)
    expected = Self.pipeTensor(try HeadVariant().logits(layer, headWeights))
    // By a layer that gives the same for all, any network would be right. Logits that the same layer
    // gave twice reach from -2 to 2.
    let reach = ((expected.values.max() ?? 0) - (expected.values.min() ?? 0)) / 2
    guard reach.isFinite, reach > max(1, 0.01 * experiment.scale) else {
      throw CheckWaits(
        "it waits for the LSTM, which gives nearly the same for every sample, other results when it is "
          + "asked again, or no numbers: by those no network can be judged")
    }
    var (results, sideEffects) = try check.studentCall(experiment)
    logits = results.first { $0.name == "logits" }
    if !session.hasPassed("lstm.values") {
      let ofLayer = Set(names.filter { $0.key.hasPrefix("lstm.") }.values)
      sideEffects.parameters.removeAll { ofLayer.contains($0) }
    }
    self.sideEffects = sideEffects
  }

  /// What the student's layer gives for the experiment's own input.
  ///
  /// - Throws: `CheckWaits` where it stops with an error at a far end.
  private static func usable(
    _ session: JudgeSession, _ experiment: ModelCheck.Experiment, _ size: Size,
    _ names: [String: String]
  ) throws -> LayerResults? {
    do {
      return try layerResults(session, experiment, size, names, .steps)
    } catch WorkerFailure.threw(let message) where size.draw.isFar {
      throw CheckWaits("it waits for the LSTM, which stopped with \(message)")
    }
  }

  /// Weight and bias of the two fully connected layers, in order.
  private static func headWeights(_ experiment: ModelCheck.Experiment) throws -> [Tensor] {
    try experiment.parameters.filter { !$0.name.hasPrefix("lstm.") }.map {
      try Numbers.tensor($0).requiringGrad()
    }
  }

  private static func layerResults(
    _ session: JudgeSession, _ experiment: ModelCheck.Experiment, _ size: Size,
    _ names: [String: String], _ reading: Reading
  ) throws -> LayerResults? {
    let results = try session.askStudent(
      .forward(), about: .init("LSTM", sizes: size.layer),
      layerParameters(experiment, names) + [try reading.input(experiment.input)])
    func result(_ name: String, _ shape: [Int]) throws -> Tensor? {
      try results.first { $0.name == name && $0.shape == shape }.map {
        try Numbers.tensor($0).requiringGrad()
      }
    }
    guard let outputs = try result("outputs", [size.samples, size.steps, size.units]),
      let H = try result("H", [size.samples, size.units]),
      let C = try result("C", [size.samples, size.units])
    else { return nil }
    return LayerResults(outputs: outputs, H: H, C: C)
  }

  static func layerParameters(
    _ experiment: ModelCheck.Experiment, _ names: [String: String]
  ) -> [PipeTensor] {
    experiment.parameters.filter { $0.name.hasPrefix("lstm.") }.map {
      let name = String($0.name.dropFirst("lstm.".count))
      return PipeTensor(
        name: "parameter:" + (names[name] ?? name), shape: $0.shape, values: $0.values)
    }
  }

  private static func pipeTensor(_ logits: Tensor) -> PipeTensor {
    PipeTensor(name: "logits", shape: logits.shape.dimensions, values: logits.array)
  }

  /// Compares the logits with those of the small network on the student's own layer.
  func requireValues() throws(CheckFailure) {
    try Comparison.require(
      logits, equals: expected, called: "logits", scale: experiment.scale,
      axes: [.sample, .label])
  }

  /// Compares with the logits in training mode.
  ///
  /// - Throws: `CheckFailure` for the first number that differs.
  func requireSameInTraining() throws {
    try ModelCheck(session, "LSTMNet", size.network).requireSameInTraining(
      experiment, evaluated: [expected])
  }

  // MARK: - Mistakes

  /// Whether the student's logits are those of the small network with mistakes in it.
  func gives(_ variant: HeadVariant) throws -> Bool {
    guard let layer = layers[.steps] else { return false }
    return try gives(variant, layer)
  }

  /// Whether the student's logits are those of the small network when the layer reads another input.
  func gives(_ reading: Reading) throws -> Bool {
    guard let layer = layers[reading] else { return false }
    return try gives(HeadVariant(), layer)
  }

  private func gives(_ variant: HeadVariant, _ layer: LayerResults) throws -> Bool {
    Comparison.agree(
      logits, Self.pipeTensor(try noGrad { try variant.logits(layer, headWeights) }),
      scale: experiment.scale)
  }

  /// Whether the network gives the same when it is asked again, without having been called before.
  func isRepeatable() throws -> Bool {
    guard let logits else { return true }
    let others = try ModelCheck(session, "LSTMNet", size.network)
      .studentResults(experiment, isFirstCall: true)
    return Comparison.agree(
      others.first { $0.name == "logits" }, logits, scale: experiment.scale)
  }

  /// What wrong logits show by themselves, where the layer is right and all of it is the network's.
  func behaviour() throws -> String? {
    guard session.hasPassed("lstm.values"), let logits else { return nil }
    return try ModelCheck(session, "LSTMNet", size.network).behaviour(
      experiment, [logits], expected: [expected])
  }

  /// The first part of the network that is wrong, for what the student's own layer gives.
  func place() throws -> String? {
    try HeadProbe(units: size.units, steps: [size.steps]) { question in
      var experiment = experiment
      experiment.parameters = question.replacing(experiment.parameters)
      guard let results = try Self.layerResults(session, experiment, size, layerNames, .steps),
        let yours = try? ModelCheck(session, "LSTMNet", size.network)
          .studentResults(experiment).first(where: { $0.name == "logits" })
      else { return nil }
      let expected = try HeadVariant().logits(results, Self.headWeights(experiment))
      return (yours.values, expected.array)
    }.sentence()
  }
}
