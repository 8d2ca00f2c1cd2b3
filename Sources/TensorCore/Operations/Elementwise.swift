import CKernels

// Functions of one tensor, element by element. They cannot fail, so they do not throw. Each is a
// method and, where the course writes it as a function, a function too.

extension Tensor {
  /// Which values a gradient is computed from.
  private enum Saved { case input, output }

  private func elementwise(
    _ name: String, _ operation: rk_unary_operation, saving values: Saved
  ) -> Tensor {
    let (result, saved, layout): (Storage, Storage, Layout)
    if values == .output, let sum = uncomputedSum {
      markSumTaken()
      result = sum.computed(operation)
      (saved, layout) = (result, Layout(rowMajor: shape))
    } else {
      let x: Storage
      (x, layout) = compact
      result = Storage(count: count, for: name)
      rk_unary(operation, result.pointer, x.pointer, count)
      saved = values == .input ? x : result
    }
    return Self.make(name, result, layout, shape, from: [self]) { g in
      let gradient = Storage(count: g.count, for: name)
      rk_unary_gradient(operation, gradient.pointer, saved.pointer, g.pointer, g.count)
      return [.whole(gradient)]
    }
  }

  /// `−x`. Gradient: `−g`.
  public static prefix func - (x: Tensor) -> Tensor {
    x.elementwise("-", RK_NEGATE, saving: .input)
  }

  /// `e^x`. Gradient: `g · e^x`.
  public func exp() -> Tensor { elementwise("exp", RK_EXP, saving: .output) }

  /// The natural logarithm. Gradient: `g / x`.
  public func log() -> Tensor { elementwise("log", RK_LOG, saving: .input) }

  /// `√x`. Gradient: `g / (2 √x)`.
  public func sqrt() -> Tensor { elementwise("sqrt", RK_SQRT, saving: .output) }

  /// `tanh x`. Gradient: `g · (1 − tanh² x)`.
  public func tanh() -> Tensor { elementwise("tanh", RK_TANH, saving: .output) }

  /// `σ(x) = 1 / (1 + e^−x)`. Gradient: `g · σ(x) · (1 − σ(x))`.
  public func sigmoid() -> Tensor { elementwise("sigmoid", RK_SIGMOID, saving: .output) }

  /// `max(x, 0)`. Gradient: `g` where `x > 0`, else 0.
  public func relu() -> Tensor { elementwise("relu", RK_RELU, saving: .output) }

  /// `|x|`. Gradient: `g · sign(x)`, 0 at 0.
  public func abs() -> Tensor { elementwise("abs", RK_ABS, saving: .input) }

  /// `x²`. Gradient: `2 x g`.
  public func squared() -> Tensor { elementwise("squared", RK_SQUARE, saving: .input) }
}

/// `e^x`, element by element.
public func exp(_ x: Tensor) -> Tensor { x.exp() }
/// The natural logarithm, element by element.
public func log(_ x: Tensor) -> Tensor { x.log() }
/// `√x`, element by element.
public func sqrt(_ x: Tensor) -> Tensor { x.sqrt() }
/// `tanh x`, element by element.
public func tanh(_ x: Tensor) -> Tensor { x.tanh() }
/// The logistic function `σ(x) = 1 / (1 + e^−x)`, element by element.
public func sigmoid(_ x: Tensor) -> Tensor { x.sigmoid() }
/// `max(x, 0)`, element by element.
public func relu(_ x: Tensor) -> Tensor { x.relu() }
