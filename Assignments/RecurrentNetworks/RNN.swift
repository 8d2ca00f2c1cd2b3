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
    // TODO: Task 4.7a: draw W_xh and W_hh, and set b_h to zeros
    throw Unimplemented("4.7a")
  }

  /// Runs the layer over a batch of sequences, starting from a hidden state of zeros.
  ///
  /// - Parameter inputs: `[samples, steps, features]`; `inputs.unstacked(axis: 1)` gives the steps.
  /// - Returns: the hidden states of all steps, `[samples, steps, units]`, and the final one,
  ///   `[samples, units]`.
  public func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, H: Tensor) {
    // TODO: Task 4.7a: one line for the equation above, once for each step
    throw Unimplemented("4.7a")
  }
}
