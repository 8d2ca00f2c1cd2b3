import Coursework
import Foundation
import NeuralNetworks
import TensorCore

/// How well each ECG is told by its own text among those of the batch, and each text by its own ECG (Radford et al. 2021; van den
/// Oord et al. 2018; section 6.6, task 6.6b).
///
///     S = e^min(k, ln 100) Z Tᵀ
///     L = ½ (1/N Σ_i −log softmax_j(S_ij) at j = i  +  1/N Σ_j −log softmax_i(S_ij) at i = j)
///
/// Row i of Z belongs to row i of T: in each row of S the right column is the diagonal's, and in each column the right row. The
/// rows are unit vectors already and are *not* normalised here. k is `logScale`: it learns as any parameter does, and where it
/// is above ln 100 its gradient is 0. `crossEntropy(logits, labels: [Int32])` of the core is −log softmax along the rows
/// at the labels, the mean of all rows, and takes the logits as they are.
///
///     Z = T = [[1, 0], [0, 1]]        k = 0: L = 0.313262        k = ln 10: L = 0.0000454
///
/// Of one pair alone L is 0.
///
/// - Parameters:
///   - Z: embeddings of ECGs, `[N, D]`.
///   - T: vectors of their texts, `[N, D]`.
///   - logScale: k, of shape `[]`.
/// - Returns: a number, a tensor of shape `[]`.
public func contrastiveLoss(_ Z: Tensor, _ T: Tensor, logScale: Tensor) throws -> Tensor {
  // BEGIN SOLUTION 6.6b: S, then the mean of two cross-entropies
  let scale = try logScale.clip(maximum: Float(log(100.0))).exp()
  let S = try scale * Z.matmul(T.transposed(0, 1))
  let own = (0..<Z.shape[0]).map { Int32($0) }
  let ofTexts = try crossEntropy(S, labels: own)
  let ofECGs = try crossEntropy(S.transposed(0, 1), labels: own)
  return try 0.5 * (ofTexts + ofECGs)
  // END SOLUTION
}
