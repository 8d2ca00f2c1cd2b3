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
/// where `X` is one step of all samples, `[samples, features]`, and `H` and `C` are
/// `[samples, units]`; on the right they are those of the step before, and only the last line takes
/// the new `C` (Dive into Deep Learning, section 10.1).
///
/// Parameters, in this order: `W_xi W_hi b_i`, `W_xf W_hf b_f`, `W_xo W_ho b_o`, `W_xc W_hc b_c`,
/// with the shapes `[features, units]`, `[units, units]` and `[units]`; the matrices drawn from the
/// normal distribution with mean 0 and standard deviation 0.01, the biases zero.
public final class LSTM: Module {
  // BEGIN DECLARATIONS 4.7b: declare the twelve parameters, as RNN.swift does
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
  // END DECLARATIONS

  /// Draws the parameters.
  ///
  /// - Parameters:
  ///   - inputSize: the number of features.
  ///   - hiddenSize: the number of hidden units.
  ///   - generator: where the draws come from: `Tensor.randn(_:standardDeviation:using:)`.
  public init(inputSize: Int, hiddenSize: Int, using generator: inout RandomGenerator) throws {
    // BEGIN SOLUTION 4.7b: draw the matrices, and set the biases to zeros
    func triple(_ generator: inout RandomGenerator) -> (Tensor, Tensor, Tensor) {
      (
        .randn([inputSize, hiddenSize], standardDeviation: 0.01, using: &generator),
        .randn([hiddenSize, hiddenSize], standardDeviation: 0.01, using: &generator),
        .zeros([hiddenSize])
      )
    }
    (W_xi, W_hi, b_i) = triple(&generator)
    (W_xf, W_hf, b_f) = triple(&generator)
    (W_xo, W_ho, b_o) = triple(&generator)
    (W_xc, W_hc, b_c) = triple(&generator)
    // END SOLUTION
  }

  /// Runs the layer over a batch of sequences, starting from states of zeros.
  ///
  /// - Parameter inputs: `[samples, steps, features]`; `inputs.unstacked(axis: 1)` gives the steps.
  /// - Returns: the hidden states of all steps, `[samples, steps, units]`, and the final `H` and `C`
  ///   as an `LSTMState(H: …, C: …)`.
  public func callAsFunction(_ inputs: Tensor) throws -> (outputs: Tensor, state: LSTMState) {
    // BEGIN SOLUTION 4.7b: the six equations above, once for each step
    var H = Tensor.zeros([inputs.shape[0], b_i.shape[0]])
    var C = Tensor.zeros([inputs.shape[0], b_i.shape[0]])
    var outputs: [Tensor] = []
    for X in try inputs.unstacked(axis: 1) {
      let I = try sigmoid(X.matmul(W_xi) + H.matmul(W_hi) + b_i)
      let F = try sigmoid(X.matmul(W_xf) + H.matmul(W_hf) + b_f)
      let O = try sigmoid(X.matmul(W_xo) + H.matmul(W_ho) + b_o)
      let C_tilde = try tanh(X.matmul(W_xc) + H.matmul(W_hc) + b_c)
      C = try F * C + I * C_tilde
      H = try O * tanh(C)
      outputs.append(H)
    }
    return (try .stack(outputs, axis: 1), LSTMState(H: H, C: C))
    // END SOLUTION
  }
}
