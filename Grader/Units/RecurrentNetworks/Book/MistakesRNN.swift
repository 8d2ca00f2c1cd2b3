import Judge
import TensorCore

/// The RNN layer, `H = tanh(X W_xh + H W_hh + b_h)`, as students write it.
struct RNNVariant: Variant {
  enum Activation { case tanh, sigmoid, relu, none }
  enum Recurrence { case inside, missing, afterTanh, detached }
  enum Bias { case inside, missing, twice, afterTanh }

  var sequence = SequenceVariant()
  var activation = Activation.tanh
  var recurrence = Recurrence.inside
  var bias = Bias.inside
  var addsOldState = false
  /// Whether the sum before the activation is what the next step sees.
  var carriesSum = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    var H = sequence.initial(numbers.input, units: try numbers("b_h").shape[0])
    if sequence.start == .kept {
      H = try noGrad {
        try SequenceVariant.readBefore(numbers.input).reduce(H) { try run($1, from: $0, numbers).H }
      }
    }
    let (outputs, final) = try run(numbers.input, from: H, numbers)
    return [("outputs", outputs), ("H", final)]
  }

  private func run(
    _ input: Tensor, from start: Tensor, _ numbers: Numbers
  ) throws -> (outputs: Tensor, H: Tensor) {
    var (H, carried) = (start, start)
    var outputs: [Tensor] = []
    var states: [Tensor] = []
    for X in try sequence.steps(of: input) {
      let old = carried
      var sum = try X.matmul(numbers("W_xh"))
      let fromState = try (recurrence == .detached ? old.detached() : old).matmul(numbers("W_hh"))
      if [.inside, .detached].contains(recurrence) { sum = try sum + fromState }
      if bias != .missing, bias != .afterTanh { sum = try sum + numbers("b_h") }
      if bias == .twice { sum = try sum + numbers("b_h") }
      switch activation {
      case .tanh: H = tanh(sum)
      case .sigmoid: H = sigmoid(sum)
      case .relu: H = relu(sum)
      case .none: H = sum
      }
      if recurrence == .afterTanh { H = try H + fromState }
      if bias == .afterTanh { H = try H + numbers("b_h") }
      if addsOldState { H = try H + old }
      carried = carriesSum ? sum : H
      states.append(H)
      outputs.append(sequence.element == .hiddenBefore ? old : H)
    }
    return (
      try sequence.joined(outputs, final: H), try sequence.finalState(states, start: start)
    )
  }

  static let mistakes: [Mistake<Self>] =
    [
      .init("sigmoid", "the step uses σ; the equation has tanh") { $0.activation = .sigmoid },
      .init("relu", "the step uses ReLU; the equation has tanh") { $0.activation = .relu },
      .init("no-tanh", "tanh is missing") { $0.activation = .none },
      .init("no-bias", "the bias b_h is not added") { $0.bias = .missing },
      .init("bias-twice", "the bias b_h is added twice") { $0.bias = .twice },
      .init("bias-after-tanh", "the bias b_h is added after tanh: it belongs inside") {
        $0.bias = .afterTanh
      },
      .init("recurrence-after-tanh", "H W_hh is added after tanh: it belongs inside") {
        $0.recurrence = .afterTanh
      },
      .init(
        "no-recurrence",
        "the hidden state of the step before is not used: H W_hh is missing, or the hidden state "
          + "is not carried on: every step starts from zeros"
      ) { $0.recurrence = .missing },
      .init(
        "sum-carried",
        "the next step sees the sum before tanh: what is multiplied with W_hh is H, behind tanh"
      ) { $0.carriesSum = true },
      .init("state-added", "the new state is added to the old one: H = tanh(…), not H + tanh(…)") {
        $0.addsOldState = true
      },
      .init(
        "detached",
        "the gradient does not flow from step to step: H is "
          + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.recurrence = .detached },
      .init(
        "state-detached",
        "no gradient flows through the final state: it is "
          + UnreachedGradients.cause,
        showsOnlyInGradients: true
      ) { $0.sequence.detachesFinal = true },
    ] + SequenceVariant.mistakes.map { $0.within(\.sequence) }
}
