import Coursework
import NeuralNetworks
import TensorCore

/// The convolutional network that makes features of a twelve-lead ECG (section 6.5, task 6.5).
///
/// Four blocks, then all channels and steps in one row. A block is a convolution, batch normalisation *with as many channels
/// as that convolution gives*, ReLU, and maximum pooling:
///
///     block    channels        kernel, padding    pooling    length of 1000 samples
///     1        leads → 32      7, 3               4          250
///     2        32 → 64         5, 2               4          62
///     3        64 → 128        3, 1               2          31
///     4        128 → 256       3, 1               2          15
///
/// Pooling drops what is left over, so that with L samples there are
///
///     features = 256 ⌊⌊⌊⌊L / 4⌋ / 4⌋ / 2⌋ / 2⌋        3840 for 1000, 1280 for 333, 256 for 64
///
/// Parts: the core's `Conv1d(in, out, kernelSize: 7, padding: 3, using: &generator)` and `BatchNorm1d(out)`, of each block in
/// this order, called as you like (`conv1`, `norm1`, …); they draw as PyTorch's do. There are 137 248 parameters for 12
/// leads. In a list or a `Sequential` they are just as good; the pooling is `x.maxPool1d(kernelSize: 4)`.
public final class ECGEncoder: Module {
  /// How many numbers an ECG becomes.
  public let features: Int
  // TODO: Task 6.5: declare the parts

  /// Makes the parts.
  ///
  /// - Parameters:
  ///   - leadCount: the leads of an ECG, 12.
  ///   - sampleCount: the samples of each lead, L; `features` follows from it.
  ///   - generator: where the draws come from.
  public init(
    leadCount: Int, sampleCount: Int, using generator: inout RandomGenerator
  ) throws {
    // TODO: Task 6.5: features, and the parts from the first to the last
    throw Unimplemented("6.5")
  }

  /// The features of ECGs.
  ///
  /// - Parameter X: `[N, leads, samples]`.
  /// - Returns: `[N, features]`: of each ECG the steps of channel 0, then those of channel 1, and so on.
  public func callAsFunction(_ X: Tensor) throws -> Tensor {
    // TODO: Task 6.5: block after block, then one row for each ECG
    throw Unimplemented("6.5")
  }
}
