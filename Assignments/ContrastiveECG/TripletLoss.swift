import Coursework
import TensorCore

/// The squared distance of each row of A from each row of B (section 6.4, task 6.4a).
///
///     D_ij = Σ_d (A_id − B_jd)²
///
/// *Squared*: there is no root, whose gradient at 0 is infinite. The rows may have any length; of unit vectors it is
/// 2 − 2 a·b. Two ways lead there: all differences at once, with axes of size 1 that broadcast, or ‖a‖² + ‖b‖² − 2 a·b
/// with one product of matrices.
///
///     A = [[0, 0], [1, 2]],  B = [[1, 0], [1, 2], [3, 4]]        D = [[1, 5, 25], [4, 0, 8]]
///
/// - Parameters:
///   - A: `[N, D]`.
///   - B: `[M, D]`.
/// - Returns: `[N, M]`.
public func squaredDistances(_ A: Tensor, _ B: Tensor) throws -> Tensor {
  // TODO: Task 6.4a: all differences [N, M, D], squared and added up
  throw Unimplemented("6.4a")
}

/// The triplet loss of Schroff et al. 2015: an anchor should be nearer to its positive than to its negative, by a margin
/// (section 6.4, task 6.4a).
///
///     L = 1/N Σ_i max(0, ‖a_i − p_i‖² − ‖a_i − n_i‖² + m)
///
/// The distances are *squared* ones, and the mean goes over all N triplets, also over those that add 0.
///
///     a = [[0, 0], [0, 0]],  p = [[1, 0], [1, 1]],  n = [[0, 2], [1, 0]],  m = 0.2
///     max(0, 1 − 4 + 0.2) = 0,  max(0, 2 − 1 + 0.2) = 1.2        L = 0.6
///
/// - Parameters:
///   - anchor: a, `[N, D]`.
///   - positive: p, `[N, D]`.
///   - negative: n, `[N, D]`.
///   - margin: m.
/// - Returns: a number, a tensor of shape `[]`.
public func tripletLoss(
  _ anchor: Tensor, _ positive: Tensor, _ negative: Tensor, margin: Float
) throws -> Tensor {
  // TODO: Task 6.4a: two distances for each row, then the equation
  throw Unimplemented("6.4a")
}
