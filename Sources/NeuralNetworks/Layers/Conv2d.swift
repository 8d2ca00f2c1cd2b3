import TensorCore

/// A two-dimensional convolution: `[N, in, rows, columns] → [N, out, rows, columns]`.
///
/// Parameters: `weight` `[out, in / groups, kernel, kernel]` and `bias` `[out]`, both uniform within
/// ± 1 / √(in / groups · kernel²) (PyTorch's default).
public final class Conv2d: Module, UnaryLayer {
  /// `[out, in / groups, kernel, kernel]`.
  @Parameter public var weight: Tensor
  /// `[out]`.
  @Parameter public var bias: Tensor
  private let stride: Int
  private let padding: Int
  private let paddingMode: PaddingMode
  private let dilation: Int
  private let groups: Int
  private let inChannels: Int

  /// Makes a layer with randomly drawn parameters.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0,
    paddingMode: PaddingMode = .zeros, dilation: Int = 1, groups: Int = 1,
    using generator: inout RandomGenerator
  ) {
    let ownChannels = inChannels / max(groups, 1)
    Shape([outChannels, ownChannels, kernelSize, kernelSize]).requireRoom("Conv2d")
    Shape([outChannels]).requireRoom("Conv2d")
    let initialiser = Initialiser.uniformByFanIn(
      Shape([ownChannels, kernelSize, kernelSize]).count)
    weight = initialiser([outChannels, ownChannels, kernelSize, kernelSize], using: &generator)
    bias = initialiser([outChannels], using: &generator)
    self.stride = stride
    self.padding = padding
    self.paddingMode = paddingMode
    self.dilation = dilation
    self.groups = groups
    self.inChannels = inChannels
  }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.conv2d(
      weight, bias: bias, stride: stride, padding: padding, paddingMode: paddingMode,
      dilation: dilation, groups: groups)
  }

  /// The channels and the kernel.
  public override var details: String {
    "\(inChannels) → \(weight.shape[0]), kernel \(weight.shape[2])"
      + (stride == 1 ? "" : ", stride \(stride)") + (padding == 0 ? "" : ", padding \(padding)")
      + (paddingMode == .zeros ? "" : ", \(paddingMode)")
      + (dilation == 1 ? "" : ", dilation \(dilation)")
      + (groups == 1 ? "" : ", groups \(groups)")
  }
}
