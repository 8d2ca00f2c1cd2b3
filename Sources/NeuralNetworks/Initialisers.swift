import TensorCore

/// How the elements of a new parameter are drawn.
public enum Initialiser: Sendable {
  /// All equal.
  case constant(Float)
  /// Normal with mean 0.
  case normal(standardDeviation: Float)
  /// Uniform between −bound and bound.
  case uniform(bound: Float)
  /// Uniform with the bound 1 / √fanIn: what PyTorch's Linear and Conv1d use for weight and bias
  /// (`kaiming_uniform_` with a = √5).
  case uniformByFanIn(Int)

  /// Draws a tensor.
  public func callAsFunction(
    _ shape: Shape, using generator: inout RandomGenerator
  ) -> Tensor {
    switch self {
    case .constant(let value):
      return .full(shape, value)
    case .normal(let standardDeviation):
      return .randn(shape, standardDeviation: standardDeviation, using: &generator)
    case .uniform(let bound):
      return .uniform(shape, in: -bound..<bound.nextUp, using: &generator)
    case .uniformByFanIn(let fanIn):
      let bound = 1 / Float(max(fanIn, 1)).squareRoot()
      return .uniform(shape, in: -bound..<bound, using: &generator)
    }
  }
}
