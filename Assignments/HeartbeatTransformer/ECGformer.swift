import Coursework
import NeuralNetworks
import TensorCore

/// The whole network: a beat in, a logit for each class out (section 5.6, task 5.6c).
///
///     Z = embedding(X)                         [N, T + 1, E]
///     Z = layer(Z + positions)                 for each layer of the encoder
///     logits = classifier(Z)                   [N, classes]
///
/// The positions are learned, a row for each token and the class token, and the same ones are added before *each* layer.
///
/// Parts and parameters: `embedding`; `positions`, `[T + 1, E]`, drawn from the normal distribution with mean 0 and
/// standard deviation 1; `encoder`, a list of `L` layers, each with parameters of its own; `classifier`.
public final class ECGformer: Module, Network {
  let embedding: BeatEmbedding
  @Parameter var positions: Tensor
  let encoder: [EncoderLayer]
  let classifier: BeatClassifier

  /// Makes the parts.
  ///
  /// - Parameters:
  ///   - tokenCount: `T`, the number of tokens of a beat, without the class token.
  ///   - channelCount: `C`, the number of values of a token.
  ///   - embedSize: `E`, the number of channels within the network.
  ///   - headCount: `H`, the number of heads.
  ///   - layerCount: `L`, the number of layers of the encoder.
  ///   - classCount: the number of classes.
  ///   - generator: where the draws come from.
  public init(
    tokenCount: Int, channelCount: Int, embedSize: Int, headCount: Int, layerCount: Int,
    classCount: Int, using generator: inout RandomGenerator
  ) throws {
    // TODO: Task 5.6c: the four parts, in the order of their declarations
    throw Unimplemented("5.6c")
  }

  /// The logits of a batch.
  ///
  /// - Parameters:
  ///   - X: `[samples, tokens, channels]`.
  ///   - store: where each layer's weights are left, one after the other, by its `append`; nil where nobody
  ///     wants to look at them.
  /// - Returns: `[samples, classes]`.
  /// - Throws: an error that names both numbers where `X` has another number of tokens than the network was made for:
  ///   `TensorError("ECGformer", "…")`.
  public func callAsFunction(_ X: Tensor, store: AttentionStore?) throws -> Tensor {
    // TODO: Task 5.6c: refuse another number of tokens, then the three lines above
    throw Unimplemented("5.6c")
  }

  /// The logits of a batch, where nobody looks at the weights (given).
  public func callAsFunction(_ X: Tensor) throws -> Tensor { try self(X, store: nil) }
}
