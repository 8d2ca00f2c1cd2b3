import Coursework
import Foundation
import TensorCore

/// Stands in for the task's file.
public struct ParzenEstimator {
  /// As the task has it.
  public let centres: [Double]
  /// As the task has it.
  public let widths: [Double]
  private let edges: [(low: Double, high: Double)]
  private let range: ClosedRange<Double>

  /// As the task has it.
  public init(_ values: [Double], low: Double, high: Double) throws {
    let whole = high - low
    let least = whole / Double(min(values.count + 2, 100))
    var sigmas: [Double] = []
    for (place, z) in values.enumerated() {
      var (below, above) = (low, high)
      for (other, value) in values.enumerated() where other != place {
        if value < z || value == z && other < place { below = max(below, value) }
        if value > z || value == z && other > place { above = min(above, value) }
      }
      sigmas.append(min(whole, max(least, z - below, above - z)))
    }
    let (all, spread) = (values + [(low + high) / 2], sigmas + [whole])
    (centres, widths, range) = (all, spread, min(low, high)...max(low, high))
    edges = zip(all, spread).map { mu, sigma in
      (
        NormalDistribution.cumulative((low - mu) / sigma),
        NormalDistribution.cumulative((high - mu) / sigma)
      )
    }
  }

  /// As the task has it.
  public func logDensity(_ z: Double) throws -> Double {
    let logs = centres.indices.map { k -> Double in
      NormalDistribution.logDensity((z - centres[k]) / widths[k])
        - log(widths[k] * (edges[k].high - edges[k].low))
    }
    let top = logs.max() ?? 0
    return top + log(logs.reduce(0) { $0 + exp($1 - top) } / Double(logs.count))
  }

  /// As the task has it.
  public func draw(using generator: inout RandomGenerator) throws -> Double {
    let k = generator.index(below: centres.count)
    let p = edges[k].low + (edges[k].high - edges[k].low) * generator.uniform()
    let z = centres[k] + widths[k] * NormalDistribution.quantile(p)
    return max(range.lowerBound, min(range.upperBound, z))
  }
}

/// Stands in for the task's function.
public func choiceProbabilities(_ seen: [Int], count: Int) throws -> [Double] {
  var weights = [Double](repeating: 1, count: count)
  for choice in seen { weights[choice] += 1 }
  let total = weights.reduce(0, +)
  return weights.map { $0 / total }
}
