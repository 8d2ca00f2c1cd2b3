import Coursework
import NeuralNetworks
import TensorCore

/// What stands in for a student's batch normalisation where another task needs one. It shares a process with their
/// code: the task that it is an answer to was judged in another process. No line of it is from the Solutions.
public final class BatchNormalisation: Module {
  @Parameter var gamma: Tensor
  @Parameter var beta: Tensor
  @Buffer var mean: Tensor
  @Buffer var variance: Tensor

  /// Makes parameters and buffers.
  public init(channels: Int) throws {
    func filled(_ value: Float) -> Tensor { .full([channels], value) }
    (gamma, beta) = (filled(1), filled(0))
    (mean, variance) = (filled(0), filled(1))
  }

  /// Applies it.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    let steps = try x.transposed(1, 2)
    guard isTraining else { return try scaled(steps - mean, by: variance) }
    let count = x.shape[0] * x.shape[2]
    guard count >= 2 else {
      throw TensorError("BatchNormalisation", "\(count) number for each channel, while training")
    }
    let rows = try steps.reshaped([count, x.shape[1]])
    let middle = try rows.mean(axis: 0)
    let spread = try rows.variance(axis: 0, correction: 0)
    let estimate = try rows.variance(axis: 0, correction: 1).detached()
    mean = try mean * 0.9 + middle.detached() * 0.1
    variance = try variance * 0.9 + estimate * 0.1
    return try scaled(steps - middle, by: spread)
  }

  private func scaled(_ centred: Tensor, by spread: Tensor) throws -> Tensor {
    let factor = try gamma / (spread + Float(1e-5)).sqrt()
    return try (centred * factor + beta).transposed(1, 2)
  }
}
