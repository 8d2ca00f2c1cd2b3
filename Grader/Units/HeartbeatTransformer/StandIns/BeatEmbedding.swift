import Coursework
import NeuralNetworks
import TensorCore

/// What stands in for a student's embedding where another task needs one. It shares a process with their code: the task
/// that it is an answer to was judged in another process. No line of it is from the Solutions.
public final class BeatEmbedding: Module {
  let linear: Linear
  let norm: LayerNorm
  @Parameter var classToken: Tensor

  /// Makes the parts.
  public init(channelCount: Int, embedSize: Int, using generator: inout RandomGenerator) throws {
    let widths = (channelCount, embedSize)
    linear = Linear(widths.0, widths.1, using: &generator)
    norm = .init(widths.1)
    classToken = .randn([1, widths.1], standardDeviation: 1, using: &generator)
  }

  /// Embeds the tokens, with the class token in front.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    let embedded = try norm(X.linear(linear.weight, linear.bias))
    let blank = Tensor.zeros([X.shape[0], 1, classToken.shape[1]])
    return try Tensor.concatenate([blank + classToken, embedded.gelu()], axis: 1)
  }
}
