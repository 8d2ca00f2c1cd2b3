import Coursework
import TensorCore

/// The vector that stands for each class: the mean direction of its prompts (section 6.7, task 6.7a).
///
///     c_k = normalised(1 / P_k Σ_p normalised(prompt_kp))
///
/// Each prompt is normalised *before* the mean, so that a long one does not outweigh the others, and the mean is normalised
/// again. Both by `normalised` of task 6.6a, which takes rows.
///
///     prompts of a class [[2, 0], [0, 0.5]]        c = [0.7071, 0.7071]
///
/// - Parameter prompts: for each of K classes a tensor `[P_k, D]`, one row or more.
/// - Returns: `[K, D]`.
public func classVectors(_ prompts: [Tensor]) throws -> Tensor {
  // BEGIN SOLUTION 6.7a: for each class the mean of its normalised prompts, all of them normalised
  let means = try prompts.map { P in try normalised(P).mean(axis: 0) }
  return try normalised(.stack(means))
  // END SOLUTION
}

/// How near each ECG is to each class: Z Cᵀ, the cosines, as the rows of both are unit vectors (section 6.7, task 6.7a).
///
/// - Parameters:
///   - Z: embeddings, `[N, D]`.
///   - C: vectors of classes, `[K, D]`.
/// - Returns: `[N, K]`.
public func scores(_ Z: Tensor, _ C: Tensor) throws -> Tensor {
  // BEGIN SOLUTION 6.7a: the product above
  return try Z.matmul(C.transposed(0, 1))
  // END SOLUTION
}

/// The class of each ECG: that of its largest score, of several the first (section 6.7, task 6.7a).
///
///     [[0.1, 0.5, 0.5], [0.3, −0.2, 0.1]]        [1, 0]
///
/// - Parameter scores: `[N, K]`.
/// - Returns: N numbers from 0 to K − 1.
public func predictions(_ scores: Tensor) throws -> [Int32] {
  // BEGIN SOLUTION 6.7a: the place of the largest in each row
  return try scores.argmax(axis: 1).array.map { Int32($0) }
  // END SOLUTION
}
