import Judge
import TensorCore

extension LSTMVariant {
  /// What students write instead.
  static let mistakes: [Mistake<Self>] =
    activations + cells + states + weights + biases + gradients
    + SequenceVariant.mistakes.map { $0.within(\.sequence) }

  private static let lines:
    [(gate: Gate, id: String, name: String, part: any WritableKeyPath<Self, Line> & Sendable)] = [
      (.input, "input", "the input gate", \.input),
      (.forget, "forget", "the forget gate", \.forget),
      (.output, "output", "the output gate", \.output), (.node, "node", "the input node", \.node),
    ]

  private static let activations: [Mistake<Self>] =
    [
      .init("sigmoid-input-node", "the input node C̃ uses σ; the equation has tanh") {
        $0.node.activation = .sigmoid
      },
      .init("relu-input-node", "the input node C̃ uses ReLU; the equation has tanh") {
        $0.node.activation = .relu
      },
      .init("linear-input-node", "tanh is missing from the input node C̃") {
        $0.node.activation = .none
      },
      .init("tanh-input-gate", "the input gate I uses tanh; the equation has σ") {
        $0.input.activation = .tanh
      },
      .init("tanh-forget-gate", "the forget gate F uses tanh; the equation has σ") {
        $0.forget.activation = .tanh
      },
      .init("tanh-output-gate", "the output gate O uses tanh; the equation has σ") {
        $0.output.activation = .tanh
      },
      .init("linear-input-gate", "σ is missing from the input gate I") {
        $0.input.activation = .none
      },
      .init("linear-forget-gate", "σ is missing from the forget gate F") {
        $0.forget.activation = .none
      },
      .init("linear-output-gate", "σ is missing from the output gate O") {
        $0.output.activation = .none
      },
    ]
    + [
      ("tanh-gates", "the three gates use tanh; the equations have σ", Activation.tanh),
      ("softmax-gates", "the gates use softmax; the equations have σ", .softmax),
      ("hard-sigmoid-gates", "the gates use the hard sigmoid; the equations have σ", .hardSigmoid),
      ("linear-gates", "σ is missing from the three gates", .none),
    ].map { id, sentence, activation in
      .init(id, sentence) {
        $0.input.activation = activation
        $0.forget.activation = activation
        $0.output.activation = activation
      }
    }

  private static let cells: [Mistake<Self>] = [
    .init("cell-not-carried", "the cell state is not carried on: F ∘ C is missing from C") {
      $0.oldCellFactor = .zero
    },
    .init("no-forget-gate", "the forget gate is not applied: C = C + I ∘ C̃") {
      $0.oldCellFactor = .one
    },
    .init("no-input-gate", "the input gate is not applied: C = F ∘ C + C̃") {
      $0.newCellFactor = .one
    },
    .init("no-input-node", "the input node is missing from C: F ∘ C + I, not F ∘ C + I ∘ C̃") {
      $0.usesNode = false
    },
    .init("coupled-gates", "the input gate is 1 − F; the task has a gate I of its own") {
      $0.newCellFactor = .oneMinusForget
    },
    .init("forget-complement", "the old cell state is multiplied with 1 − F; the equation has F") {
      $0.oldCellFactor = .oneMinusForget
    },
    .init("output-before-tanh", "the output gate is applied before tanh: H = tanh(O ∘ C)") {
      $0.squashing = .beforeTanh
    },
    .init("no-final-tanh", "tanh is missing from H = O ∘ tanh(C)") { $0.squashing = .none },
    .init("sigmoid-final", "H uses σ(C); the equation has tanh: H = O ∘ tanh(C)") {
      $0.squashing = .sigmoid
    },
    .init("relu-final", "H uses ReLU(C); the equation has tanh: H = O ∘ tanh(C)") {
      $0.squashing = .relu
    },
    .init("no-output-gate", "the output gate is not applied: H = tanh(C)") {
      $0.appliesOutputGate = false
    },
    .init(
      "hidden-from-old-cell",
      "H is computed from the C of the step before: the line of C comes first"
    ) {
      $0.hiddenSource = .oldCell
    },
    .init("hidden-from-input-node", "H uses the input node C̃ in place of the cell state C") {
      $0.hiddenSource = .node
    },
  ]

