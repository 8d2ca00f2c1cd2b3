import Coursework
import TensorCore

/// Scaled dot-product attention (section 5.3, task 5.3a).
///
///     A = softmax(Q Kᵀ / √d)          a query's weights of all keys
///     O = A V                         the values, weighted
///
/// `d` is the number of channels of a query and a key. The softmax goes over the keys, so that each row of `A`, which
/// belongs to one query, sums to 1 (Vaswani et al. 2017, section 3.2.1).
///
/// `Kᵀ` exchanges the last two axes of `K` and leaves those before them: counted from the end, they are the axes -2 and
/// -1.
///
/// - Parameters:
///   - Q: the queries, `[…, queries, d]`; in front may stand one axis, as of samples, or several.
///   - K: the keys, `[…, keys, d]`.
///   - V: the values, `[…, keys, channels]`.
/// - Returns: the outputs `O`, `[…, queries, channels]`, and the weights `A`, `[…, queries, keys]`, as
///   `(outputs: …, weights: …)`.
public func attention(
  _ Q: Tensor, _ K: Tensor, _ V: Tensor
) throws -> (outputs: Tensor, weights: Tensor) {
  // BEGIN SOLUTION 5.3a: the two lines above
  let d = Float(Q.shape[-1])
  let A = try (Q.matmul(K.transposed(-2, -1)) / d.squareRoot()).softmax()
  return (outputs: try A.matmul(V), weights: A)
  // END SOLUTION
}
