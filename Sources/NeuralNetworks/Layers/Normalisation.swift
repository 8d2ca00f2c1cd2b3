import TensorCore

/// Shifts and scales each row of the last axis to mean 0 and variance 1, then by learned amounts.
///
/// Parameters: `weight` `[F]`, ones, and `bias` `[F]`, zeros.
/// Source: Ba et al. 2016; PyTorch's `LayerNorm`.
public final class LayerNorm: Module, UnaryLayer {
  /// `[F]`.
  @Parameter public var weight: Tensor
  /// `[F]`.
  @Parameter public var bias: Tensor
  private let epsilon: Float

  /// Makes a layer for rows of the given size.
  public init(_ size: Int, epsilon: Float = 1e-5) {
    weight = .ones([size])
    bias = .zeros([size])
    self.epsilon = epsilon
  }

  /// Applies the layer.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    try x.layerNorm(weight: weight, bias: bias, epsilon: epsilon)
  }

  /// The size.
  public override var details: String { "\(weight.count)" }
}

/// Shifts and scales each channel to mean 0 and variance 1 over the batch, then by learned amounts:
/// `[N, C]` or `[N, C, L]`. In evaluation mode the running mean and variance take the batch's place.
///
/// Parameters: `weight` `[C]`, ones, and `bias` `[C]`, zeros. Buffers: `runningMean` `[C]`, zeros at
/// first, and `runningVariance` `[C]`, ones at first.
/// Source: Ioffe and Szegedy 2015; PyTorch's `BatchNorm1d`.
public final class BatchNorm1d: Module, UnaryLayer {
  /// `[C]`.
  @Parameter public var weight: Tensor
  /// `[C]`.
  @Parameter public var bias: Tensor
  /// The running mean of the batches' means, `[C]`.
  @Buffer public var runningMean: Tensor
  /// The running mean of the batches' variances (with n − 1), `[C]`.
  @Buffer public var runningVariance: Tensor
  private let momentum: Float
  private let epsilon: Float

  /// Makes a layer.
  ///
  /// - Parameter momentum: the share that a batch has in the running statistics.
  public init(_ channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    weight = .ones([channels])
    bias = .zeros([channels])
    runningMean = .zeros([channels])
    runningVariance = .ones([channels])
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// Applies the layer. In training mode it also moves the running statistics.
  public func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    guard isTraining else {
      return try x.batchNorm(
        weight: weight, bias: bias, statistics: (runningMean, runningVariance), epsilon: epsilon
      ).result
    }
    let batch = try x.batchNorm(weight: weight, bias: bias, epsilon: epsilon)
    let size = Float(x.count / max(weight.count, 1))
    runningMean.move(towards: batch.mean, by: momentum, scale: 1)
    runningVariance.move(towards: batch.variance, by: momentum, scale: size / (size - 1))
    return batch.result
  }

  /// The channels.
  public override var details: String { "\(weight.count)" }
}

extension Tensor {
  /// `x ← (1 − share) · x + share · scale · target`, in place.
  fileprivate func move(towards target: Tensor, by share: Float, scale: Float) {
    let goal = target.storage
    withMutableElements { elements in
      for i in 0..<goal.count {
        elements[i] += share * (scale * goal.pointer[i] - elements[i])
      }
    }
  }
}