  private static let states: [Mistake<Self>] = [
    .init("hidden-not-carried", "the hidden state of the step before is not used in the gates") {
      $0.seen = .nothing
    },
    .init("gates-see-cell", "the gates see C; the equations have H") { $0.seen = .cell },
    .init(
      "hidden-too-early", "the input node sees the new H; the equation has the H of the step before"
    ) {
      $0.nodeSeesNewHidden = true
    },
    .init("outputs-cell", "the outputs hold C; they should hold H") { $0.sequence.element = .cell },
    .init("states-swapped", "H and C are swapped in the returned state") { $0.swapsStates = true },
    .init("hidden-returned-twice", "the returned C is the hidden state H") {
      $0.returnedCell = .hidden
    },
    .init("final-tanh-cell", "the returned C is tanh(C); it should be C") {
      $0.returnedCell = .tanhOfCell
    },
  ]

  /// Each line with the weights of another, all three or one of them; two lines with each other's.
  private static let weights: [Mistake<Self>] =
    lines.flatMap { line in
      lines.filter { $0.gate != line.gate }.flatMap { other -> [Mistake<Self>] in
        let (id, own, read) = (line.id, line.gate.rawValue, other.gate.rawValue)
        var mistakes: [Mistake<Self>] = [
          .init(
            "\(id)-is-\(other.id)",
            "\(line.name) has \(other.name)'s weights: it uses W_x\(read), W_h\(read) and b_\(read)"
          ) { $0[keyPath: line.part].read(other.gate) },
          .init(
            "\(id)-has-input-weight-of-\(other.id)",
            "\(line.name) uses W_x\(read); the equation has W_x\(own)"
          ) {
            $0[keyPath: line.part].inputWeight = other.gate
          },
          .init(
            "\(id)-has-recurrent-weight-of-\(other.id)",
            "\(line.name) uses W_h\(read); the equation has W_h\(own)"
          ) {
            $0[keyPath: line.part].recurrentWeight = other.gate
          },
          .init(
            "\(id)-has-bias-of-\(other.id)",
            "\(line.name) uses b_\(read); the equation has b_\(own)"
          ) {
            $0[keyPath: line.part].bias = other.gate
          },
        ]
        let isLater =
          Gate.allCases.firstIndex(of: line.gate) ?? 0
          < Gate.allCases.firstIndex(of: other.gate) ?? 0
        if isLater {
          let exchanged = line.gate == .input && other.gate == .forget
          mistakes.append(
            .init(
              "\(id)-and-\(other.id)-exchanged",
              "\(line.name) and \(other.name) have each other's weights"
                // the same numbers
                + (exchanged ? ", or I and F are exchanged in C: I ∘ C + F ∘ C̃" : "")
            ) {
              $0[keyPath: line.part].read(other.gate)
              $0[keyPath: other.part].read(line.gate)
            })
        }
        return mistakes
      }
    }

  private static let biases: [Mistake<Self>] =
    lines.map { line in
      .init("no-\(line.id)-bias", "the bias b_\(line.gate.rawValue) is not added") {
        $0[keyPath: line.part].biasCount = 0
      }
    }
    + [
      ("no-biases", "the biases are not added", Float(0)),
      ("biases-twice", "the biases are added twice", 2),
    ].map { id, sentence, count in
      .init(id, sentence) { variant in
        for line in lines { variant[keyPath: line.part].biasCount = count }
      }
    }
    + [
      .init("forget-bias-plus-one", "1 is added in the forget gate; the equation has b_f alone") {
        $0.forget.shift = 1
      }
    ]

  private static let gradients: [Mistake<Self>] = [
    .init(
      "cell-detached",
      "the gradient does not flow through the cell state from step to step: C is "
        + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detachesCell = true },
    .init(
      "hidden-detached",
      "the gradient does not flow through the hidden state from step to step: H is "
        + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.seen = .detachedHidden },
    .init(
      "states-detached",
      "the gradient does not flow from step to step: H and C are "
        + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) {
      $0.detachesCell = true
      $0.seen = .detachedHidden
    },
    .init(
      "forget-gate-detached",
      "the gradient does not flow through the forget gate: it is "
        + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.detachesForget = true },
    .init(
      "final-detached",
      "no gradient flows through the final H and C: they are "
        + UnreachedGradients.cause,
      showsOnlyInGradients: true
    ) { $0.sequence.detachesFinal = true },
  ]
}
