import TensorCore

/// `max(x, 0)`.
public final class ReLU: Module, UnaryLayer {
  /// Makes a layer.
  public override init() {}
  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor { x.relu() }
}

/// `tanh x`.
public final class Tanh: Module, UnaryLayer {
  /// Makes a layer.
  public override init() {}
  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor { x.tanh() }
}

/// `σ(x)`.
public final class Sigmoid: Module, UnaryLayer {
  /// Makes a layer.
  public override init() {}
  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor { x.sigmoid() }
}

/// All axes but the first in one: `[N, …] → [N, product]`.
public final class Flatten: Module, UnaryLayer {
  /// Makes a layer.
  public override init() {}
  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor { try x.flattened() }
}

/// `x · Φ(x)`, Φ the normal distribution.
public final class GELU: Module, UnaryLayer {
  /// Makes a layer.
  public override init() {}
  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor { x.gelu() }
}

/// `x` where positive, else `slope · x`.
public final class LeakyReLU: Module, UnaryLayer {
  private let slope: Float

  /// Makes a layer.
  public init(slope: Float = 0.01) { self.slope = slope }
  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    x.leakyReLU(slope: slope)
  }
  /// The slope.
  public override var details: String { "\(slope)" }
}

/// `log(1 + e^x)`.
public final class Softplus: Module, UnaryLayer {
  /// Makes a layer.
  public override init() {}
  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor { x.softplus() }
}

/// `e^x / Σ e^x` along an axis.
public final class Softmax: Module, UnaryLayer {
  private let axis: Int

  /// Makes a layer for an axis, the last when left out.
  public init(axis: Int = -1) { self.axis = axis }
  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.softmax(axis: axis)
  }
}
