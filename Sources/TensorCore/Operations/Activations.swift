import Glibc

// Activations beyond tanh, σ and ReLU, which the recurrent networks use and `Elementwise.swift` has.

extension Tensor {
  /// `x · Φ(x)`, with the normal distribution's `Φ(x) = (1 + erf(x / √2)) / 2`.
  /// Gradient: `g · (Φ(x) + x · φ(x))`.
  ///
  /// Source: Hendrycks and Gimpel 2016; PyTorch's `gelu`.
  public func gelu() -> Tensor {
    pointwise("gelu") { x in
      0.5 * x * (1 + erff(x * 0.707_106_78))
    } derivative: { x in
      0.5 * (1 + erff(x * 0.707_106_78)) + x * 0.398_942_28 * expf(-0.5 * x * x)
    }
  }

  /// `log(1 + e^x)`, computed without overflow. Gradient: `g · σ(x)`.
  ///
  /// Source: PyTorch's `softplus`.
  public func softplus() -> Tensor {
    pointwise("softplus") { x in
      Swift.max(x, 0) + log1pf(expf(-Swift.abs(x)))
    } derivative: { x in
      1 / (1 + expf(-x))
    }
  }

  /// `x · σ(x)`. Gradient: `g · σ(x) · (1 + x · (1 − σ(x)))`.
  ///
  /// Source: Elfwing et al. 2017; PyTorch's `silu`.
  public func silu() -> Tensor {
    pointwise("silu") { x in
      x / (1 + expf(-x))
    } derivative: { x in
      let s = 1 / (1 + expf(-x))
      return s * (1 + x * (1 - s))
    }
  }

  /// `x` where `x > 0`, else `α (e^x − 1)`. Gradient: `g` where `x > 0`, else `g · α e^x`.
  ///
  /// Source: Clevert et al. 2015; PyTorch's `elu`.
  public func elu(alpha: Float = 1) -> Tensor {
    pointwise("elu") { x in
      x > 0 ? x : alpha * expm1f(x)
    } derivative: { x in
      x > 0 ? 1 : alpha * expf(x)
    }
  }
}
