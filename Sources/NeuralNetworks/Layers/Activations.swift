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
