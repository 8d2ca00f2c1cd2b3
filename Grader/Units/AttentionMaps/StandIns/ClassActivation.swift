import Coursework
import NeuralNetworks
import TensorCore

/// What stands in for a student's last layer where another task needs one. It shares a process with their code: the task
/// that it is an answer to was judged in another process. No line of it is from the Solutions.
public final class ClassActivation: Module {
  @Parameter var w: Tensor

  /// Draws the parameter.
  public init(channels: Int, classes: Int, using generator: inout RandomGenerator) throws {
    let initialiser = Initialiser.uniformByFanIn(channels)
    w = initialiser([channels, classes], using: &generator)
  }

  /// The logits.
  public func logits(_ f: Tensor) throws -> Tensor {
    let pooled = try f.sum(axis: -1) / Float(f.shape[-1])
    return try pooled.matmul(w)
  }

  /// All maps.
  public func maps(_ f: Tensor) throws -> Tensor {
    let steps = try f.transposed(1, 2)
    return try steps.matmul(w).transposed(1, 2)
  }

  /// A map for each sample.
  public func map(_ f: Tensor, of classes: [Int]) throws -> Tensor {
    let (own, all) = (f.shape[0], w.shape[1])
    guard own == classes.count, classes.allSatisfy((0..<all).contains) else {
      throw TensorError("ClassActivation", "the classes \(classes) of \(all) for \(own) samples")
    }
    let whole = try maps(f)
    let chosen = try classes.enumerated().map { sample, number in
      try whole.select(axis: 0, index: sample).select(axis: 0, index: number)
    }
    return try .stack(chosen, axis: 0)
  }
}

/// Interpolation.
public func interpolated(_ M: Tensor, to n: Int) throws -> Tensor {
  guard n > 0 else { throw TensorError("interpolated", "to \(n) places") }
  let size = M.shape[-1]
  let ratio = Double(size) / Double(n)
  var (lower, shares): ([Int], [Float]) = ([], [])
  for place in 0..<n {
    let middle = ratio * (Double(place) + 0.5)
    let position = max(0, min(middle - 0.5, Double(size - 1)))
    lower.append(Int(position))
    shares.append(Float(position - position.rounded(.down)))
  }
  let upper = lower.map { min(size - 1, $0 + 1) }
  let (low, high) = try (M.indexSelect(axis: -1, lower), M.indexSelect(axis: -1, upper))
  return try low + Tensor(shares) * (high - low)
}
