import Coursework
import NeuralNetworks
import TensorCore

/// A convolution over time whose taps are `d` steps apart (section 8.4, task 8.4b).
///
///     y[n, o, l] = Σ_c Σ_j W[o, c, j] · x[n, c, l + j d − p],      x = 0 beyond its ends
///
/// `j` counts the `k` taps of the kernel, from 0. As code: put d (k − 1) zeros around x, `p` of them in front, so that the
/// length stays; then add up, for each tap j, the matrix `W[:, :, j]` times the slice of the padded x that begins at j d
/// and is as long as x.
///
///     p = ⌊d (k − 1) / 2⌋      same: a result stands in the middle of what it sees; an odd zero goes to the end
///     p = d (k − 1)            causal: a result sees nothing that comes later
///
/// There is no bias: batch normalisation comes behind it and would take it away again.
///
/// Parameters: `W`, `[out, in, kernel]`, drawn from the normal distribution with mean 0 and variance 2 / (in · kernel)
/// (He et al. 2015), in the core `Initialiser.heNormal(fanIn:)`.
public final class DilatedConvolution: Module {
  @Parameter var W: Tensor
  let dilation: Int
  let isCausal: Bool

  /// Draws the parameters.
  ///
  /// - Parameters:
  ///   - inChannels: the number of channels of the input.
  ///   - outChannels: that of the result.
  ///   - kernelSize: `k`, the number of taps.
  ///   - dilation: `d`, how far they are apart.
  ///   - isCausal: whether all zeros go to the front.
  ///   - generator: where the draws come from.
  /// - Throws: an error that names the number where `kernelSize` or `dilation` is below 1:
  ///   `TensorError("DilatedConvolution", "…")`.
  public init(
    inChannels: Int, outChannels: Int, kernelSize: Int, dilation: Int, isCausal: Bool = false,
    using generator: inout RandomGenerator
  ) throws {
    // BEGIN SOLUTION 8.4b: refuse numbers below 1, draw W, and keep what the call needs
    guard kernelSize >= 1, dilation >= 1 else {
      let problem = "a kernel of \(kernelSize) taps with dilation \(dilation): both are 1 or more"
      throw TensorError("DilatedConvolution", problem)
    }
    W = Initialiser.heNormal(fanIn: inChannels * kernelSize)(
      [outChannels, inChannels, kernelSize], using: &generator)
    self.dilation = dilation
    self.isCausal = isCausal
    // END SOLUTION
  }

  /// Applies the convolution.
  ///
  /// - Parameter x: `[samples, in, steps]`.
  /// - Returns: `[samples, out, steps]`.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 8.4b: pad, then the sum over the taps
    let (steps, kernelSize) = (x.shape[2], W.shape[2])
    let zeros = dilation * (kernelSize - 1)
    let p = isCausal ? zeros : zeros / 2
    let padded = try x.padded(axis: 2, before: p, after: zeros - p)
    func tap(_ j: Int) throws -> Tensor {
      let start = j * dilation
      return try W.select(axis: 2, index: j).matmul(
        padded.slice(axis: 2, start..<(start + steps)))
    }
    var y = try tap(0)
    for j in 1..<kernelSize { y = try y + tap(j) }
    return y
    // END SOLUTION
  }
}
