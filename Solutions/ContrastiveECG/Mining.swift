import Coursework
import TensorCore

/// For each ECG of a batch the nearest text that is not its own (section 6.4, task 6.4b).
///
/// Row i of `D` are the distances of ECG i from all texts of the batch; its own text is column i. Its *negatives* are the
/// columns j with `captions[j] != captions[i]`: another record with the same caption is none. Each row has one at least.
/// Of several that are equally near it is the first.
///
///     captions = [7, 3, 7, 5],  row 0 of D = [0.5, 0.75, 0.25, 0.625]        its negatives are 1 and 3, the answer is 3
///
/// - Parameters:
///   - D: distances, `[N, N]`; `D.array` has them row by row.
///   - captions: a number for the caption of each record; equal captions have equal numbers.
/// - Returns: N columns of D.
public func hardestNegatives(_ D: Tensor, captions: [Int32]) throws -> [Int32] {
  // BEGIN SOLUTION 6.4b: for each row the first of the nearest negatives
  let (d, N) = (D.array, captions.count)
  return (0..<N).map { i in
    let negatives = (0..<N).filter { j in captions[j] != captions[i] }
    return Int32(
      negatives.reduce(negatives[0]) { best, j in d[i * N + j] < d[i * N + best] ? j : best })
  }
  // END SOLUTION
}

/// For each ECG of a batch a negative that is farther than its own text, but not by more than the margin (section 6.4,
/// task 6.4b).
///
/// The negatives of row i are those of `hardestNegatives`. It is the nearest of those with
///
///     D_ii < D_ij < D_ii + m
///
/// of several that are equally near the first. Where there is none, it is the *farthest* of all negatives, of several the
/// first, as in TensorFlow Addons; FaceNet leaves that open. With the row above:
///
///     m = 0.25     0.5 < D_0j < 0.75: column 3
///     m = 0.125    0.5 < D_0j < 0.625: none, so the farthest negative, column 1
///
/// - Parameters:
///   - D: distances, `[N, N]`.
///   - captions: a number for the caption of each record.
///   - margin: m.
/// - Returns: N columns of D.
public func semiHardNegatives(_ D: Tensor, captions: [Int32], margin: Float) throws -> [Int32] {
  // BEGIN SOLUTION 6.4b: the nearest between the two bounds, else the farthest negative
  let (d, N) = (D.array, captions.count)
  return (0..<N).map { i in
    let own = d[i * N + i]
    let negatives = (0..<N).filter { j in captions[j] != captions[i] }
    let between = negatives.filter { j in own < d[i * N + j] && d[i * N + j] < own + margin }
    guard let first = between.first else {
      return Int32(
        negatives.reduce(negatives[0]) { best, j in d[i * N + j] > d[i * N + best] ? j : best })
    }
    return Int32(between.reduce(first) { best, j in d[i * N + j] < d[i * N + best] ? j : best })
  }
  // END SOLUTION
}
