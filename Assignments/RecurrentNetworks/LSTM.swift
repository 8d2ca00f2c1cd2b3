import Coursework
import NeuralNetworks
import TensorCore

/// A long short-term memory layer, written from scratch (section 4.7, task 4.7b).
///
/// For each step of the sequence
///
///     I = σ(X W_xi + H W_hi + b_i)         input gate
///     F = σ(X W_xf + H W_hf + b_f)         forget gate
///     O = σ(X W_xo + H W_ho + b_o)         output gate
///     C̃ = tanh(X W_xc + H W_hc + b_c)      input node
///     C = F ∘ C + I ∘ C̃                    cell state
///     H = O ∘ tanh(C)                      hidden state
///
/// where `X` is `[N, F]`, one step of all samples, and `H` and `C` are `[N, H]`
/// (Dive into Deep Learning, section 10.1).
///
/// Parameters, in this order: `W_xi W_hi b_i`, `W_xf W_hf b_f`, `W_xo W_ho b_o`, `W_xc W_hc b_c`,
/// with the shapes `[F, H]`, `[H, H]` and `[H]`; the matrices drawn from the normal distribution
/// with mean 0 and standard deviation 0.01, the biases zero.
public final class LSTM: Module {
  // TODO: Task 4.7b: declare the twelve parameters, as RNN.swift does

  /// Draws the parameters.
  ///
  /// - Parameters:
  ///   - inputSize: the number of features F.
  ///   - hiddenSize: the number of hidden units H.
  ///   - generator: where the draws come from: `Tensor.randn(_:standardDeviation:using:)`.
  public init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    // TODO: Task 4.7b: draw the matrices, and set the biases to zeros
    throw Unimplemented("4.7b")
  }

  /// Runs the layer over a batch of sequences, starting from states of zeros.
  ///
  /// - Parameter inputs: `[N, T, F]`; `inputs.unstacked(axis: 1)` gives the steps.
  /// - Returns: the hidden states of all steps `[N, T, H]`, and the final `H` and `C`, `[N, H]`.
  public func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // TODO: Task 4.7b: the six equations above, once for each step
    throw Unimplemented("4.7b")
  }
}
