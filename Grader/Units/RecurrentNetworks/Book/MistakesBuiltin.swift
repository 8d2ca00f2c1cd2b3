import Judge
import RecurrentLayers
import TensorCore

/// The network on the built-in LSTM as students write it.
struct BuiltinLSTMNetVariant: Variant {
  var head = HeadVariant()
  /// What the layer reads of the batch.
  enum Reading { case steps, reversed, reshaped, lastOnly }
  var reading = Reading.steps
  var keepsState = false

  func results(_ numbers: Numbers) throws -> [(name: String, tensor: Tensor)] {
    let weights = numbers.parameters.map(\.tensor)
    let (samples, steps) = (numbers.input.shape[0], numbers.input.shape[1])
    var X = numbers.input
    switch reading {
    case .steps: break
    case .reversed: X = try X.flipped(axes: [1])
    case .reshaped:
      X = try X.reshaped([steps, samples, X.shape[2]]).transposed(0, 1)
    case .lastOnly: X = try X.slice(axis: 1, (steps - 1)..<steps)
    }
    var start: (H: Tensor, C: Tensor)?
    if keepsState {
      start = try noGrad {
        try SequenceVariant.readBefore(X).reduce(nil) { start, input in
          let (_, H, C) = try input.lstm(
            W_x: weights[0], W_h: weights[1], b: weights[2], state: start)
          return (H, C)
        }
      }
    }
    let (outputs, H, C) = try X.lstm(
      W_x: weights[0], W_h: weights[1], b: weights[2], state: start)
    return [
      (
        "logits",
        try head.logits(LayerResults(outputs: outputs, H: H, C: C), Array(weights[3...]))
      )
    ]
  }

  static let mistakes: [Mistake<Self>] =
    HeadVariant.mistakes.map { $0.within(\.head) }
    + [
      .init("steps-reversed", "the steps are read from the last to the first") {
        $0.reading = .reversed
      },
      .init("reshaped-axes", "the input is reshaped, which mixes samples and steps") {
        $0.reading = .reshaped
      },
      .init(
        "last-step-only",
        "only the last step is read: where the layer is called for each step, its state has to be handed on, "
          + "and it goes through the steps by itself"
      ) { $0.reading = .lastOnly },
      .init(
        "state-kept", "the state is kept from one call to the next: every call starts from zeros"
      ) {
        $0.keepsState = true
      },
    ]
}
