import Glibc

extension Tensor {
  /// `log Σ_j e^{x_j}` along an axis, computed without overflow. Gradient: `g · softmax(x)`.
  ///
  /// Source: PyTorch's `logsumexp`. Of nothing, and of −∞ alone, it is −∞.
  ///
  /// - Throws: when the axis does not exist.
  public func logSumExp(axis: Int = -1, keepDims: Bool = false) throws(TensorError) -> Tensor {
    let index = try shape.axis(axis, "logSumExp")
    let target =
      keepDims ? shape.replacing(axis: index, with: 1) : shape.removing(axis: index)
    try target.checkRoom("logSumExp", operandDescription)
    let parts = shape.split(at: index)
    let x = storage
    let rows = parts.outer * parts.inner
    func start(of row: Int) -> Int {
      row / parts.inner * parts.size * parts.inner + row % parts.inner
    }
    let (result, peaks, totals) = (
      Storage(count: rows), Storage(count: rows), Storage(count: rows)
    )
    inParts(rows, cost: 16 * parts.size) { range in
      for row in range {
        let first = start(of: row)
        var peak = -Float.infinity
        for step in 0..<parts.size where !peak.isNaN {
          let value = x.pointer[first + step * parts.inner]
          if value.isNaN || value > peak { peak = value }
        }
        var total: Float = 0
        if peak.isFinite {
          for step in 0..<parts.size {
            total += expf(x.pointer[first + step * parts.inner] - peak)
          }
        }
        (peaks.pointer[row], totals.pointer[row]) = (peak, total)
        result.pointer[row] = peak.isFinite ? peak + logf(total) : peak
      }
    }
    return Self.make("logSumExp", result, target, from: [self]) { g in
      let gradient = Storage(count: x.count)
      inParts(rows, cost: 16 * parts.size) { range in
        for row in range {
          for step in 0..<parts.size {
            let i = start(of: row) + step * parts.inner
            let peak = peaks.pointer[row]
            // not of the result: far from 0 its rounding would be seen
            let share = peak.isFinite ? expf(x.pointer[i] - peak) / totals.pointer[row] : 0
            gradient.pointer[i] = g.pointer[row] * share
          }
        }
      }
      return [.whole(gradient)]
    }
  }
}
