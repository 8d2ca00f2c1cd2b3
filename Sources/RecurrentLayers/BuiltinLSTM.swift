import NeuralNetworks
import TensorCore

/// A fast LSTM layer: the gates side by side, one operation for the whole sequence.
///
/// Parameters, all uniform within ± 1 / √H (PyTorch's default): `W_x` `[F, 4H]`, `W_h` `[H, 4H]`
/// and `b` `[4H]`, with the gates in the order input, forget, output, input node.
public final class BuiltinLSTM: Module {
  /// `[F, 4H]`.
  @Parameter public var W_x: Tensor
  /// `[H, 4H]`.
  @Parameter public var W_h: Tensor
  /// `[4H]`.
  @Parameter public var b: Tensor

  /// Makes a layer with randomly drawn parameters.
  public init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) {
    let initialiser = Initialiser.uniformByFanIn(hiddenSize)
    for size in [inputSize, hiddenSize] { Shape([size, 4, hiddenSize]).requireRoom("BuiltinLSTM") }
    let width = 4 * hiddenSize
    W_x = initialiser([inputSize, width], using: &generator)
    W_h = initialiser([hiddenSize, width], using: &generator)
    b = initialiser([width], using: &generator)
  }

  /// Runs the layer over a batch of sequences.
  ///
  /// - Parameters:
  ///   - inputs: `[N, T, F]`.
  ///   - state: where to start; zeros when left out.
  /// - Returns: all hidden states `[N, T, H]`, and the final state.
  /// - Throws: when the sizes do not fit.
  public func callAsFunction(
    _ inputs: Tensor, state: LSTMState? = nil
  ) throws(TensorError) -> (outputs: Tensor, state: LSTMState) {
    let result = try inputs.lstm(W_x: W_x, W_h: W_h, b: b, state: state.map { ($0.H, $0.C) })
    return (result.outputs, LSTMState(H: result.H, C: result.C))
  }

  /// The sizes.
  public override var details: String { "\(W_x.shape[0]) → \(W_h.shape[0])" }
}
