import NeuralNetworks
import TensorCore

/// The first layer of the network: a convolution over 16 samples that moves by 4 (section 8.8, given).
///
/// Six zeros at both ends make of 3000 samples 750 steps. Step t sees the samples 4 t − 6 … 4 t + 9: their middle is the
/// middle of the samples 4 t … 4 t + 3, so a map lies right on the ECG. There is no bias.
///
/// Parameter: `W`, `[channels, 1, 16]`, drawn from the normal distribution with mean 0 and variance 2 / 16.
public final class Stem: Module {
  @Parameter var W: Tensor

  /// Draws the parameter.
  ///
  /// - Parameters:
  ///   - channels: the number of channels of the result.
  ///   - generator: where the draws come from.
  public init(channels: Int, using generator: inout RandomGenerator) {
    W = Initialiser.heNormal(fanIn: 16)([channels, 1, 16], using: &generator)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: `[samples, 1, L]`.
  /// - Returns: `[samples, channels, T]`; T is L / 4 where that is a whole number.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    try x.conv1d(W, stride: 4, padding: 6)
  }
}
