import NeuralNetworks
import TensorCore

/// Bounds on gradients, between `backward()` and the optimiser's `step()`: one bad batch of a long
/// recurrence then cannot throw the parameters far away.
extension Module {
  /// Scales all gradients by one factor so that together they are no longer than `maximum`.
  ///
  /// Source: Pascanu et al. 2013; PyTorch's `clip_grad_norm_`.
  ///
  /// - Returns: the length `√Σ g²` before.
  @discardableResult
  public func clipGradients(norm maximum: Float) -> Float {
    clipGradients(norm: maximum, squares: squaresOfGradients)
  }

  /// The sum of the squares of each parameter's gradient, in the order of `namedParameters()`; `nil`
  /// where there is no gradient.
  package var squaresOfGradients: [Double?] { parameters.map { $0.grad?.sumOfSquares } }

  /// Does the same with `squaresOfGradients` that are known.
  @discardableResult
  package func clipGradients(norm maximum: Float, squares: [Double?]) -> Float {
    let norm = Float(squares.reduce(0) { $0 + ($1 ?? 0) }.squareRoot())
    let factor = maximum / (norm + 1e-6)
    // not `factor >= 1`: a NaN is left to be seen
    if factor < 1 {
      for parameter in parameters { parameter.scaleGrad(by: factor) }
    }
    return norm
  }

  /// Bounds each element of all gradients to `−maximum ... maximum`.
  ///
  /// Source: PyTorch's `clip_grad_value_`.
  ///
  /// - Throws: when the bound is negative.
  public func clipGradients(value maximum: Float) throws(TensorError) {
    for parameter in parameters {
      guard let gradient = parameter.grad else { continue }
      guard maximum >= 0 else {
        throw TensorError("clipGradients", "the bound \(maximum) is not a number from 0 on")
      }
      parameter.replaceGrad(with: try gradient.clip(minimum: -maximum, maximum: maximum))
    }
  }
}
