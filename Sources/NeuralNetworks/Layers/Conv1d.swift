import TensorCore

/// A one-dimensional convolution: `[N, in, L] → [N, out, L_out]`.
///
/// Parameters: `weight` `[out, in / groups, kernel]` and `bias` `[out]`, both uniform within
/// ± 1 / √(in / groups · kernel) (PyTorch's default).
public final class Conv1d: Module, UnaryLayer {
  /// `[out, in / groups, kernel]`.
  @Parameter public var weight: Tensor
  /// `[out]`.
  @Parameter public var bias: Tensor
  private let stride: Int
  private let padding: ConvolutionPadding
  private let paddingMode: PaddingMode
  private let dilation: Int
  private let groups: Int
  private let inChannels: Int

  /// Makes a layer with randomly drawn parameters.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: Int, stride: Int = 1,
    padding: ConvolutionPadding = 0, paddingMode: PaddingMode = .zeros, dilation: Int = 1,
    groups: Int = 1,
    using generator: inout RandomGenerator
  ) {
    let ownChannels = inChannels / max(groups, 1)
    Shape([outChannels, ownChannels, kernelSize]).requireRoom("Conv1d")
    Shape([outChannels]).requireRoom("Conv1d")
    let initialiser = Initialiser.uniformByFanIn(Shape([ownChannels, kernelSize]).count)
    weight = initialiser([outChannels, ownChannels, kernelSize], using: &generator)
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
    try x.conv1d(
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
