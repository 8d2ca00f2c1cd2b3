#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Tensor {
  /// `log Σ_j e^{x_j}` along an axis, computed without overflow. Gradient: `g · softmax(x)`.
  ///
  /// Source: PyTorch's `logsumexp`. Of nothing, and of −∞ alone, it is −∞.
  ///
  /// - Throws: when the axis does not exist.
  public func logSumExp(axis: Int = -1, keepDims: Bool = false) throws(TensorError) -> Tensor {
    let index = try shape.axis(axis, "logSumExp")
    let parts = shape.split(at: index)
    let x = storage
    let rows = parts.outer * parts.inner
    func start(of row: Int) -> Int {
      row / parts.inner * parts.size * parts.inner + row % parts.inner
    }
    let result = Storage(count: rows)
    inParts(rows, cost: 16 * parts.size) { range in
      for row in range {
        let first = start(of: row)
        var largest = -Float.infinity
        for step in 0..<parts.size {
          largest = Swift.max(largest, x.pointer[first + step * parts.inner])
        }
        var total: Float = 0
        if largest.isFinite {
          for step in 0..<parts.size {
            total += expf(x.pointer[first + step * parts.inner] - largest)
          }
        }
        result.pointer[row] = largest.isFinite ? largest + logf(total) : largest
      }
    }
    let target =
      keepDims ? shape.replacing(axis: index, with: 1) : shape.removing(axis: index)
    return Self.make("logSumExp", result, target, from: [self]) { g in
      let gradient = Storage(count: x.count)
      inParts(rows, cost: 16 * parts.size) { range in
        for row in range {
          for step in 0..<parts.size {
            let i = start(of: row) + step * parts.inner
            let share = result.pointer[row].isFinite ? expf(x.pointer[i] - result.pointer[row]) : 0
            gradient.pointer[i] = g.pointer[row] * share
          }
        }
      }
      return [.whole(gradient)]
    }
  }
}
