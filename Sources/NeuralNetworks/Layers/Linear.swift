import TensorCore

/// A fully connected layer: `y = x · weight + bias`, `[…, in] → […, out]`.
///
/// Parameters: `weight` `[in, out]` and `bias` `[out]`, both uniform within ± 1 / √in
/// (PyTorch's default; PyTorch stores the weight transposed).
public final class Linear: Module, UnaryLayer {
  /// `[in, out]`.
  @Parameter public var weight: Tensor
  /// `[out]`.
  @Parameter public var bias: Tensor

  /// Makes a layer with randomly drawn parameters.
  public init(_ inputSize: Int, _ outputSize: Int, using generator: inout RandomGenerator) {
    Shape([inputSize, outputSize]).requireRoom("Linear")
    Shape([outputSize]).requireRoom("Linear")
    let initialiser = Initialiser.uniformByFanIn(inputSize)
    weight = initialiser([inputSize, outputSize], using: &generator)
    bias = initialiser([outputSize], using: &generator)
  }

  /// Makes a layer with the given parameters.
  public init(weight: Tensor, bias: Tensor) {
    self.weight = weight
    self.bias = bias
  }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.linear(weight, bias)
  }

  /// The sizes.
  public override var details: String {
    // given ones may be of any rank
    weight.shape.dimensions.map(String.init).joined(separator: " → ")
  }
}
