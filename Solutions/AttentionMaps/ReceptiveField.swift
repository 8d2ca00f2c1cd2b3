import Coursework

/// What a receptive field depends on of one layer (given): a convolution, or a pooling, which has the dilation 1.
public struct Layer: Sendable {
  /// `k`, the number of taps of the kernel, or of the numbers that are pooled.
  public let kernelSize: Int
  /// `d`, how far the taps are apart.
  public let dilation: Int
  /// `s`, how far the kernel moves from one result to the next.
  public let stride: Int

  /// Describes a layer.
  public init(kernelSize: Int, dilation: Int = 1, stride: Int = 1) {
    self.kernelSize = kernelSize
    self.dilation = dilation
    self.stride = stride
  }
}

/// How many samples of the input a number behind the last layer depends on (section 8.4, task 8.4a).
///
///     R = 1 + Σ_ℓ (k_ℓ − 1) d_ℓ Π_{i<ℓ} s_i
///
/// The product has the strides of the layers *before* ℓ: a step between two of layer ℓ's inputs is so many samples. Without
/// any layer R is 1. Three samples, then two of the results that are two steps apart, are 1 + 2 + 2 = 5 samples:
///
///     receptiveField(of: [Layer(kernelSize: 3), Layer(kernelSize: 2, dilation: 2)])      5
///
/// - Parameter layers: from the first, which sees the input, to the last.
/// - Returns: `R`, in samples of the input.
public func receptiveField(of layers: [Layer]) throws -> Int {
  // BEGIN SOLUTION 8.4a: the equation above
  var (R, strides) = (1, 1)
  for layer in layers {
    R += (layer.kernelSize - 1) * layer.dilation * strides
    strides *= layer.stride
  }
  return R
  // END SOLUTION
}
