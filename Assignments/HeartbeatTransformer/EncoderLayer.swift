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
    // TODO: Task 5.5b: the four parts, in the order of their declarations
    throw Unimplemented("5.5b")
  }

  /// Applies the layer.
  ///
  /// - Parameter X: `[samples, tokens, channels]`.
  /// - Returns: the same shape, and the attention's weights, `[samples, heads, tokens, tokens]`, as
  ///   `(outputs: …, weights: …)`.
  public func callAsFunction(_ X: Tensor) throws -> (outputs: Tensor, weights: Tensor) {
    // TODO: Task 5.5b: the two lines above
    throw Unimplemented("5.5b")
  }
}
