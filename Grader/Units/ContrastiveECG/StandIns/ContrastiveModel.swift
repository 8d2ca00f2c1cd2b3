import Coursework
import Foundation
import NeuralNetworks
import TensorCore

/// Stands in for the task's function.
public func normalised(_ x: Tensor) throws -> Tensor {
  let bounded = try Tensor.maximum((x * x).sum(axes: [1], keepDims: true), Tensor(1e-24))
  return try x * bounded.reciprocalSquareRoot()
}

/// What stands in for a student's model where another task needs one. No line of it is from the Solutions.
public final class ContrastiveModel: Module {
  let tower: ECGEncoder
  let last: Linear
  /// The logarithm of the scale.
  @Parameter public var logScale: Tensor

  /// Makes the parts.
  public init(
    leadCount: Int, sampleCount: Int, textSize: Int, using generator: inout RandomGenerator
  ) throws {
    let made = try ECGEncoder(leadCount: leadCount, sampleCount: sampleCount, using: &generator)
    tower = made
    let layer = Linear(made.features, textSize, using: &generator)
    last = layer
    logScale = Tensor(-Float(log(0.07)))
  }

  /// Applies them.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    let z = try last(tower(X))
    return try normalised(z)
  }
}
