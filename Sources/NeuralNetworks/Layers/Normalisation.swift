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
    Shape([size]).requireRoom("LayerNorm")
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

/// Shifts and scales each channel to mean 0 and variance 1 over the batch, then by learned amounts.
/// In evaluation mode the running mean and variance take the batch's place.
///
/// Parameters: `weight` `[C]`, ones, and `bias` `[C]`, zeros. Buffers: `runningMean` `[C]`, zeros at
/// first, and `runningVariance` `[C]`, ones at first.
/// Source: Ioffe and Szegedy 2015; PyTorch's `BatchNorm1d` and `BatchNorm2d`.
public class BatchNorm: Module, UnaryLayer {
  /// `[C]`.
  @Parameter public final var weight: Tensor
  /// `[C]`.
  @Parameter public final var bias: Tensor
  /// The running mean of the batches' means, `[C]`.
  @Buffer public final var runningMean: Tensor
  /// The running mean of the batches' variances (with n − 1), `[C]`.
  @Buffer public final var runningVariance: Tensor
  private let momentum: Float
  private let epsilon: Float
  private let inputs: (ranks: ClosedRange<Int>, description: String)

  fileprivate init(
    _ channels: Int, _ momentum: Float, _ epsilon: Float,
    inputs: (ranks: ClosedRange<Int>, description: String)
  ) {
    Shape([channels]).requireRoom("\(Self.self)")
    weight = .ones([channels])
    bias = .zeros([channels])
    runningMean = .zeros([channels])
    runningVariance = .ones([channels])
    self.momentum = momentum
    self.epsilon = epsilon
    self.inputs = inputs
  }

  /// Applies the layer. In training mode it also moves the running statistics.
  ///
  /// - Throws: when the input has other axes or another number of channels, or, in training mode,
  ///   just one value for each channel.
  public final func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    guard inputs.ranks.contains(x.rank) else {
      throw TensorError(
        "\(type(of: self))", "the input has shape \(x.shape), expected \(inputs.description)")
    }
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
  public final override var details: String { "\(weight.count)" }
}

/// Batch normalisation of vectors `[N, C]` or sequences `[N, C, L]`.
public final class BatchNorm1d: BatchNorm {
  /// Makes a layer.
  ///
  /// - Parameter momentum: the share that a batch has in the running statistics.
  public init(_ channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    super.init(channels, momentum, epsilon, inputs: (2...3, "[N, C] or [N, C, L]"))
  }
}

/// Batch normalisation of images `[N, C, rows, columns]`.
public final class BatchNorm2d: BatchNorm {
  /// Makes a layer.
  ///
  /// - Parameter momentum: the share that a batch has in the running statistics.
  public init(_ channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    super.init(channels, momentum, epsilon, inputs: (4...4, "[N, C, rows, columns]"))
  }
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
