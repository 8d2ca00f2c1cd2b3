import Coursework
import NeuralNetworks
import TensorCore

/// What stands in for a student's LSTM where another task needs one.
///
/// It shares a process with the code of the student's network, which calls it as it would call the
/// student's own: the task that it is an answer to was judged in another process. It is made of what
/// every file may use, and no line of it is from the Solutions.
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

  /// Runs the layer over a batch of sequences, all four parts in one product.
  public func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    let matrix = try Tensor.concatenate(
      [
        .concatenate([W_xi, W_xf, W_xo, W_xc], axis: 1),
        .concatenate([W_hi, W_hf, W_ho, W_hc], axis: 1),
      ], axis: 0)
    let offset = try Tensor.concatenate([b_i, b_f, b_o, b_c], axis: 0)
    let size = [inputs.shape[0], b_i.shape[0]]
    var state = LSTMState(H: .zeros(Shape(size)), C: .zeros(Shape(size)))
    var hidden: [Tensor] = []
    for step in try inputs.unstacked(axis: 1) {
      let sums = try Tensor.concatenate([step, state.H], axis: 1).linear(matrix, offset)
      let parts = try sums.split(axis: 1, parts: 4)
      let kept = try sigmoid(parts[1]) * state.C
      let cell = try kept + sigmoid(parts[0]) * tanh(parts[3])
      state = LSTMState(H: try sigmoid(parts[2]) * tanh(cell), C: cell)
      hidden.append(state.H)
    }
    return (try .stack(hidden, axis: 1), state)
  }
}
