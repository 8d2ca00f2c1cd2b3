import Coursework
import NeuralNetworks
import TensorCore

/// What stands in for a student's block where another task needs one. It shares a process with their code: the task
/// that it is an answer to was judged in another process. No line of it is from the Solutions.
public final class ResidualBlock: Module {
  let convolution: DilatedConvolution
  let norm: BatchNormalisation

  /// Makes the parts.
  public init(channels: Int, dilation: Int, using generator: inout RandomGenerator) throws {
    let (C, d) = (channels, dilation)
    let made = try DilatedConvolution(
      inChannels: C, outChannels: C, kernelSize: 3, dilation: d, using: &generator)
    convolution = made
    let normalisation = try BatchNormalisation(channels: C)
    norm = normalisation
  }

  /// Applies them.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    let branch = try norm(convolution(x))
    return try relu(branch) + x
  }
}
