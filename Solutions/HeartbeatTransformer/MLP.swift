import Coursework
import NeuralNetworks
import TensorCore

/// The small network that works on each token by itself (section 5.5, task 5.5a).
///
///     MLP(X) = GELU(X W + b) W' + b'
///
/// `hidden` is a `Linear` layer from `E` channels to `4 E`, `output` one back from `4 E` to `E`. A `Linear` layer takes
/// any number of axes in front and works on the last, so a token does not see the others.
///
/// GELU(x) = x Φ(x), Φ the distribution function of the standard normal distribution (Hendrycks and Gimpel 2016): GELU(-1) =
/// -0.158655, GELU(1) = 0.841345. The core has it as `gelu()` of a tensor and as the layer `GELU`; the formula with tanh
/// is an approximation of it, and not the same.
public final class MLP: Module {
  let hidden: Linear
  let output: Linear

  /// Makes the two layers.
  ///
  /// - Parameters:
  ///   - embedSize: `E`, the number of channels.
  ///   - generator: where the draws come from.
  public init(embedSize: Int, using generator: inout RandomGenerator) throws {
    // BEGIN SOLUTION 5.5a: two Linear layers
    hidden = Linear(embedSize, 4 * embedSize, using: &generator)
    output = Linear(4 * embedSize, embedSize, using: &generator)
    // END SOLUTION
  }

  /// Applies the network to each token.
  ///
  /// - Parameter X: `[samples, tokens, channels]`.
  /// - Returns: the same shape.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 5.5a: the equation above
    return try output(hidden(X).gelu())
    // END SOLUTION
  }
}
