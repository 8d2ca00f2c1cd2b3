import Examples
import NeuralNetworks
import TensorCore

/// One name of each record of a batch in place of all together (given; section 6.8, `--set names=apart`).
///
/// Another record may show the same. It would be wrong to push it away from a text that it deserves, so such pairs are left
/// out of the loss.
struct SingleNames {
  /// The vectors of the names that were drawn, `[N, D]`.
  let texts: Tensor
  /// −10⁴ for an ECG in a row and the text of another record in a column whose diagnosis the ECG shows too, 0 for all
  /// others: `[N, N]`.
  private let shared: Tensor

  /// Draws a name of each record of a batch.
  ///
  /// - Parameter counts: how many names each has; the batch has as many rows for all.
  init(_ batch: Batch, _ counts: [Int], using generator: inout RandomGenerator) throws {
    let vectors = try batch["names"]
    let (count, most) = (vectors.shape[0], vectors.shape[1])
    let places = counts.map { min(Int(generator.nextUniform() * Float($0)), $0 - 1) }
    texts = try vectors.reshaped([count * most, vectors.shape[2]])
      .indexSelect(axis: 0, places.indices.map { $0 * most + places[$0] })
    let numbers = try batch["nameNumbers"].array
    var shared = [Float](repeating: 0, count: count * count)
    for text in 0..<count {
      let drawn = numbers[text * most + places[text]]
      for ecg in 0..<count where ecg != text {
        let shown = numbers[(ecg * most)..<(ecg * most + counts[ecg])]
        if shown.contains(drawn) { shared[ecg * count + text] = -1e4 }
      }
    }
    self.shared = try Tensor(shared, shape: [count, count])
  }

  /// The contrastive loss without those pairs.
  func loss(_ Z: Tensor, _ T: Tensor, logScale: Tensor) throws -> Tensor {
    let S = try logScale.exp() * Z.matmul(T.transposed(0, 1)) + shared
    let own = (0..<Z.shape[0]).map { Int32($0) }
    return try 0.5 * (crossEntropy(S, labels: own) + crossEntropy(S.transposed(0, 1), labels: own))
  }
}
