import CKernels
import Glibc

extension Tensor {
  /// `x^p` for a fixed exponent. Gradient: `g · p · x^(p − 1)`, 0 for `p = 0`.
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
      "pow", self, exponent, { powf(withoutDenormal($0), withoutDenormal($1)) },
      forA: { a, b in
        let (a, b) = (withoutDenormal(a), withoutDenormal(b))
        return b == 0 ? 0 : b * powf(a, b - 1)
      },
      forB: { a, b in
        let (a, b) = (withoutDenormal(a), withoutDenormal(b))
        return a == 0 && b >= 0 ? 0 : powf(a, b) * logf(a)
      })
  }

  /// `1 / √x`. Gradient: `−g / (2 x √x)`.
  public func reciprocalSquareRoot() -> Tensor { applying("reciprocalSquareRoot", RK_POWER, -0.5) }
}

/// A zero of its sign in a denormal's place. The C library tells denormals by their bits and then
/// multiplies them, which gives zero in the kernels' mode and a wrong result.
private func withoutDenormal(_ x: Float) -> Float {
  x.bitPattern & 0x7F80_0000 == 0 ? Float(bitPattern: x.bitPattern & 0x8000_0000) : x
}
