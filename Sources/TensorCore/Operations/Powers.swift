import Glibc

extension Tensor {
  /// `x^p` for a fixed exponent. Gradient: `g · p · x^(p − 1)`, 0 for `p = 0`.
  ///
  /// Source: PyTorch's `pow`; as there, a negative x has a power only for whole exponents (NaN
  /// otherwise), and the exponents ½, −½, 2, 3, −1 and −2 are roots, products and quotients: the
  /// square root of −∞ is NaN, that of −0 is −0.
  public func pow(_ exponent: Float) -> Tensor {
    pointwise("pow") { x in
      power(x, exponent)
    } derivative: { x in
      exponent == 0 ? 0 : exponent * power(x, exponent - 1)
    }
  }

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
  ///
  /// Source: PyTorch's `rsqrt`.
  public func reciprocalSquareRoot() -> Tensor {
    pointwise("reciprocalSquareRoot") { x in
      1 / x.squareRoot()
    } derivative: { x in
      let root = 1 / x.squareRoot()
      return -0.5 * root * root * root
    }
  }
}

/// `x^p`, with the shortcuts of `pow`.
private func power(_ x: Float, _ p: Float) -> Float {
  switch p {
  case 0.5: x.squareRoot()
  case -0.5: 1 / x.squareRoot()
  case 1: x
  case 2: x * x
  case 3: x * x * x
  case -1: 1 / x
  case -2: 1 / (x * x)
  default: powf(withoutDenormal(x), withoutDenormal(p))
  }
}

/// A zero of its sign in a denormal's place. The C library tells denormals by their bits and then
/// multiplies them, which gives zero in the kernels' mode and a wrong result.
private func withoutDenormal(_ x: Float) -> Float {
  x.bitPattern & 0x7F80_0000 == 0 ? Float(bitPattern: x.bitPattern & 0x8000_0000) : x
}
