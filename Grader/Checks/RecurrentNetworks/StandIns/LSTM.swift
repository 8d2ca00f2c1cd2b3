import Coursework
import NeuralNetworks
import RecurrentLayers
import TensorCore

/// What stands in for a student's LSTM where another task needs one: the task's parameters, on the
/// core's own layer.
///
/// It shares a process with the student's code, so it holds nothing that students do not have: they
/// call the core's layer themselves. Nothing in it is from the Solutions.
public final class LSTM: Module {
  @Parameter var W_xi: Tensor
  @Parameter var W_hi: Tensor
  @Parameter var b_i: Tensor
  @Parameter var W_xf: Tensor
  @Parameter var W_hf: Tensor
  @Parameter var b_f: Tensor
  @Parameter var W_xo: Tensor
  @Parameter var W_ho: Tensor
  @Parameter var b_o: Tensor
  @Parameter var W_xc: Tensor
  @Parameter var W_hc: Tensor
  @Parameter var b_c: Tensor

  /// Draws the parameters.
  public init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    func drawn(_ rows: Int) -> Tensor {
      .randn([rows, hiddenSize], standardDeviation: 0.01, using: &generator)
    }
    (W_xi, W_xf, W_xo, W_xc) = (
      drawn(inputSize), drawn(inputSize), drawn(inputSize), drawn(inputSize)
    )
    (W_hi, W_hf, W_ho, W_hc) = (
      drawn(hiddenSize), drawn(hiddenSize), drawn(hiddenSize), drawn(hiddenSize)
    )
    func nothing() -> Tensor { .zeros(Shape([hiddenSize])) }
    (b_i, b_f, b_o, b_c) = (nothing(), nothing(), nothing(), nothing())
  }

  /// Runs the layer over a batch of sequences.
  public func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let (outputs, H, C) = try inputs.lstm(
      W_x: .concatenate([W_xi, W_xf, W_xo, W_xc], axis: 1),
      W_h: .concatenate([W_hi, W_hf, W_ho, W_hc], axis: 1),
      b: .concatenate([b_i, b_f, b_o, b_c], axis: 0))
    return (outputs, LSTMState(H: H, C: C))
  }
}
