import Coursework
import NeuralNetworks
import TensorCore

/// Turns the pieces of a beat into tokens, and puts the class token in front of them (section 5.6, task 5.6a).
///
///     Z = GELU(LayerNorm(X W + b))        for each token: C channels become E
///     [N, T, C] → [N, T, E] → [N, T + 1, E]
///
/// The class token is a parameter, the same row for every sample, and the first token of each. It goes neither through
/// the layer nor through the normalisation.
///
/// Parts and parameters: `linear`, a `Linear` layer from `C` to `E`; `norm`, `LayerNorm(E)`; `classToken`, `[1, E]`,
/// drawn from the normal distribution with mean 0 and standard deviation 1.
public final class BeatEmbedding: Module {
  let linear: Linear
  let norm: LayerNorm
  @Parameter var classToken: Tensor

  /// Makes the parts.
  ///
  /// - Parameters:
  ///   - channelCount: `C`, the number of values of a token.
  ///   - embedSize: `E`, the number of channels that it gets.
  ///   - generator: where the draws come from: `Tensor.randn(_:using:)`.
  public init(channelCount: Int, embedSize: Int, using generator: inout RandomGenerator) throws {
    // TODO: Task 5.6a: the layer, the normalisation, and the class token
    throw Unimplemented("5.6a")
  }

  /// Embeds a batch.
  ///
  /// - Parameter X: `[samples, tokens, channels]`.
  /// - Returns: `[samples, tokens + 1, embedSize]`, the class token at place 0.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // TODO: Task 5.6a: the equation above; then the class token, once for each sample, in front
    throw Unimplemented("5.6a")
  }
}
