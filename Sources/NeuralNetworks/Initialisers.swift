import TensorCore

/// How the elements of a new parameter are drawn.
///
/// `fanIn` and `fanOut` are the numbers of inputs and outputs of a unit: `in` and `out` for a weight
/// `[in, out]`, `in · kernel` and `out · kernel` for one of a convolution.
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
  /// Uniform with the bound √(6 / (fanIn + fanOut)), for tanh and σ.
  /// Source: Glorot and Bengio 2010; PyTorch's `xavier_uniform_`.
  case glorotUniform(fanIn: Int, fanOut: Int)
  /// Normal with the variance 2 / (fanIn + fanOut). PyTorch's `xavier_normal_`.
  case glorotNormal(fanIn: Int, fanOut: Int)
  /// Uniform with the bound √(6 / fanIn), for ReLU.
  /// Source: He et al. 2015; PyTorch's `kaiming_uniform_` with a = 0.
  case heUniform(fanIn: Int)
  /// Normal with the variance 2 / fanIn. PyTorch's `kaiming_normal_`.
  case heNormal(fanIn: Int)
  /// A matrix whose rows, or columns if there are fewer, are perpendicular and of length `gain`: a
  /// recurrence neither shrinks nor stretches its state. More than two axes count as
  /// `[first, product of the rest]`. Source: Saxe et al. 2014; PyTorch's `orthogonal_`.
  case orthogonal(gain: Float = 1)

  /// Draws a tensor.
  public func callAsFunction(
    _ shape: Shape, using generator: inout RandomGenerator
  ) -> Tensor {
    shape.requireRoom("Initialiser")
    switch self {
    case .constant(let value):
      return .full(shape, value)
    case .normal(let standardDeviation):
      return .randn(shape, standardDeviation: standardDeviation, using: &generator)
    case .uniform(let bound):
      guard bound >= 0, bound < .infinity else {
        stop("Initialiser", "the bound \(bound) is not a number from 0 on")
      }
      // the number above 0 is a denormal, which is not 0
      if bound == 0 { return .zeros(shape) }
      return .uniform(shape, in: -bound..<bound.nextUp, using: &generator)
    case .uniformByFanIn(let fanIn):
      let bound = 1 / Float(max(fanIn, 1)).squareRoot()
      return .uniform(shape, in: -bound..<bound, using: &generator)
    case .glorotUniform(let fanIn, let fanOut):
      let bound = (6 / max(Float(fanIn) + Float(fanOut), 1)).squareRoot()
      return .uniform(shape, in: -bound..<bound, using: &generator)
    case .glorotNormal(let fanIn, let fanOut):
      let deviation = (2 / max(Float(fanIn) + Float(fanOut), 1)).squareRoot()
      return .randn(shape, standardDeviation: deviation, using: &generator)
    case .heUniform(let fanIn):
      let bound = (6 / Float(max(fanIn, 1))).squareRoot()
      return .uniform(shape, in: -bound..<bound, using: &generator)
    case .heNormal(let fanIn):
      let deviation = (2 / Float(max(fanIn, 1))).squareRoot()
      return .randn(shape, standardDeviation: deviation, using: &generator)
    case .orthogonal(let gain):
      return Self.orthogonal(shape, gain, using: &generator)
    }
  }

  /// Normal vectors made perpendicular one after the other (Gram and Schmidt, each twice, in double
  /// precision: once leaves what rounding made of nearly parallel ones).
  private static func orthogonal(
    _ shape: Shape, _ gain: Float, using generator: inout RandomGenerator
  ) -> Tensor {
    let result = Tensor.zeros(shape)
    let rows = shape.dimensions.first ?? 1
    let columns = shape.dimensions.dropFirst().reduce(1, *)
    let (count, size) = (min(rows, columns), max(rows, columns))
    var vectors: [[Double]] = []
    while vectors.count < count {
      var vector = (0..<size).map { _ in Double(generator.nextNormal()) }
      let length = norm(vector)
      for _ in 0..<2 {
        for earlier in vectors {
          let share = zip(vector, earlier).reduce(0) { $0 + $1.0 * $1.1 }
          for i in 0..<size { vector[i] -= share * earlier[i] }
        }
      }
      let rest = norm(vector)
      // drawn again if nearly a combination of the others, which is next to impossible
      if rest > 1e-6 * length { vectors.append(vector.map { $0 / rest }) }
    }
    let elements = result.mutableElements
    for (k, vector) in vectors.enumerated() {
      for (i, value) in vector.enumerated() {
        elements[rows <= columns ? k * columns + i : i * columns + k] = gain * Float(value)
      }
    }
    return result
  }

  private static func norm(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
