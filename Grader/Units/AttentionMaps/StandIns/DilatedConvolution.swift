import Coursework
import NeuralNetworks
import TensorCore

/// What stands in for a student's convolution where another task needs one. It shares a process with their code: the
/// task that it is an answer to was judged in another process. No line of it is from the Solutions.
public final class DilatedConvolution: Module {
  @Parameter var W: Tensor
  private let spread: Int
  private let padding: ConvolutionPadding

  /// Draws the parameters.
  public init(
    inChannels: Int, outChannels: Int, kernelSize: Int, dilation: Int, isCausal: Bool = false,
    using generator: inout RandomGenerator
  ) throws {
    guard min(kernelSize, dilation) > 0 else {
      let sizes = "\(kernelSize) taps, dilation \(dilation)"
      throw TensorError("DilatedConvolution", sizes)
    }
    let initialiser = Initialiser.heNormal(fanIn: kernelSize * inChannels)
    let shape: Shape = [outChannels, inChannels, kernelSize]
    W = initialiser(shape, using: &generator)
    spread = dilation
    padding = isCausal ? .causal : .same
  }

  /// Applies it.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    try x.conv1d(W, padding: padding, dilation: spread)
  }
}
