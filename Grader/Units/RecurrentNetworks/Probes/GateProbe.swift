import Judge
import WorkerPipe

/// Finds the first of an LSTM's inner tensors that is wrong, with the student's layer as a black
/// box: a weight of zero with a large bias makes a gate 1 or 0, so that a returned state shows
/// another one.
///
/// σ(30) and tanh(30) are 1 in single precision, and σ(−30) is 10⁻¹³.
struct GateProbe {
  /// One inner tensor: how it is brought into the returned states.
  private struct Part: Sendable {
    let name: String
    /// Letter of a gate → the bias that fixes it.
    let fixed: [String: Float]
    /// The state that shows the tensor.
    let state: String
    /// What a number of the state says of the tensor's.
    var value: @Sendable (Float) -> Float = { $0 }
    /// What a gate can be, and what it goes into: a number outside is not the gate's fault.
    var range = -Float.infinity...Float.infinity
    var use = ""
    /// The steps that it is looked at in, counted from 0.
    var steps = 0...1
    /// Whether it counts only where the input node does not matter: the input gate is 0.
    var isWithoutNode = false
    /// Whether the returned H must be wrong too.
    var showsInStates = true
    /// Whether the outputs must be wrong too: then it is not only the state's return.
    var showsInOutputs = true
  }

  /// In order of dependency. An output gate of 1 brings the cell state into the outputs.
  private static let parts = [
    Part(
      name:
        "the cell state C, which starts from zeros: where biases of ±30 should make I 0 and F 1, C",
      fixed: ["i": -30, "f": 30, "c": 30, "o": 30], state: "C", steps: 0...0, isWithoutNode: true),
    Part(
      name: "the cell state C, where biases of ±30 should make I and C̃ 1 and F 0: C",
      fixed: ["i": 30, "c": 30, "f": -30, "o": 30], state: "C", steps: 0...0),
    Part(
      name: "the cell state C, where biases of 30 should make F, I and C̃ 1: C",
      fixed: ["i": 30, "c": 30, "f": 30, "o": 30], state: "C", steps: 1...1),
    Part(
      name: "the forget gate F", fixed: ["i": 30, "c": 30, "o": 30], state: "C",
      value: { $0 - 1 }, range: 0...1, use: "C = F ∘ C + I ∘ C̃", steps: 1...1),
    Part(
      name: "the input node C̃", fixed: ["i": 30, "f": -30, "o": 30], state: "C", range: -1...1,
      use: "C = F ∘ C + I ∘ C̃"),
    Part(
      name: "the input gate I", fixed: ["c": 30, "f": -30, "o": 30], state: "C", range: 0...1,
      use: "C = F ∘ C + I ∘ C̃"),
    Part(name: "the cell state C", fixed: ["o": 30], state: "C"),
    Part(
      name: "the hidden state H, where biases of ±30 should make O 1 and C 1: H",
      fixed: ["i": 30, "c": 30, "f": -30, "o": 30], state: "H", steps: 0...0),
    // of a cell state of 1
    Part(
      name: "the output gate O", fixed: ["i": 30, "c": 30, "f": -30], state: "H",
      value: { $0 / 0.761_594_2 }, range: 0...1, use: "H = O ∘ tanh(C)"),
    Part(name: "the hidden state H", fixed: [:], state: "H"),
    Part(
      name: "what is collected: the states are right, the outputs are not these H:", fixed: [:],
      state: "outputs", showsInStates: false),
    Part(name: "the returned C", fixed: [:], state: "C", showsInOutputs: false),
    Part(name: "the returned H", fixed: [:], state: "H", showsInOutputs: false),
  ]

  /// The gates by the last letter of their parameters.
  private static let gates = [
    ("i", "the input gate I"), ("f", "the forget gate F"), ("o", "the output gate O"),
    ("c", "the input node C̃"),
  ]

  /// The gate that a parameter belongs to, by its last letter.
  static func gate(of parameter: String) -> String? {
    gates.first { parameter.hasSuffix($0.0) }?.1
  }

  private let series: TrialSeries

  init(_ series: TrialSeries) { self.series = series }

