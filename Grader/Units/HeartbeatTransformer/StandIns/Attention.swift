import Coursework
import TensorCore

/// What stands in for a student's attention where another task needs one. It shares a process with their code: the task
/// that it is an answer to was judged in another process. No line of it is from the Solutions.
public func attention(
  _ Q: Tensor, _ K: Tensor, _ V: Tensor
) throws -> (outputs: Tensor, weights: Tensor) {
  let axes = Array(0..<K.rank)
  let order = Array(axes.dropLast(2)) + [K.rank - 1, K.rank - 2]
  let factor = 1 / Float(K.shape[K.rank - 1]).squareRoot()
  let scores = try (Q * factor).matmul(K.permuted(order))
  let shares = try scores.softmax(axis: scores.rank - 1)
  let mixed = try shares.matmul(V)
  return (mixed, shares)
}
