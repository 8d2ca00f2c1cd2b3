import Judge
import TensorCore

/// How a recurrent layer reads the steps, where it starts, and what of the states it returns.
struct SequenceVariant: Equatable {
  enum Steps { case inOrder, reversed, withoutFirst, withoutLast, firstOnly, samples }
  enum Start { case zeros, ones, kept }
  enum Outputs { case stacked, onWrongAxis, concatenated, reversed, reshaped, allFinal }
  enum Element { case hidden, cell, hiddenBefore }
  enum Final { case last, first, mean, zeros, ofLastOutput }

  var steps = Steps.inOrder
  var start = Start.zeros
  var outputs = Outputs.stacked
  var element = Element.hidden
  var final = Final.last
  var detachesOutputs = false
  var detachesFinal = false

  /// The steps that the loop sees, each `[samples, features]`.
  func steps(of input: Tensor) throws -> [Tensor] {
    let steps = try input.unstacked(axis: self.steps == .samples ? 0 : 1)
    switch self.steps {
    case .inOrder, .samples: return steps
    case .reversed: return steps.reversed()
    case .withoutFirst: return Array(steps.dropFirst())
    case .withoutLast: return Array(steps.dropLast())
    case .firstOnly: return steps.map { _ in steps[0] }
    }
  }

  /// What a worker lets the layer read before the call that counts.
  static func readBefore(_ input: Tensor) -> [Tensor] { [input, -input] }

  /// The state before the first step, unless it is kept from the call before.
  func initial(_ input: Tensor, units: Int) -> Tensor {
    let shape: Shape = [input.shape[steps == .samples ? 1 : 0], units]
    return start == .ones ? .ones(shape) : .zeros(shape)
  }

  /// The list of outputs as one tensor.
  func joined(_ states: [Tensor], final: Tensor) throws -> Tensor {
    let list = detachesOutputs ? states.map { $0.detached() } : states
    switch outputs {
    case .stacked: return try .stack(list, axis: steps == .samples ? 0 : 1)
    case .onWrongAxis: return try .stack(list, axis: 0)
    case .concatenated: return try .concatenate(list, axis: 1)
    case .reversed: return try .stack(list.reversed(), axis: 1)
    case .reshaped:
      return try Tensor.stack(list, axis: 0)
        .reshaped([final.shape[0], list.count, final.shape[1]])
    case .allFinal: return try .stack(list.map { _ in final }, axis: 1)
    }
  }

  /// The hidden state that is returned.
  func finalState(_ states: [Tensor], start: Tensor) throws -> Tensor {
    let state =
      switch final {
      case .last: states.last ?? start
      case .first: states.first ?? start
      case .mean: try Tensor.stack(states, axis: 1).mean(axis: 1)
      case .zeros: start
      case .ofLastOutput:
        try Tensor.stack(states, axis: 0).select(axis: 1, index: -1)
      }
    return detachesFinal ? state.detached() : state
  }

  /// What students write instead.
  static let mistakes: [Mistake<Self>] = [
    .init(
      "wrong-axis",
      "the outputs are stacked along the wrong axis: [steps, samples, units] instead of "
        + "[samples, steps, units]"
    ) { $0.outputs = .onWrongAxis },
    .init(
      "concatenated", "the outputs are concatenated: Tensor.stack makes a new axis for the steps"
    ) {
      $0.outputs = .concatenated
    },
    .init("outputs-reversed", "the outputs are in reverse order: the last step comes first") {
      $0.outputs = .reversed
    },
    .init(
      "outputs-reshaped",
      "the outputs are reshaped, which mixes samples and steps: stack them along axis 1"
    ) {
      $0.outputs = .reshaped
    },
    .init("outputs-final", "every step's output is the final H") { $0.outputs = .allFinal },
    .init("outputs-late", "the outputs are late by one step; they begin with the zeros") {
      $0.element = .hiddenBefore
    },
    .init("first-state", "the final state is the first step's: H should be that of the last step") {
      $0.final = .first
    },
    .init(
      "mean-state", "the final state is the mean of all states: H should be that of the last step"
    ) {
      $0.final = .mean
    },
    .init("zero-state", "the final state is the one before the first step: all zeros") {
      $0.final = .zeros
    },
    .init("steps-reversed", "the steps are read from the last to the first") {
      $0.steps = .reversed
    },
    .init("first-step-only", "every step reads the first one's input") { $0.steps = .firstOnly },
    .init("first-step-skipped", "the first step is not read") { $0.steps = .withoutFirst },
    .init("last-step-skipped", "the last step is not read") { $0.steps = .withoutLast },
    .init("samples-as-steps", "the loop goes over the samples; the steps are axis 1") {
      $0.steps = .samples
    },
    .init(
      "state-over-samples",
      "the loop goes over the samples, so that the state passes from sample to sample; the steps are axis 1"
    ) {
      $0.steps = .samples
      $0.final = .ofLastOutput
    },
    .init("state-kept", "the state is kept from one call to the next: every call starts from zeros")
    {
      $0.start = .kept
    },
    .init("initial-ones", "the state before the first step is ones; it is zeros") {
      $0.start = .ones
    },
    .init(
      "outputs-detached",
      "no gradient flows through the outputs: they are "
        + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) {
      $0.detachesOutputs = true
    },
  ]
}
