import Coursework
import NeuralNetworks
import TensorCore

/// What stands in for a student's encoder layer where another task needs one. It shares a process with their code: the
/// task that it is an answer to was judged in another process. No line of it is from the Solutions.
public final class EncoderLayer: Module {
  let norm1: LayerNorm
  let attention: MultiHeadAttention
  let norm2: LayerNorm
  let mlp: MLP

  /// Makes the parts.
  public init(embedSize: Int, headCount: Int, using generator: inout RandomGenerator) throws {
    let norms = [LayerNorm(embedSize), LayerNorm(embedSize)]
    (norm1, norm2) = (norms[0], norms[1])
    let (channels, count) = (embedSize, headCount)
    let heads = try MultiHeadAttention(embedSize: channels, headCount: count, using: &generator)
    attention = heads
    let small = try MLP(embedSize: embedSize, using: &generator)
    mlp = small
  }

  /// Applies them.
  public func callAsFunction(_ X: Tensor) throws -> (outputs: Tensor, weights: Tensor) {
    let first = try attention(X.layerNorm(weight: norm1.weight, bias: norm1.bias))
    let middle = try first.outputs + X
    let second = try mlp(middle.layerNorm(weight: norm2.weight, bias: norm2.bias))
    return (try second + middle, first.weights)
  }
}
