import Coursework
import NeuralNetworks
import TensorCore

/// A dilated convolution whose result is added to what came in (section 8.6, task 8.6).
///
///     y = x + ReLU(BatchNormalisation(W ∗_d x))
///
/// `convolution` has as many channels in as out, a kernel of 3 taps that are `d` steps apart, and the padding `same`;
/// `norm` normalises its result.
public final class ResidualBlock: Module {
  let convolution: DilatedConvolution
  let norm: BatchNormalisation

  /// Makes the two parts.
  ///
  /// - Parameters:
  ///   - channels: the number of channels, in and out.
  ///   - dilation: `d`.
  ///   - generator: where the draws come from.
  public init(channels: Int, dilation: Int, using generator: inout RandomGenerator) throws {
    // TODO: Task 8.6: the two parts, in the order of their declarations
    throw Unimplemented("8.6")
  }

  /// Applies the block.
  ///
  /// - Parameter x: `[samples, channels, steps]`.
  /// - Returns: the same shape.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    // TODO: Task 8.6: the equation above
    throw Unimplemented("8.6")
  }
}
