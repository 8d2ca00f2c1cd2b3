import Coursework
import NeuralNetworks
import TensorCore

/// A recurrent layer, written from scratch (section 4.7, task 4.7a).
///
/// For each step of the sequence
///
///     H = tanh(X W_xh + H W_hh + b_h)
///
/// where `X` is one step of all samples, `[samples, features]`, and `H` is the hidden state,
/// `[samples, units]`: on the right that of the step before, on the left the new one.
///
/// Parameters: `W_xh` `[features, units]` and `W_hh` `[units, units]` drawn from the normal
/// distribution with mean 0 and standard deviation 0.01, `b_h` `[units]` zero.
public final class RNN: Module {
  @Parameter var W_xh: Tensor
  @Parameter var W_hh: Tensor
  @Parameter var b_h: Tensor

  /// Draws the parameters.
  ///
  /// - Parameters:
  ///   - inputSize: the number of features.
  ///   - hiddenSize: the number of hidden units.
  ///   - generator: where the draws come from: `Tensor.randn(_:standardDeviation:using:)`.
  public init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    // BEGIN SOLUTION 4.7a: draw W_xh and W_hh, and set b_h to zeros
    W_xh = .randn([inputSize, hiddenSize], standardDeviation: 0.01, using: &generator)
    W_hh = .randn([hiddenSize, hiddenSize], standardDeviation: 0.01, using: &generator)
    b_h = .zeros([hiddenSize])
    // END SOLUTION
  }

  /// Runs the layer over a batch of sequences, starting from a hidden state of zeros.
  ///
  /// - Parameter inputs: `[samples, steps, features]`; `inputs.unstacked(axis: 1)` gives the steps.
  /// - Returns: the hidden states of all steps, `[samples, steps, units]`, and the final one,
  ///   `[samples, units]`.
  public func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, H: Tensor) {
    // BEGIN SOLUTION 4.7a: one line for the equation above, once for each step
    var H = Tensor.zeros([inputs.shape[0], b_h.shape[0]])
    var outputs: [Tensor] = []
    for X in try inputs.unstacked(axis: 1) {
      H = try tanh(X.matmul(W_xh) + H.matmul(W_hh) + b_h)
      outputs.append(H)
    }
    return (try .stack(outputs, axis: 1), H)
    // END SOLUTION
  }
}
