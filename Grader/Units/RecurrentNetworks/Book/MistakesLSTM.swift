import Judge
import TensorCore

/// The LSTM layer as students write it.
struct LSTMVariant: Variant {
  /// The four lines with weights of their own, by the letter of these.
  enum Gate: String, CaseIterable { case input = "i", forget = "f", output = "o", node = "c" }
  enum Activation { case sigmoid, tanh, relu, none, softmax, hardSigmoid }
  /// What the gates see of the step before.
  enum Seen { case hidden, nothing, cell, detachedHidden }
  /// What a state or a candidate is multiplied with.
  enum Factor { case input, forget, one, zero, oneMinusForget }
  enum Squashing { case tanh, none, sigmoid, relu, beforeTanh }
  enum HiddenSource { case newCell, oldCell, node }
  enum ReturnedCell { case cell, hidden, tanhOfCell }

  /// One line: whose weights it uses, and how.
  struct Line: Equatable {
    var inputWeight, recurrentWeight, bias: Gate
    var activation: Activation
    var biasCount: Float = 1
    var shift: Float = 0

    init(_ gate: Gate) {
      (inputWeight, recurrentWeight, bias) = (gate, gate, gate)
      activation = gate == .node ? .tanh : .sigmoid
    }

    mutating func read(_ other: Gate) {
      (inputWeight, recurrentWeight, bias) = (other, other, other)
    }
  }

  var sequence = SequenceVariant()
  var input = Line(.input)
  var forget = Line(.forget)
  var output = Line(.output)
  var node = Line(.node)
  var seen = Seen.hidden
  var nodeSeesNewHidden = false
  var oldCellFactor = Factor.forget
  var newCellFactor = Factor.input
  var usesNode = true
  var detachesCell = false
  var detachesForget = false
  var appliesOutputGate = true
  var squashing = Squashing.tanh
  var hiddenSource = HiddenSource.newCell
  var returnedCell = ReturnedCell.cell
  var swapsStates = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let zeros = sequence.initial(numbers.input, units: try numbers("b_i").shape[0])
    var start = (H: zeros, C: zeros)
    if sequence.start == .kept {
      start = try noGrad {
        try SequenceVariant.readBefore(numbers.input).reduce(start) { start, input in
          let kept = try run(input, from: start, numbers)
          return (kept.H, kept.C)
        }
      }
    }
    let (outputs, final, H, C) = try run(numbers.input, from: start, numbers)
    var returned = C
    if returnedCell == .hidden { returned = H }
    if returnedCell == .tanhOfCell { returned = tanh(C) }
    if sequence.detachesFinal { returned = returned.detached() }
    return [
      ("outputs", outputs), ("H", swapsStates ? returned : final),
      ("C", swapsStates ? final : returned),
    ]
  }

  private func run(
    _ X: Tensor, from start: (H: Tensor, C: Tensor), _ numbers: Numbers
  ) throws -> (outputs: Tensor, final: Tensor, H: Tensor, C: Tensor) {
    var (H, C) = start
    var outputs: [Tensor] = []
    var states: [Tensor] = []
    var cells: [Tensor] = []
    for X in try sequence.steps(of: X) {
      let old = (H: H, C: C)
      let seen = self.seen == .cell ? old.C : self.seen == .detachedHidden ? H.detached() : H
      func value(_ line: Line, sees state: Tensor) throws -> Tensor {
        var sum = try X.matmul(numbers("W_x" + line.inputWeight.rawValue))
        if self.seen != .nothing {
          sum = try sum + state.matmul(numbers("W_h" + line.recurrentWeight.rawValue))
        }
        sum = try sum + numbers("b_" + line.bias.rawValue) * line.biasCount + line.shift
        switch line.activation {
        case .sigmoid: return sigmoid(sum)
        case .tanh: return tanh(sum)
        case .relu: return relu(sum)
        case .none: return sum
        case .softmax: return try sum.softmax()
        case .hardSigmoid: return try (0.2 * sum + 0.5).clip(minimum: 0, maximum: 1)
        }
      }
      let I = try value(input, sees: seen)
      let F = try detachesForget ? value(forget, sees: seen).detached() : value(forget, sees: seen)
      let O = try value(output, sees: seen)
      let early = try O * tanh(old.C)
      let C_tilde = try value(node, sees: nodeSeesNewHidden ? early : seen)

      func scaled(_ tensor: Tensor, by factor: Factor) throws -> Tensor {
        switch factor {
        case .input: try I * tensor
        case .forget: try F * tensor
        case .one: tensor
        case .zero: tensor * 0
        case .oneMinusForget: try (1 - F) * tensor
        }
      }
      let candidate = usesNode ? C_tilde : Tensor.ones(like: C_tilde)
      C =
        try scaled(detachesCell ? old.C.detached() : old.C, by: oldCellFactor)
        + scaled(candidate, by: newCellFactor)
      let source = hiddenSource == .oldCell ? old.C : hiddenSource == .node ? C_tilde : C
      let gate = appliesOutputGate ? O : Tensor.ones(like: O)
      switch squashing {
      case .tanh: H = try gate * tanh(source)
      case .none: H = try gate * source
      case .sigmoid: H = try gate * sigmoid(source)
      case .relu: H = try gate * relu(source)
      case .beforeTanh: H = tanh(try gate * source)
      }
      states.append(H)
      cells.append(C)
      switch sequence.element {
      case .hidden: outputs.append(H)
      case .cell: outputs.append(C)
      case .hiddenBefore: outputs.append(old.H)
      }
    }
    let final = try sequence.finalState(states, start: start.H)
    let isOfLastOutput = sequence.final == .ofLastOutput
    return (
      try sequence.joined(outputs, final: H), final, isOfLastOutput ? final : H,
      try isOfLastOutput ? sequence.finalState(cells, start: start.C) : C
    )
  }
}
