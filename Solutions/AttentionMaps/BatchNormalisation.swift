import Coursework
import NeuralNetworks
import TensorCore

/// Brings each channel to mean β and deviation γ (section 8.5, task 8.5).
///
///     y = γ (x − μ) / √(σ² + ε) + β,      ε = 10⁻⁵
///
/// *While training* (`isTraining` is true; `train()` and `eval()` of the network set it) μ and σ² are those of the batch,
/// for each channel over the m = samples · steps numbers that it has, and gradients flow through both:
///
///     μ = Σ x / m,      σ² = Σ (x − μ)² / m
///
/// Besides, each call moves the buffers by a tenth of the way, without gradient (`noGrad { … }`); for the variance it is
/// the estimate with m − 1, as in PyTorch:
///
///     mean ← mean + 0.1 (μ − mean)
///     variance ← variance + 0.1 (σ² m / (m − 1) − variance)
///
/// *At evaluation* μ and σ² are the buffers, which stay as they are.
///
/// Parameters: `gamma`, `[channels]`, ones, and `beta`, `[channels]`, zeros. Buffers, which are kept with the parameters
/// and which no optimiser moves: `mean`, `[channels]`, zeros at first, and `variance`, `[channels]`, ones at first.
/// Source: Ioffe and Szegedy 2015; numbers as PyTorch's.
public final class BatchNormalisation: Module {
  @Parameter var gamma: Tensor
  @Parameter var beta: Tensor
  @Buffer var mean: Tensor
  @Buffer var variance: Tensor

  /// Makes the parameters and the buffers.
  ///
  /// - Parameter channels: how many there are.
  public init(channels: Int) throws {
    // BEGIN SOLUTION 8.5: two parameters and two buffers
    gamma = .ones([channels])
    beta = .zeros([channels])
    mean = .zeros([channels])
    variance = .ones([channels])
    // END SOLUTION
  }

  /// Applies the layer, and moves the buffers while training.
  ///
  /// A tensor `[channels]` stands along the last axis; `reshaped([channels, 1])` makes of it what goes with x.
  ///
  /// - Parameter x: `[samples, channels, steps]`.
  /// - Returns: the same shape.
  /// - Throws: while training, an error that says so where a channel has only one number, of which there is no variance:
  ///   `TensorError("BatchNormalisation", "…")`.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    // BEGIN SOLUTION 8.5: μ and σ² of the batch or of the buffers, then the equation
    let channel: Shape = [gamma.shape[0], 1]
    var (mu, sigmaSquared) = (mean, variance)
    if isTraining {
      let m = Float(x.shape[0] * x.shape[2])
      guard m > 1 else {
        let problem =
          "while training, \(x.shape) has \(Int(m)) number for each channel: no variance"
        throw TensorError("BatchNormalisation", problem)
      }
      mu = try x.mean(axes: [0, 2])
      sigmaSquared = try x.variance(axes: [0, 2], correction: 0)
      try noGrad {
        mean = try mean + 0.1 * (mu - mean)
        variance = try variance + 0.1 * (sigmaSquared * (m / (m - 1)) - variance)
      }
    }
    let normalised = try (x - mu.reshaped(channel)) / (sigmaSquared + 1e-5).sqrt().reshaped(channel)
    return try gamma.reshaped(channel) * normalised + beta.reshaped(channel)
    // END SOLUTION
  }
}
