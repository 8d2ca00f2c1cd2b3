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
  // TODO: Task 5.4a: declare the eight parameters, as AttentionHead.swift does

  /// Draws the parameters.
  ///
  /// - Parameters:
  ///   - embedSize: `E`, the number of channels.
  ///   - headCount: `H`, the number of heads.
  ///   - generator: where the draws come from.
  /// - Throws: an error that names both numbers where the heads do not divide the channels:
  ///   `TensorError("MultiHeadAttention", "…")`.
  public init(embedSize: Int, headCount: Int, using generator: inout RandomGenerator) throws {
    // TODO: Task 5.4a: refuse a number of heads that does not fit, keep it, and draw the parameters
    throw Unimplemented("5.4a")
  }

  /// Attends.
  ///
  /// - Parameter X: `[samples, tokens, channels]`.
  /// - Returns: the outputs, `[samples, tokens, channels]`, and the weights of all heads,
  ///   `[samples, heads, tokens, tokens]`, as `(outputs: …, weights: …)`.
  public func callAsFunction(_ X: Tensor) throws -> (outputs: Tensor, weights: Tensor) {
    // TODO: Task 5.4a: project, split, attend, join, project
    throw Unimplemented("5.4a")
  }
}
