import TensorCore

/// Layers one after the other.
public final class Sequential: Module, UnaryLayer {
  private let layers: [any UnaryLayer]

  /// Makes a chain of layers.
  public init(_ layers: any UnaryLayer...) { self.layers = layers }

  /// Makes a chain of as many layers as a list has.
  public init(layers: [any UnaryLayer]) { self.layers = layers }

  /// Applies the layers in order.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    var x = x
    for layer in layers { x = try layer(x) }
    return x
  }
}
