import Coursework
import NeuralNetworks
import TensorCore

/// What stands in for a student's multi-head attention where another task needs one. It shares a process with their code:
/// the task that it is an answer to was judged in another process. No line of it is from the Solutions.
public final class MultiHeadAttention: Module {
  let headCount: Int
  @Parameter var W_q: Tensor
  @Parameter var b_q: Tensor
  @Parameter var W_k: Tensor
  @Parameter var b_k: Tensor
  @Parameter var W_v: Tensor
  @Parameter var b_v: Tensor
  @Parameter var W_o: Tensor
  @Parameter var b_o: Tensor

  /// Draws the parameters.
  public init(embedSize: Int, headCount count: Int, using generator: inout RandomGenerator) throws {
    if count < 1 || embedSize / count * count != embedSize {
      throw TensorError("heads", "\(count) of them do not divide \(embedSize) channels")
    }
    headCount = count
    let bound = 1 / Float(embedSize).squareRoot()
    func matrix() -> Tensor {
      .uniform([embedSize, embedSize], in: -bound..<bound, using: &generator)
    }
    func offset() -> Tensor { .uniform([embedSize], in: -bound..<bound, using: &generator) }
    W_q = matrix()
    b_q = offset()
    W_k = matrix()
    b_k = offset()
    W_v = matrix()
    b_v = offset()
    W_o = matrix()
    b_o = offset()
  }

  /// Attends head by head.
  public func callAsFunction(_ X: Tensor) throws -> (outputs: Tensor, weights: Tensor) {
    let width = W_q.shape[0] / headCount
    let all = try (X.linear(W_q, b_q), X.linear(W_k, b_k), X.linear(W_v, b_v))
    var mixed: [Tensor] = []
    var shares: [Tensor] = []
    for head in 0..<headCount {
      let own = head * width..<(head + 1) * width
      let result = try attention(
        all.0.slice(axis: 2, own), all.1.slice(axis: 2, own), all.2.slice(axis: 2, own))
      mixed.append(result.outputs)
      shares.append(result.weights)
    }
    let side = try Tensor.concatenate(mixed, axis: 2)
    return (try side.linear(W_o, b_o), try .stack(shares, axis: 1))
  }
}