  /// Tensor, step, sample and unit with both numbers; nil when all parts are right.
  func sentence() throws -> String? {
    var isAnswered = true
    for step in 0...1 {
      let base = try experiment(step)
      for part in Self.parts where part.steps.contains(step) {
        guard let difference = try difference(part, step, base, &isAnswered) else { continue }
        if let gate = try openGate(part, base) {
          return
            "The first tensor that is wrong is \(gate): where its bias is 30 or -30 it should be "
            + "at its end and stay there, and it changes when that is 42 or -42"
        }
        if part.isWithoutNode, try !agrees(part, base, turning: "c") { continue }
        let yours = part.value(difference.yours)
        let place =
          "at step \(step) (counted from 0): [sample \(difference.sample), unit \(difference.unit)] is "
          + Comparison.number(yours)
        guard part.range.contains(yours) else {
          return "The line \(part.use) is not as it should be: of all others, \(part.name) would "
            + "be \(Comparison.number(yours)) at step \(step) (counted from 0)"
        }
        return "The first tensor that is wrong is \(part.name)"
          + (part.use.isEmpty ? " " : ", or how it is used in \(part.use), ") + place
          + ", expected \(Comparison.number(part.value(difference.expected)))"
      }
    }
    return !isAnswered
      ? nil
      : "Gates, C and H are right at the first two steps: look at later steps and what is collected"
  }

  private static let units = 3

  private var check: ModelCheck {
    series.check(["inputSize": 2, "hiddenSize": Self.units], aside: "gates")
  }

  /// An experiment whose input ends with a step.
  private func experiment(_ step: Int) throws -> ModelCheck.Experiment {
    var numbers = series.numbers("LSTM gates")
    return try check.experiment(inputShape: [2, step + 1, 2], &numbers)
  }

  /// The same with some gates fixed.
  ///
  /// - Parameter factors: letter of a gate → what the bias that fixes it is multiplied with.
  private func fixing(
    _ base: ModelCheck.Experiment, _ part: Part, factors: [String: Float] = [:]
  ) -> ModelCheck.Experiment {
    var experiment = base
    experiment.parameters = base.parameters.map { parameter in
      guard let gate = parameter.name.last.map(String.init), let bias = part.fixed[gate] else {
        return parameter
      }
      return parameter.mapValues { _ in
        parameter.name.hasPrefix("b") ? bias * factors[gate, default: 1] : 0
      }
    }
    return experiment
  }

  /// The fixed gate that is not at its end: a larger bias still moves something.
  private func openGate(_ part: Part, _ base: ModelCheck.Experiment) throws -> String? {
    try Self.gates.first { letter, _ in
      // not far: exp(84) is a number still, for a tanh written by hand
      try part.fixed[letter] != nil && !agrees(part, base, turning: letter, by: 1.4)
    }?.1
  }

  /// Whether the student's layer gives the same with the bias of a fixed gate multiplied. The
  /// reference is not asked.
  private func agrees(
    _ part: Part, _ base: ModelCheck.Experiment, turning gate: String, by factor: Float = -1
  ) throws -> Bool {
    let results = try check.studentResults(fixing(base, part))
    let others = try check.studentResults(fixing(base, part, factors: [gate: factor]))
    return results.allSatisfy { result in
      // of what is not a number nothing is said
      !result.values.allSatisfy(\.isFinite)
        || Comparison.agree(others.first { $0.name == result.name }, result)
    }
  }

  private func difference(
    _ part: Part, _ step: Int, _ base: ModelCheck.Experiment, _ isAnswered: inout Bool
  ) throws -> (sample: Int, unit: Int, yours: Float, expected: Float)? {
    let experiment = fixing(base, part)
    let expected = try check.referenceResults(experiment)
    guard !series.isRecording, let yours = try? check.studentResults(experiment),
      yours.allSatisfy({ $0.values.allSatisfy(\.isFinite) })
    else {
      isAnswered = false
      return nil
    }
    func last(_ results: [PipeTensor], _ name: String) -> [Float]? {
      guard let result = results.first(where: { $0.name == name }) else { return nil }
      // the last step of the outputs
      return result.shape.count == 2
        ? result.values
        : result.values.enumerated().filter { $0.offset / Self.units % (step + 1) == step }
          .map(\.element)
    }
    func wrong(_ name: String) -> (place: Int, yours: Float, expected: Float)? {
      guard let own = last(yours, name), let right = last(expected, name), own.count == right.count
      else { return nil }
      for place in own.indices where !(abs(own[place] - right[place]) <= 1e-4) {
        return (place, own[place], right[place])
      }
      return nil
    }
    guard let found = wrong(part.state), !part.showsInOutputs || wrong("outputs") != nil,
      part.showsInStates || wrong("H") == nil
    else { return nil }
    return (found.place / Self.units, found.place % Self.units, found.yours, found.expected)
  }
}
