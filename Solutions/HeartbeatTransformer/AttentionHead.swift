import NeuralNetworks
import TensorCore

/// One head: queries, keys and values made from the same tokens, and your attention (section 5.3, given).
///
///     Q = X W_q + b_q,  K = X W_k + b_k,  V = X W_v + b_v
///
/// Parameters: matrices `[channels, d]` and biases `[d]`, uniform within ± 1 / √channels.
public final class AttentionHead: Module {
  @Parameter var W_q: Tensor
  @Parameter var b_q: Tensor
  @Parameter var W_k: Tensor
  @Parameter var b_k: Tensor
  @Parameter var W_v: Tensor
  @Parameter var b_v: Tensor

  /// Draws the parameters.
  ///
  /// - Parameters:
  ///   - embedSize: the number of channels of a token.
  ///   - headSize: `d`, that of a query, a key and a value.
  ///   - generator: where the draws come from.
  public init(embedSize: Int, headSize: Int, using generator: inout RandomGenerator) {
    let initialiser = Initialiser.uniformByFanIn(embedSize)
    W_q = initialiser([embedSize, headSize], using: &generator)
    b_q = initialiser([headSize], using: &generator)
    W_k = initialiser([embedSize, headSize], using: &generator)
    b_k = initialiser([headSize], using: &generator)
    W_v = initialiser([embedSize, headSize], using: &generator)
    b_v = initialiser([headSize], using: &generator)
  }

  /// Attends.
  ///
  /// - Parameter X: `[samples, tokens, channels]`.
  /// - Returns: the outputs, `[samples, tokens, d]`, and the weights, `[samples, tokens, tokens]`, a row for
  ///   each query.
  public func callAsFunction(_ X: Tensor) throws -> (outputs: Tensor, weights: Tensor) {
    try attention(
      X.matmul(W_q) + b_q,
      X.matmul(W_k) + b_k,
      X.matmul(W_v) + b_v)
  }
}
