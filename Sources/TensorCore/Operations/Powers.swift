import CKernels
import Glibc

extension Tensor {
  /// `x^p` for a fixed exponent. Gradient: `g · p · x^(p − 1)`.
  ///
  /// Source: PyTorch's `pow`; as there, a negative x has a power only for whole exponents (NaN
  /// otherwise).
  public func pow(_ exponent: Float) -> Tensor { applying("pow", RK_POWER, exponent) }

  /// `a^b`, element by element, with broadcasting. Gradients: `g · b · a^(b − 1)` and
  /// `g · a^b · log a`, the latter 0 for `a = 0`.
  ///
  /// - Throws: when the shapes do not broadcast.
  public func pow(_ exponent: Tensor) throws(TensorError) -> Tensor {
    try Self.pointwise(
      "pow", self, exponent, { powf($0, $1) },
      forA: { $1 == 0 ? 0 : $1 * powf($0, $1 - 1) },
      forB: { $0 == 0 && $1 >= 0 ? 0 : powf($0, $1) * logf($0) })
  }

  /// `1 / √x`. Gradient: `−g / (2 x √x)`.
  public func reciprocalSquareRoot() -> Tensor { applying("reciprocalSquareRoot", RK_POWER, -0.5) }
}
