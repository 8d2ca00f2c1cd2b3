import Coursework
import NeuralNetworks
import TensorCore

/// Reads the class of a beat off its tokens (section 5.6, task 5.6b).
///
///     z = (Z_0 + Z_1 + … + Z_T) / (T + 1)          the mean over all tokens, the class token with them
///     logits = LayerNorm(z W + b) W' + b'
///
/// `linear` goes from `E` channels to `E`, `norm` is `LayerNorm(E)`, `output` goes from `E` to the classes. There is no
/// activation, and no softmax: what comes out are logits.
public final class BeatClassifier: Module {
  let linear: Linear
  let norm: LayerNorm
  let output: Linear

  /// Makes the parts.
  ///
  /// - Parameters:
  ///   - embedSize: `E`, the number of channels.
  ///   - classCount: the number of classes.
  ///   - generator: where the draws come from.
  public init(embedSize: Int, classCount: Int, using generator: inout RandomGenerator) throws {
    // TODO: Task 5.6b: a Linear layer, a LayerNorm, a Linear layer
    throw Unimplemented("5.6b")
  }

  /// The logits of a batch.
  ///
  /// - Parameter Z: `[samples, tokens, channels]`.
  /// - Returns: `[samples, classes]`.
  public func callAsFunction(_ Z: Tensor) throws -> Tensor {
    // TODO: Task 5.6b: the two lines above
    throw Unimplemented("5.6b")
  }
}
