import WorkerPipe

/// The questions that the checks of every model ask: the parameters, the shapes, the values and
/// the gradients of one model at given sizes, against the reference.
public struct ModelCheck {
  private let session: JudgeSession
  /// The model's name in the catalogue.
  public let model: String
  /// The sizes it is made with.
  public let configuration: [String: Int]

  /// Prepares the questions about one model.
  public init(_ session: JudgeSession, _ model: String, _ configuration: [String: Int]) {
    self.session = session
    self.model = model
    self.configuration = configuration
  }

  /// The parameters of the student's freshly made model.
  public func studentParameters(seed: UInt64 = 1) throws -> [PipeTensor] {
    try session.askStudent(
      Request(.parameters, model: model, configuration: configuration, seed: seed))
  }

  /// The parameters of the reference.
  public func referenceParameters() throws -> [PipeTensor] {
    try session.askReference(
      Request(.parameters, model: model, configuration: configuration, seed: 1))
  }

  /// Which of the student's parameters plays which part.
  ///
  /// - Throws: `CheckFailure` when one is missing or has another shape.
  public func match() throws -> ParameterMatch {
    try ParameterMatch(student: studentParameters(), reference: referenceParameters())
  }

  /// An experiment: parameters and an input, the same for both sides.
  public struct Experiment {
    /// By the reference's names.
    public let parameters: [PipeTensor]
    /// The input, called `input`.
    public let input: PipeTensor
    let match: ParameterMatch

    func tensors(renamed: Bool) -> [PipeTensor] {
      parameters.map {
        PipeTensor(
          name: "parameter:" + (renamed ? match.names[$0.name] ?? $0.name : $0.name),
          shape: $0.shape, values: $0.values)
      } + [input]
    }
  }

  /// Draws parameters, wide enough for every gate to be curved, and an input.
  public func experiment(inputShape: [Int], _ numbers: inout SeededNumbers) throws -> Experiment {
    let parameters = try referenceParameters().map { tensor in
      // [in, out], [out, in, kernel] or a bias
      let fanIn =
        tensor.shape.count == 3
        ? tensor.shape[1] * tensor.shape[2] : tensor.shape.count == 2 ? tensor.shape[0] : 4
      return numbers.normal(
        tensor.name, tensor.shape, standardDeviation: 1 / Float(max(fanIn, 1)).squareRoot())
    }
    return Experiment(
      parameters: parameters, input: numbers.normal("input", inputShape), match: try match())
  }

  /// The student's results of an experiment.
  public func studentResults(_ experiment: Experiment) throws -> [PipeTensor] {
    try session.askStudent(
      Request(.forward, model: model, configuration: configuration),
      experiment.tensors(renamed: true))
  }

  /// The reference's results of an experiment.
  public func referenceResults(_ experiment: Experiment) throws -> [PipeTensor] {
    try session.askReference(
      Request(.forward, model: model, configuration: configuration),
      experiment.tensors(renamed: false))
  }

  /// Compares the shapes of all results.
  public func requireShapes(_ experiment: Experiment) throws {
    let actual = try studentResults(experiment)
    for expected in try referenceResults(experiment) {
      guard let result = actual.first(where: { $0.name == expected.name }) else {
        throw CheckFailure("\(expected.name) is missing from the results")
      }
      guard result.shape == expected.shape else {
        throw CheckFailure(
          "\(expected.name) has shape \(result.shape), expected \(expected.shape), for an input "
            + "\(experiment.input.shape)\(sizes)")
      }
    }
  }

  /// Compares the numbers of all results. A failure names the known mistake that gives them.
  public func requireValues(_ experiment: Experiment) throws {
    try session.prepareDiagnosis(model, experiment)
    let actual = try studentResults(experiment)
    do {
      for expected in try referenceResults(experiment) {
        try Comparison.require(
          actual.first { $0.name == expected.name }, equals: expected, called: expected.name)
      }
    } catch let failure as CheckFailure {
      throw CheckFailure(
        failure.message, diagnosis: try session.diagnosis(of: actual, model, experiment),
        difference: failure.difference)
    }
  }

  /// Compares the gradients of all parameters and of the input, for an upstream gradient that is
  /// different for every number of the results.
  public func requireGradients(_ experiment: Experiment, _ numbers: inout SeededNumbers) throws {
    let upstream = try referenceResults(experiment).map {
      numbers.normal("upstream:" + $0.name, $0.shape)
    }
    let request = Request(.backward, model: model, configuration: configuration)
    let actual = try session.askStudent(request, experiment.tensors(renamed: true) + upstream)
    let expected = try session.askReference(
      request, experiment.tensors(renamed: false) + upstream)
    let pairs = expected.map { tensor in
      let isInput = tensor.name == "input"
      let own = String(tensor.name.dropFirst("parameter:".count))
      let name = isInput ? "the input" : experiment.match.names[own] ?? own
      return (
        name: name, expected: tensor,
        actual: actual.first { $0.name == (isInput ? "input" : "parameter:" + name) }
      )
    }
    if let unused = Self.unreached(pairs) {
      throw CheckFailure(
        "the gradient of \(unused) is zero everywhere and should not be: is it used where the "
          + "equation has it?")
    }
    for pair in pairs {
      try Comparison.require(
        pair.actual, equals: pair.expected, called: "the gradient of \(pair.name)")
    }
  }

  /// The first tensor that no gradient reaches though one should: it is left out, or another
  /// stands in its place. That says more than which number is furthest off.
  static func unreached(
    _ pairs: [(name: String, expected: PipeTensor, actual: PipeTensor?)]
  ) -> String? {
    pairs.first { pair in
      guard let actual = pair.actual else { return false }
      return actual.values.allSatisfy { $0 == 0 } && pair.expected.values.contains { $0 != 0 }
    }?.name
  }

  private var sizes: String {
    configuration.isEmpty
      ? ""
      : " with "
        + configuration.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        .joined(separator: ", ")
  }
}
