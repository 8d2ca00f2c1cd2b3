import Coursework
import NeuralNetworks
import TensorCore

/// A layer of the encoder: attention, then the small network, each on the normalised tokens and each added to what
/// came in (section 5.5, task 5.5b).
///
///     X ← X + MultiHeadAttention(LayerNorm₁(X))
///     X ← X + MLP(LayerNorm₂(X))
///
/// The core's `LayerNorm(E)` normalises the channels of each token.
public final class EncoderLayer: Module {
  let norm1: LayerNorm
  let attention: MultiHeadAttention
  let norm2: LayerNorm
  let mlp: MLP

  /// Makes the parts.
  ///
  /// - Parameters:
  ///   - embedSize: `E`, the number of channels.
  ///   - headCount: `H`, the number of heads.
  ///   - generator: where the draws come from.
  public init(embedSize: Int, headCount: Int, using generator: inout RandomGenerator) throws {
    // BEGIN SOLUTION 5.5b: the four parts, in the order of their declarations
    norm1 = LayerNorm(embedSize)
    attention = try MultiHeadAttention(
      embedSize: embedSize, headCount: headCount, using: &generator)
    norm2 = LayerNorm(embedSize)
    mlp = try MLP(embedSize: embedSize, using: &generator)
    // END SOLUTION
  }

  /// Applies the layer.
  ///
  /// - Parameter X: `[samples, tokens, channels]`.
  /// - Returns: the same shape, and the attention's weights, `[samples, heads, tokens, tokens]`, as
  ///   `(outputs: …, weights: …)`.
  public func callAsFunction(_ X: Tensor) throws -> (outputs: Tensor, weights: Tensor) {
    // BEGIN SOLUTION 5.5b: the two lines above
    let (attended, weights) = try attention(norm1(X))
    let Y = try X + attended
    return (outputs: try Y + mlp(norm2(Y)), weights: weights)
    // END SOLUTION
  }
}
