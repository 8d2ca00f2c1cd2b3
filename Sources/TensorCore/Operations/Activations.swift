import CKernels

// Activations beyond tanh, σ and ReLU, which the recurrent networks use and `Elementwise.swift` has.

extension Tensor {
  /// `x · Φ(x)`, with the normal distribution's `Φ(x) = (1 + erf(x / √2)) / 2`.
  /// Gradient: `g · (Φ(x) + x · φ(x))`.
  ///
  /// Source: Hendrycks and Gimpel 2016; PyTorch's `gelu`.
  public func gelu() -> Tensor { applying("gelu", RK_GELU) }

  /// `log(1 + e^x)`, computed without overflow. Gradient: `g · σ(x)`.
  ///
  /// Source: PyTorch's `softplus`.
  public func softplus() -> Tensor { applying("softplus", RK_SOFTPLUS) }

  /// `x · σ(x)`. Gradient: `g · σ(x) · (1 + x · (1 − σ(x)))`.
  ///
  /// Source: Elfwing et al. 2017; PyTorch's `silu`.
  public func silu() -> Tensor { applying("silu", RK_SILU) }

  /// `x` where `x > 0`, else `α (e^x − 1)`. Gradient: `g` where `x > 0`, else `g · α e^x`.
  ///
  /// Source: Clevert et al. 2015; PyTorch's `elu`.
  public func elu(alpha: Float = 1) -> Tensor { applying("elu", RK_ELU, alpha) }

  /// `max(x, 0) + slope · min(x, 0)`. Gradient: `g` where `x > 0`, else `slope · g`.
  ///
  /// Source: Maas et al. 2013; PyTorch's `leaky_relu`.
  public func leakyReLU(slope: Float = 0.01) -> Tensor {
    applying("leakyReLU", RK_LEAKY_RELU, slope)
  }

  /// The error function, `2/√π ∫₀ˣ e^(−t²) dt`. Gradient: `g · 2/√π · e^(−x²)`.
  ///
  /// Source: PyTorch's `erf`.
  public func erf() -> Tensor { applying("erf", RK_ERF) }
}

/// The error function, element by element.
public func erf(_ x: Tensor) -> Tensor { x.erf() }

extension Tensor {
  /// A function of single elements that has a kernel, with its parameters.
  func applying(_ name: String, _ function: rk_function, _ p: Float = 0, _ q: Float = 0) -> Tensor {
    let (x, layout) = compact
    let result = Storage(count: count, for: name)
    rk_apply(function, result.pointer, x.pointer, nil, p, q, count)
    return Self.make(name, result, layout, shape, from: [self]) { g in
      let gradient = Storage(count: g.count, for: name)
      rk_apply(function, gradient.pointer, x.pointer, g.pointer, p, q, g.count)
      return [.whole(gradient)]
    }
  }
}
