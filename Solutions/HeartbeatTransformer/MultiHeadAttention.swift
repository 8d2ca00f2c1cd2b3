import Coursework
import NeuralNetworks
import TensorCore

/// Attention in several heads side by side (section 5.4, task 5.4a).
///
/// With `E` channels and `H` heads, each head has `d = E / H` channels, *neighbouring* ones: the first head the channels
/// from 0 on, the second those from `d` on, and so forth.
///
///     Q = X W_q + b_q,  K = X W_k + b_k,  V = X W_v + b_v     [N, T, E]
///     split:      [N, T, E] → [N, T, H, d] → [N, H, T, d]
///     attend:     O, A = attention(Q, K, V)                   [N, H, T, d] and [N, H, T, T]
///     join:       [N, H, T, d] → [N, T, H, d] → [N, T, E]
///     outputs = O W_o + b_o                                   [N, T, E]
///
/// where `N` are the samples and `T` the tokens (Vaswani et al. 2017, section 3.2.2). `reshaped` makes two axes of one,
/// or one of two neighbouring ones; `transposed(1, 2)` exchanges two.
///
/// Parameters, in this order: `W_q b_q W_k b_k W_v b_v W_o b_o`, with the shapes `[E, E]` and `[E]`, all of them uniform
/// within ± 1 / √E: `Initialiser.uniformByFanIn(E)`, as `AttentionHead` draws its own.
public final class MultiHeadAttention: Module {
  let headCount: Int
  // BEGIN DECLARATIONS 5.4a: declare the eight parameters, as AttentionHead.swift does
  @Parameter var W_q: Tensor
  @Parameter var b_q: Tensor
  @Parameter var W_k: Tensor
  @Parameter var b_k: Tensor
  @Parameter var W_v: Tensor
  @Parameter var b_v: Tensor
  @Parameter var W_o: Tensor
  @Parameter var b_o: Tensor
  // END DECLARATIONS

  /// Draws the parameters.
  ///
  /// - Parameters:
  ///   - embedSize: `E`, the number of channels.
  ///   - headCount: `H`, the number of heads.
  ///   - generator: where the draws come from.
  /// - Throws: an error that names both numbers where the heads do not divide the channels:
  ///   `TensorError("MultiHeadAttention", "…")`.
  public init(embedSize: Int, headCount: Int, using generator: inout RandomGenerator) throws {
    // BEGIN SOLUTION 5.4a: refuse a number of heads that does not fit, keep it, and draw the parameters
    guard headCount > 0, embedSize % headCount == 0 else {
      throw TensorError(
        "MultiHeadAttention", "\(embedSize) channels cannot be split into \(headCount) heads")
    }
    self.headCount = headCount
    let initialiser = Initialiser.uniformByFanIn(embedSize)
    func pair(_ generator: inout RandomGenerator) -> (Tensor, Tensor) {
      (
        initialiser([embedSize, embedSize], using: &generator),
        initialiser([embedSize], using: &generator)
      )
    }
    (W_q, b_q) = pair(&generator)
    (W_k, b_k) = pair(&generator)
    (W_v, b_v) = pair(&generator)
    (W_o, b_o) = pair(&generator)
    // END SOLUTION
  }

  /// Attends.
  ///
  /// - Parameter X: `[samples, tokens, channels]`.
  /// - Returns: the outputs, `[samples, tokens, channels]`, and the weights of all heads,
  ///   `[samples, heads, tokens, tokens]`, as `(outputs: …, weights: …)`.
  public func callAsFunction(_ X: Tensor) throws -> (outputs: Tensor, weights: Tensor) {
    // BEGIN SOLUTION 5.4a: project, split, attend, join, project
    let (N, T, E) = (X.shape[0], X.shape[1], X.shape[2])
    func heads(_ projected: Tensor) throws -> Tensor {
      try projected.reshaped([N, T, headCount, E / headCount]).transposed(1, 2)
    }
    let Q = try heads(X.matmul(W_q) + b_q)
    let K = try heads(X.matmul(W_k) + b_k)
    let V = try heads(X.matmul(W_v) + b_v)
    let (O, A) = try attention(Q, K, V)
    let joined = try O.transposed(1, 2).reshaped([N, T, E])
    return (outputs: try joined.matmul(W_o) + b_o, weights: A)
    // END SOLUTION
  }
}
