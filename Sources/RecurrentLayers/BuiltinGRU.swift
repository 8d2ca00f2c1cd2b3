import NeuralNetworks
import TensorCore

/// A gated recurrent unit: the gates side by side, one product for the inputs of all steps.
///
/// `R = σ(X_t W_xr + b_xr + H W_hr + b_hr)`, `Z = σ(X_t W_xz + b_xz + H W_hz + b_hz)`,
/// `H̃ = tanh(X_t W_xh + b_xh + R ∘ (H W_hh + b_hh))`, `H = (1 − Z) ∘ H̃ + Z ∘ H`.
///
/// Parameters, all uniform within ± 1 / √H (PyTorch's default): `W_x` `[F, 3H]`, `W_h` `[H, 3H]`,
/// `b_x` and `b_h` `[3H]`, with the gates in the order reset, update, candidate.
/// Source: Cho et al. 2014 in the form of PyTorch's `GRU`, where the reset gate acts on the product.
public final class BuiltinGRU: Module, Recurrence {
  /// `[F, 3H]`.
  @Parameter public var W_x: Tensor
  /// `[H, 3H]`.
  @Parameter public var W_h: Tensor
  /// `[3H]`.
  @Parameter public var b_x: Tensor
  /// `[3H]`.
  @Parameter public var b_h: Tensor

  /// Makes a layer with randomly drawn parameters.
  public init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) {
    let initialiser = Initialiser.uniformByFanIn(hiddenSize)
    for size in [inputSize, hiddenSize] { Shape([size, 3, hiddenSize]).requireRoom("BuiltinGRU") }
    let width = 3 * hiddenSize
    W_x = initialiser([inputSize, width], using: &generator)
    W_h = initialiser([hiddenSize, width], using: &generator)
    b_x = initialiser([width], using: &generator)
    b_h = initialiser([width], using: &generator)
  }

  /// Runs the layer over a batch of sequences.
  ///
  /// - Parameters:
  ///   - inputs: `[N, T, F]`.
  ///   - H: the hidden state to start from, `[N, H]`; zeros when left out.
  /// - Returns: all hidden states `[N, T, H]`, and the last one `[N, H]`.
  /// - Throws: when the sizes do not fit or there is no step.
  public func callAsFunction(
    _ inputs: Tensor, H: Tensor? = nil
  ) throws(TensorError) -> (outputs: Tensor, H: Tensor) {
    guard inputs.rank == 3, inputs.shape[1] > 0 else {
      throw TensorError(
        "BuiltinGRU",
        "the input has shape \(inputs.shape): expected [N, T, F] with at least one step")
    }
    try Shape([inputs.shape[0], inputs.shape[1], W_x.shape[1]])
      .checkRoom("BuiltinGRU", inputs.operandDescription)
    try Shape([inputs.shape[0], W_h.shape[0]]).checkRoom("BuiltinGRU", inputs.operandDescription)
    var H = H ?? .zeros([inputs.shape[0], W_h.shape[0]])
    var states: [Tensor] = []
    for X in try inputs.linear(W_x, b_x).unstacked(axis: 1) {
      let x = try X.split(axis: 1, parts: 3)
      let h = try H.linear(W_h, b_h).split(axis: 1, parts: 3)
      let R = try sigmoid(x[0] + h[0])
      let Z = try sigmoid(x[1] + h[1])
      let candidate = try tanh(x[2] + R * h[2])
      H = try (1 - Z) * candidate + Z * H
      states.append(H)
    }
    return (try Tensor.stack(states, axis: 1), H)
  }

  /// All hidden states `[N, T, H]` of a batch of sequences `[N, T, F]`.
  public func outputs(of inputs: Tensor) throws(TensorError) -> Tensor { try self(inputs).outputs }

  /// The sizes.
  public override var details: String { "\(W_x.shape[0]) → \(W_h.shape[0])" }
}
