import CKernels

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

    let sizes = rk_lstm_shape(batch: batch, steps: steps, features: features, hidden: hidden)
    let plane = batch * hidden
    let inputs = Self.swapBatchAndSteps(storage, batch, steps, features)
    let gates = Storage(count: steps * plane * 4)
    let cells = Storage(count: (steps + 1) * plane)
    let hiddens = Storage(count: (steps + 1) * plane)
    for (target, start) in [(hiddens, state?.H.storage), (cells, state?.C.storage)] {
      if let start {
        target.pointer.update(from: start.pointer, count: plane)
      } else {
        rk_fill(target.pointer, 0, plane)
      }
    }
    rk_lstm(
      sizes, gates.pointer, cells.pointer, hiddens.pointer, inputs.pointer, W_x.storage.pointer,
      W_h.storage.pointer, b.storage.pointer)

    // Three results of one computation: outputs, H and C side by side in one buffer that the
    // gradient is computed for, and three slices of it.
    let all = Storage(count: steps * plane + 2 * plane)
    let outputs = Self.swapBatchAndSteps(hiddens, batch, steps, hidden, from: plane, into: all)
    outputs.pointer.advanced(by: steps * plane)
      .update(from: hiddens.pointer + steps * plane, count: plane)
    outputs.pointer.advanced(by: steps * plane + plane)
      .update(from: cells.pointer + steps * plane, count: plane)

    let (weightX, weightH) = (W_x.storage, W_h.storage)
    let wantsInput = requiresGrad
    let wantsState = state.map { $0.H.requiresGrad || $0.C.requiresGrad } ?? false
    let packed = Self.make(
      "lstm", all, [all.count],
      from: [self, W_x, W_h, b] + (state.map { [$0.H, $0.C] } ?? [])
    ) { g in
      let (gradH, gradC) = (Storage(count: plane), Storage(count: plane))
      gradH.pointer.update(from: g.pointer + steps * plane, count: plane)
      gradC.pointer.update(from: g.pointer + steps * plane + plane, count: plane)
      // the activations are turned into gradients in place, so the graph's copy is kept whole
      let deltas = gates.copy()
      rk_lstm_gradient(
        sizes, deltas.pointer, cells.pointer, gradH.pointer, gradC.pointer, g.pointer,
        weightH.pointer)
      let rows = steps * batch
      let forBias = Storage(count: 4 * hidden)
      rk_sum_axis(forBias.pointer, deltas.pointer, 1, rows, 4 * hidden)
      var forInput = Gradient.none
      if wantsInput {
        let timeMajor = Storage(count: rows * features)
        rk_gemm(
          false, true, rows, features, 4 * hidden, deltas.pointer, 4 * hidden, weightX.pointer,
          4 * hidden, 0, timeMajor.pointer, features)
        forInput = .whole(Self.swapBatchAndSteps(timeMajor, steps, batch, features))
      }
      return [
        forInput,
        .product(
          ProductGradient(
            a: inputs, b: deltas, transposeA: true, transposeB: false, m: features, n: 4 * hidden,
            k: rows)),
        .product(
          ProductGradient(
            a: hiddens, b: deltas, transposeA: true, transposeB: false, m: hidden, n: 4 * hidden,
            k: rows)),
        .whole(forBias),
      ] + (wantsState ? [.whole(gradH), .whole(gradC)] : [])
    }
    return (
      packed.part(from: 0, shape: [batch, steps, hidden]),
      packed.part(from: steps * plane, shape: [batch, hidden]),
      packed.part(from: steps * plane + plane, shape: [batch, hidden])
    )
  }

  /// A run of the elements in a shape of its own.
  private func part(from offset: Int, shape: Shape) -> Tensor {
    let count = shape.count
    let result = Storage(count: count)
    result.pointer.update(from: storage.pointer + offset, count: count)
    return Self.make("lstm part", result, shape, from: [self]) { g in
      [.slice(g, offset: offset, stride: count, rows: 1, width: count)]
    }
  }

  /// `[A, B, width] → [B, A, width]`.
  private static func swapBatchAndSteps(
    _ x: Storage, _ a: Int, _ b: Int, _ width: Int
  ) -> Storage {
    let result = Storage(count: a * b * width)
    rk_copy_strided(
      result.pointer, x.pointer, 3, [Int64(b), Int64(a), Int64(width)],
      [Int64(width), Int64(b * width), 1])
    return result
  }

  /// `[T, N, width]`, read from `offset` on, as `[N, T, width]` at the start of `target`.
  private static func swapBatchAndSteps(
    _ x: Storage, _ batch: Int, _ steps: Int, _ width: Int, from offset: Int, into target: Storage
  ) -> Storage {
    rk_copy_strided(
      target.pointer, x.pointer + offset, 3, [Int64(batch), Int64(steps), Int64(width)],
      [Int64(width), Int64(batch * width), 1])
    return target
  }
}
