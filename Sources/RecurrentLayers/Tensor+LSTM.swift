import CRecurrentKernels
import TensorCore

extension Tensor {
  /// A whole LSTM layer as one operation, with its own gradient.
  ///
  /// With the gates side by side in the order I F O C̃,
  /// `[I F O C̃] = X_t W_x + H W_h + b`, then `I, F, O = σ(…)`, `C̃ = tanh(…)`,
  /// `C = F ∘ C + I ∘ C̃`, `H = O ∘ tanh(C)`.
  /// Source: Dive into Deep Learning, section 10.1; PyTorch's `lstm` orders the gates I F C̃ O.
  ///
  /// - Parameters:
  ///   - W_x: `[F, 4H]`.
  ///   - W_h: `[H, 4H]`.
  ///   - b: `[4H]`.
  ///   - state: `(H, C)`, each `[N, H]`; zeros when left out.
  /// - Returns: all hidden states `[N, T, H]`, and the final `H` and `C`, each `[N, H]`.
  /// - Throws: when the sizes do not fit or there is no step.
  public func lstm(
    W_x: Tensor, W_h: Tensor, b: Tensor, state: (H: Tensor, C: Tensor)? = nil
  ) throws(TensorError) -> (outputs: Tensor, H: Tensor, C: Tensor) {
    guard rank == 3, shape[1] > 0 else {
      throw TensorError(
        "lstm", "\(operandDescription): expected an input [N, T, F] with at least one step")
    }
    let (batch, steps, features) = (shape[0], shape[1], shape[2])
    let hidden = W_h.rank == 2 ? W_h.shape[0] : 0
    guard
      W_x.shape == [features, 4 * hidden], W_h.shape == [hidden, 4 * hidden],
      b.shape == [4 * hidden]
    else {
      throw TensorError(
        "lstm",
        "input \(operandDescription), \(W_x.operandDescription), \(W_h.operandDescription), "
          + "\(b.operandDescription): expected weights [F, 4H], [H, 4H] and a bias [4H]")
    }
    if let state, state.H.shape != [batch, hidden] || state.C.shape != [batch, hidden] {
      throw TensorError(
        "lstm",
        "the state has the shapes \(state.H.shape) and \(state.C.shape), not [\(batch), \(hidden)]")
    }

    // the inputs, gates, cells and states of every step are kept for the gradient
    try Shape([batch, steps + 1, features + 6 * hidden]).checkRoom("lstm", operandDescription)
    let sizes = rk_lstm_shape(batch: batch, steps: steps, features: features, hidden: hidden)
    let memory = LSTMMemory(sizes)
    let plane = batch * hidden
    let final = Storage(count: 2 * plane, for: "lstm")
    rk_lstm(
      sizes, memory.pointers, storage.pointer, W_x.storage.pointer, W_h.storage.pointer,
      b.storage.pointer, state?.H.storage.pointer, state?.C.storage.pointer, final.pointer,
      final.pointer + plane)

    // Three results of one computation. H and C are slices of one buffer, the node's own; the
    // gradient of the outputs, which many networks never look at, arrives beside it.
    let outputsGradient = OutputsGradient()
    let (weightX, weightH) = (W_x.storage, W_h.storage)
    let wantsInput = requiresGrad
    let hasState = state != nil
    let states = Self.make(
      "lstm", final, [2 * plane], from: [self, W_x, W_h, b] + (state.map { [$0.H, $0.C] } ?? [])
    ) { g in
      let (gradH, gradC) = (Storage(count: plane, for: "lstm"), Storage(count: plane, for: "lstm"))
      gradH.pointer.update(from: g.pointer, count: plane)
      gradC.pointer.update(from: g.pointer + plane, count: plane)
      let gradX = wantsInput ? Storage(count: batch * steps * features, for: "lstm") : nil
      let gradW_x = Storage(count: weightX.count, for: "lstm")
      let gradW_h = Storage(count: weightH.count, for: "lstm")
      let gradBias = Storage(count: 4 * hidden, for: "lstm")
      withExtendedLifetime(outputsGradient.take()) { upstream in
        rk_lstm_gradient(
          sizes, memory.pointers, weightX.pointer, weightH.pointer, upstream?.pointer,
          gradH.pointer, gradC.pointer, gradX?.pointer, gradW_x.pointer, gradW_h.pointer,
          gradBias.pointer)
      }
      return [
        gradX.map(Gradient.whole) ?? .none, .whole(gradW_x), .whole(gradW_h), .whole(gradBias),
      ] + (hasState ? [.whole(gradH), .whole(gradC)] : [])
    }
    let outputs = Tensor([batch, steps, hidden]) {
      let result = Storage(count: steps * plane, for: "lstm")
      rk_lstm_outputs(sizes, result.pointer, memory.hiddens.pointer)
      return result
    }
    outputs.node = states.node.map { node in
      Node(operation: "lstm outputs", shape: outputs.shape, inputs: [node]) { g in
        outputsGradient.value = g
        return [.slice(g, offset: 0, stride: 0, rows: 0, width: 0)]
      }
    }
    return (
      outputs, states.part(from: 0, shape: [batch, hidden]),
      states.part(from: plane, shape: [batch, hidden])
    )
  }

  /// A run of the elements in a shape of its own.
  private func part(from offset: Int, shape: Shape) -> Tensor {
    let count = shape.count
    let result = Storage(count: count, for: "lstm")
    result.pointer.update(from: storage.pointer + offset, count: count)
    return Self.make("lstm part", result, shape, from: [self]) { g in
      [.slice(g, offset: offset, stride: count, rows: 1, width: count)]
    }
  }
}

/// What a pass keeps for its gradient; see `rk_lstm_memory`.
private struct LSTMMemory {
  let inputs: Storage
  let gates: Storage
  let cells: Storage
  let hiddens: Storage

  init(_ sizes: rk_lstm_shape) {
    let rows = sizes.batch * sizes.steps
    inputs = Storage(count: rows * sizes.features, for: "lstm")
    gates = Storage(count: rows * 4 * sizes.hidden, for: "lstm")
    cells = Storage(count: (rows + sizes.batch) * sizes.hidden, for: "lstm")
    hiddens = Storage(count: (rows + sizes.batch) * sizes.hidden, for: "lstm")
  }

  var pointers: rk_lstm_memory {
    rk_lstm_memory(
      inputs: inputs.pointer, gates: gates.pointer, cells: cells.pointer, hiddens: hiddens.pointer)
  }
}

/// The gradient of the outputs on its way from their node to that of the layer.
private final class OutputsGradient {
  var value: Storage?

  /// The gradient of this backward pass; another pass brings its own.
  func take() -> Storage? {
    defer { value = nil }
    return value
  }
}
